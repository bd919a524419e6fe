namespace SlimSpec.Specs.Tests;

public class GgufTests
{
    private const string Section = """

        gguf:
          architecture: llama
          rotation: interleaved
          uneven: { architecture: deci, rotation: interleaved, may_be_zero: [heads, kv_heads] }
          metadata: { embedding_length: hidden, rope.freq_base: theta }
          embedding: { x: token_embd }
          layer: { input_norm: attn_norm, q: attn_q, k: attn_k, v: attn_v, o: attn_output, post_norm: ffn_norm, gate: ffn_gate, up: ffn_up, down: ffn_down }
          head: { norm: output_norm, logits: output }
          derived: [head_dim]
          requires: { tied: [true, false] }
        """;

    private static readonly string Architecture = Samples.Architecture + Section;

    [Fact]
    public void ADeclarationIsReadAsWritten()
    {
        var (architecture, problems) = SpecCompiler.CompileArchitecture(new SourceFile("a.arch.yaml", Architecture));
        problems.ShouldBeEmpty();
        var gguf = architecture!.Gguf.ShouldNotBeNull();
        gguf.Uneven.ShouldBe(new("deci", "interleaved", new(["heads", "kv_heads"])));
        gguf.Metadata.ShouldBe([new("embedding_length", "hidden"), new("rope.freq_base", "theta")]);
        gguf.Layer.Count.ShouldBe(9);
        gguf.Requires.ShouldBe([new("tied", new(["true", "false"]))]);
    }

    [Fact]
    public void WhatOtherRuntimesCallAModelIsNoPartOfItsHash()
    {
        var (plain, _) = SpecCompiler.CompileRecipe(new SourceFile("a.slim.yaml", Samples.Small), [Samples.Llama], []);
        var (declared, problems) = SpecCompiler.CompileRecipe(new SourceFile("a.slim.yaml", Samples.Small), [new("specs/architectures/llama.arch.yaml", Architecture)], []);
        problems.ShouldBeEmpty();
        (declared!.Hash, declared.PruningHash, declared.ArchitectureHash).ShouldBe((plain!.Hash, plain.PruningHash, plain.ArchitectureHash));
    }

    [Theory]
    [InlineData("rotation: interleaved\n", "rotation: pairs\n", "SLIM106: 'gguf.rotation' must be one of half, interleaved, found 'pairs'")]
    [InlineData("  rotation: interleaved\n", "", "SLIM104: 'gguf' needs the key 'rotation' (half or interleaved), because the attention rotates queries and keys")]
    [InlineData("architecture: deci", "architecture: \"de ci\"", "SLIM108: 'gguf.uneven.architecture' must be letters, digits, '-', '_' and '.', found 'de ci'")]
    [InlineData("[heads, kv_heads]", "[heads, kv_haeds]", "SLIM212: 'gguf.uneven.may_be_zero' names 'kv_haeds', which is no dimension; did you mean 'kv_heads'?")]
    [InlineData("embedding_length: hidden", "embedding_length: hiden", "SLIM212: 'gguf.metadata.embedding_length' names 'hiden', which is no dimension or constant; did you mean 'hidden'?")]
    [InlineData("rope.freq_base: theta", "rope.freq_base: tied", "SLIM105: 'gguf.metadata.rope.freq_base' must name a dimension or a constant that is a number, but the default of 'tied' is not")]
    [InlineData("rope.freq_base: theta", "\"rope freq\": theta", "SLIM108: 'gguf.metadata' must be names joined by dots, such as attention.head_count, found 'rope freq'")]
    [InlineData("o: attn_output, ", "", "SLIM104: 'gguf.layer' lacks 'o': every node with a weight needs a name")]
    [InlineData("o: attn_output", "o: attn_output, act: ffn_act", "SLIM212: 'gguf.layer' names 'act', which is no node with a weight; known: input_norm, q, k, v, o, post_norm, gate, up, down")]
    [InlineData("derived: [head_dim]", "derived: [hidden]", "SLIM109: 'gguf.derived' names 'hidden', which has no default to be computed by")]
    [InlineData("tied: [true, false]", "tide: true", "SLIM212: 'gguf.requires' names 'tide', which is no constant; did you mean 'tied'?")]
    [InlineData("class: LlamaForCausalLM }", "class: LlamaForCausalLM, derived: [head_din] }", "SLIM212: 'huggingface.derived' names 'head_din', which is no dimension; did you mean 'head_dim'?")]
    [InlineData("class: LlamaForCausalLM }", "class: LlamaForCausalLM, derived: [ffn] }", "SLIM109: 'huggingface.derived' names 'ffn', which has no default to be computed by")]
    [InlineData("class: LlamaForCausalLM }", "class: LlamaForCausalLM, nemotron_nas: { heads: heads, kv_heads: kv_heads, ffn: fnn } }", "SLIM212: 'huggingface.nemotron_nas.ffn' names 'fnn', which is no dimension; did you mean 'ffn'?")]
    public void WhatIsWrongIsReportedAtItsPlace(string old, string replacement, string problem)
    {
        var (architecture, problems) = SpecCompiler.CompileArchitecture(new SourceFile("a.arch.yaml", Architecture.Replace(old, replacement, StringComparison.Ordinal)));
        architecture.ShouldBeNull();
        problems.Select(each => each.ToString()).ShouldHaveSingleItem().ShouldEndWith($"error {problem}");
    }
}
