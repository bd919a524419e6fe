namespace SlimSpec.Specs.Tests;

public class ExportTests
{
    private const string Uniform = "sparsity: 0.25\n";

    [Fact]
    public void ATargetIsAWordOrAMapping()
    {
        var (recipe, problems) = Compile("[huggingface, { format: gguf, dtype: bf16 }, gguf, peft]");
        recipe!.Export!.Value.ShouldBe([new("huggingface", null), new("gguf", "bf16"), new("gguf", null), new("peft", null)]);
        problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("[onnx]", "error SLIM106: 'export[0].format' must be one of huggingface, nemotron_nas, gguf, peft, found 'onnx'")]
    [InlineData("[[gguf]]", "error SLIM105: 'export[0]' must be one of huggingface, nemotron_nas, gguf, peft, or a mapping with the key format, found a list")]
    [InlineData("[{ format: gguf, dtype: q4_0 }]", "error SLIM106: 'export[0].dtype' must be one of f32, f16, bf16, q8_0, found 'q4_0'; did you mean 'q8_0'?")]
    [InlineData("[{ format: peft, dtype: f32 }]", "error SLIM103: unknown key 'dtype' in 'export[0]'; known: format")]
    [InlineData("[{ format: huggingface, dtype: q8_0 }]", "error SLIM109: 'export[0].dtype' is q8_0, which huggingface does not have: gguf does")]
    [InlineData("[gguf, gguf]", "error SLIM111: 'export' repeats 'gguf'")]
    public void WhatIsWrongIsReported(string export, string problem) => Problems(export).ShouldEndWith(problem);

    [Theory]
    [InlineData(Uniform, "nemotron_nas", "error SLIM801: export to nemotron_nas: layer 0 has 120 MLP channels, and Nemotron-NAS takes multiples of 256: cut the MLP with round_to: 256")]
    [InlineData("sparsity: 0.25\n    layers: \"1..2\"\n", "nemotron_nas", "error SLIM801: export to nemotron_nas: layers have 8, 6 query heads, and Nemotron-NAS has one number for all: cut heads alike in every layer, or the attention of whole layers")]
    [InlineData(Uniform, "huggingface", "error SLIM801: export to huggingface: layer 0 has 6 query heads, and transformers 5 takes only numbers that divide the 64 hidden channels: keep 4 or 8")]
    [InlineData("sparsity: 0.5\n", "huggingface", "")]
    [InlineData("sparsity: 0.25\n    scope: global\n", "huggingface", "warning SLIM802: export to huggingface: layers may come out different, and transformers' LlamaForCausalLM has one size for all: commit the plan that slim plan makes, or cut with scope: layer")]
    [InlineData("sparsity: 0.5\n    layers: \"1..2\"\n", "huggingface", "warning SLIM803: export to huggingface: layers differ in heads, kv_heads, ffn: config.json says so under per_layer_config, which transformers' LlamaForCausalLM does not build yet: cut every layer alike, or export gguf")]
    [InlineData("sparsity: 0.25\n    layers: \"1..2\"\n", "gguf", "")]
    [InlineData("sparsity: 0.25\n    scope: global\n", "gguf", "")]
    [InlineData("sparsity: 0.25\n  - { cut: depth, unit: mlp, layers: \"0..2\" }\n", "gguf", "error SLIM801: export to gguf: layer 3 has no ffn, and llama.cpp's graph 'deci' loses such a layer's other branch: cut that branch narrow instead of away, or drop whole layers")]
    [InlineData("sparsity: 0.25\n  - { cut: depth, unit: attention, keep: 3, score: magnitude }\n", "gguf", "warning SLIM802: export to gguf: which layers lose a branch only scores will tell, and llama.cpp does not take all: commit the plan that slim plan makes, or name the layers")]
    [InlineData("sparsity: 0.25\n", "{ format: gguf, dtype: q8_0 }", "warning SLIM803: export to gguf: heads * head_dim is no multiple of 32 in some layer, so that matrices which read it are f16 and not q8_0: cut with round_to: 32")]
    public void ReachIsKnownWhereSizesAre(string cut, string target, string problem)
    {
        var (_, problems) = SpecCompiler.CompileRecipe(new SourceFile("a.slim.yaml", $"{Samples.Small.Replace(Uniform, cut, StringComparison.Ordinal)}\nexport: [{target}]"), [Shipped("llama")], []);
        string.Join("\n", problems.Select(each => each.ToString())).ShouldEndWith(problem);
        problems.Count.ShouldBe(problem.Length == 0 ? 0 : 1);
    }

    [Theory]
    [InlineData("[gguf]", "error SLIM801: export to gguf: the architecture llama has no section 'gguf', which says what llama.cpp calls its tensors")]
    [InlineData("[nemotron_nas]", "error SLIM801: export to nemotron_nas: Nemotron-NAS computes LLaMA's layers, not those of llama")]
    public void AFormNeedsItsDeclaration(string export, string problem) => Problems(export).ShouldEndWith(problem);

    [Fact]
    public void AdaptersNeedAStepThatTrainsThem() =>
        Samples.Problems(Samples.Small.Replace("method: lora", "method: full", StringComparison.Ordinal) + "\nexport: [peft]").ShouldEndWith("error SLIM801: export to peft: no recovery step trains adapters: recover with method: lora");

    [Fact]
    public void ASlidingWindowIsNothingThatLlamaCppsGraphComputes()
    {
        const string Spec = """
            spec: 1
            name: Sliding
            model: { architecture: mistral, hidden_size: 64, intermediate_size: 96, num_hidden_layers: 2, num_attention_heads: 4, vocab_size: 64, max_position_embeddings: 32, sliding_window: 8 }
            export: [gguf]
            """;
        var (_, problems) = SpecCompiler.CompileRecipe(new SourceFile("a.slim.yaml", Spec), [Shipped("mistral")], []);
        problems.ShouldHaveSingleItem().ToString().ShouldEndWith("SLIM801: export to gguf: sliding_window is 8, and llama.cpp's graph 'llama' computes null only");
    }

    private static SourceFile Shipped(string name) => Repository.Read($"specs/architectures/{name}.arch.yaml");

    private static string Problems(string export) => Samples.Problems($"{Samples.Small}\nexport: {export}");

    private static (RecipeModel? Recipe, EquatableArray<Problem> Problems) Compile(string export) =>
        SpecCompiler.CompileRecipe(new SourceFile("a.slim.yaml", $"{Samples.Small.Replace("sparsity: 0.25", "sparsity: 0.5", StringComparison.Ordinal)}\nexport: {export}"), [Shipped("llama")], []);
}
