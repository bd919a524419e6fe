using Microsoft.CodeAnalysis;
using SlimSpec.Testing;

namespace SlimSpec.Generator.Tests;

public class SpecGeneratorTests
{
    private const string Tiny = """
        spec: 1
        name: Tiny
        model:
          architecture: llama
          vocab_size: 256
          hidden_size: 64
          num_hidden_layers: 4
          num_attention_heads: 8
          num_key_value_heads: 2
          intermediate_size: 172
          max_position_embeddings: 128
        calibration: { dataset: text.txt }
        prune:
          - { cut: width, targets: [mlp, attention], score: taylor, sparsity: 0.5, layers: "1..2" }
        recover:
          - { method: lora, dataset: text.txt, max_seq_length: 64, lora_target_modules: [q_proj, down_proj] }
        evaluate: { dataset: text.txt, window: 64 }
        """;

    [Fact]
    public Task A_grouped_query_llama_with_cut_and_recovery() =>
        Snapshot.Verify(Run.Driver(Run.Llama, new Spec("tiny.slim.yaml", Tiny)).Sources()).UseDirectory("_snapshots");

    [Fact]
    public Task A_llama_whose_layers_may_lose_branches_and_whose_cuts_are_made_up_for() => Snapshot.Verify(Run.Driver(Run.Llama, new Spec("branches.slim.yaml", Tiny
        .Replace("Tiny", "Branches", StringComparison.Ordinal)
        .Replace("score: taylor, sparsity: 0.5,", "score: flap, compensate: bias, sparsity: 0.5,", StringComparison.Ordinal)
        .Replace("recover:", "  - { cut: depth, unit: attention, score: block_influence, remove: 1 }\nrecover:", StringComparison.Ordinal))).Sources()).UseDirectory("_snapshots");

    [Fact]
    public void Generated_code_compiles_without_warnings()
    {
        var tied = Tiny.Replace("Tiny", "Tied").Replace("vocab_size: 256", "vocab_size: 256\n  tie_word_embeddings: true");
        var plain = tied[..tied.IndexOf("calibration", StringComparison.Ordinal)].Replace("Tied", "Plain");
        Run.Driver(Run.Llama, new Spec("tiny.slim.yaml", Tiny), new Spec("tied.slim.yaml", tied), new Spec("plain.slim.yaml", plain))
            .RunGeneratorsAndUpdateCompilation(Run.EmptyCompilation, out var compilation, out var diagnostics);

        diagnostics.ShouldBeEmpty();
        compilation.SyntaxTrees.Count().ShouldBe(3);
        compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).ShouldBeEmpty();
    }

    [Fact]
    public void A_tied_head_may_have_a_bias_of_its_own()
    {
        var architecture = Run.Llama.GetText().ToString().Replace("weight: lm_head,", "weight: lm_head, bias: true,", StringComparison.Ordinal);
        var spec = Tiny.Replace("vocab_size: 256", "vocab_size: 256\n  tie_word_embeddings: true", StringComparison.Ordinal);
        var driver = Run.Driver(new Spec("architectures/llama.arch.yaml", architecture), new Spec("tiny.slim.yaml", spec));
        driver.RunGeneratorsAndUpdateCompilation(Run.EmptyCompilation, out var compilation, out var diagnostics);

        diagnostics.ShouldBeEmpty();
        compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).ShouldBeEmpty();
        var code = driver.GetRunResult().GeneratedTrees.Single().ToString();
        code.ShouldContain("functional.linear(norm, _embedTokens.Leaf, _lmHeadBias.Leaf)");
        code.ShouldMatch(@"\+ \(long\)Dims\.Vocab +// lm_head\.bias");
        code.ShouldNotContain("lm_head.weight");
    }

    [Theory]
    [InlineData("model")]
    [InlineData("kernels")]
    [InlineData("rotary")]
    [InlineData("block")]
    [InlineData("k_proj_bias")]
    [InlineData("q_proj_lora")]
    [InlineData("dims")]
    [InlineData("shape")]
    public void Weights_may_be_called_as_generated_code_calls_its_own(string name)
    {
        var architecture = Run.Llama.GetText().ToString()
            .Replace("weight: mlp.gate_proj", $"weight: mlp.{name}", StringComparison.Ordinal)
            .Replace("weight: model.norm", $"weight: model.{name}", StringComparison.Ordinal);
        Run.Driver(new Spec("architectures/llama.arch.yaml", architecture), new Spec("tiny.slim.yaml", Tiny))
            .RunGeneratorsAndUpdateCompilation(Run.EmptyCompilation, out var compilation, out var diagnostics);

        diagnostics.ShouldBeEmpty();
        compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).ShouldBeEmpty();
    }

    [Fact]
    public void Every_problem_of_a_spec_is_reported_at_its_place()
    {
        var messages = Run.Driver(Run.Llama, new Spec("tiny.slim.yaml", Tiny.Replace("score: taylor", "scoer: taylor").Replace("sparsity: 0.5", "sparsity: 1.5"))).Messages();

        messages.Length.ShouldBe(2);
        messages[0].ShouldStartWith("tiny.slim.yaml(14,46): error SLIM103:");
        messages[0].ShouldContain("'score'");
        messages[1].ShouldStartWith("tiny.slim.yaml(14,71): error SLIM107:");
    }

    [Fact]
    public void Two_specs_of_one_name_are_one_error_and_one_class()
    {
        var driver = Run.Driver(Run.Llama, new Spec("a.slim.yaml", Tiny), new Spec("b.slim.yaml", Tiny));

        driver.Messages().Single().ShouldStartWith("b.slim.yaml(2,7): error SLIM112:");
        driver.GetRunResult().GeneratedTrees.Length.ShouldBe(1);
    }

    [Fact]
    public void An_edit_regenerates_its_own_spec_alone()
    {
        var a = new Spec("a.slim.yaml", Tiny.Replace("Tiny", "A"));
        var b = new Spec("b.slim.yaml", Tiny.Replace("Tiny", "B"));
        var edited = new Spec("b.slim.yaml", Tiny.Replace("Tiny", "B").Replace("172", "180"));

        var driver = Run.Driver(Run.Llama, a, b).ReplaceAdditionalText(b, edited).RunGenerators(Run.EmptyCompilation);

        driver.Reasons(SpecGenerator.Steps.Recipes).ShouldBe([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified]);
        driver.Reasons(SpecGenerator.Steps.Compile).ShouldBe([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified]);
        driver.Reasons(SpecGenerator.Steps.Model).ShouldBe([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified]);
    }

    [Fact]
    public void A_moved_line_regenerates_nothing()
    {
        var spec = new Spec("a.slim.yaml", Tiny);
        var driver = Run.Driver(Run.Llama, spec).ReplaceAdditionalText(spec, new Spec("a.slim.yaml", "# a remark\n" + Tiny)).RunGenerators(Run.EmptyCompilation);

        driver.Reasons(SpecGenerator.Steps.Recipes).ShouldBe([IncrementalStepRunReason.Modified]);
        driver.Reasons(SpecGenerator.Steps.Model).ShouldBe([IncrementalStepRunReason.Cached]);
    }

    [Fact]
    public void An_unrelated_edit_to_the_code_reads_no_spec_again()
    {
        var driver = Run.Driver(Run.Llama, new Spec("a.slim.yaml", Tiny))
            .RunGenerators(Run.EmptyCompilation.AddSyntaxTrees(Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree.ParseText("class Unrelated;")));

        driver.Reasons(SpecGenerator.Steps.Recipes).ShouldBe([IncrementalStepRunReason.Cached]);
        driver.Reasons(SpecGenerator.Steps.Model).ShouldBe([IncrementalStepRunReason.Cached]);
    }

    [Fact]
    public void An_edit_to_an_architecture_regenerates_the_recipes_that_use_it()
    {
        var text = Run.Llama.GetText().ToString();
        var driver = Run.Driver(Run.Llama, new Spec("a.slim.yaml", Tiny))
            .ReplaceAdditionalText(Run.Llama, new Spec("architectures/llama.arch.yaml", text.Replace("LlamaForCausalLM", "OtherForCausalLM")))
            .RunGenerators(Run.EmptyCompilation);

        driver.Reasons(SpecGenerator.Steps.Model).ShouldBe([IncrementalStepRunReason.Modified]);
    }
}
