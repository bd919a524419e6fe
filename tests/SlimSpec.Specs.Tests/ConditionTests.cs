namespace SlimSpec.Specs.Tests;

public class ConditionTests
{
    [Theory]
    [InlineData("act: { op: silu, in: gate }", "act: { op: silu, in: gate, when: tied or eps }", "a.arch.yaml(32,38): error SLIM220: 'layer.nodes.act.when' must be flags ('tied', 'not tied') and comparisons ('embed != hidden', 'kv_heads == 1') joined by 'and', found 'tied or eps'")]
    [InlineData("act: { op: silu, in: gate }", "act: { op: silu, in: gate, when: heads < 3 }", "a.arch.yaml(32,38): error SLIM220: 'layer.nodes.act.when' must be flags ('tied', 'not tied') and comparisons ('embed != hidden', 'kv_heads == 1') joined by 'and', found 'heads < 3'")]
    [InlineData("act: { op: silu, in: gate }", "act: { op: silu, in: gate, when: teid }", "a.arch.yaml(32,38): error SLIM212: 'layer.nodes.act.when' names the unknown constant 'teid'; did you mean 'tied'?")]
    [InlineData("act: { op: silu, in: gate }", "act: { op: silu, in: gate, when: not eps }", "a.arch.yaml(32,38): error SLIM105: 'layer.nodes.act.when' must name a constant that is a flag, but the default of 'eps' is not")]
    [InlineData("act: { op: silu, in: gate }", "act: { op: silu, in: gate, when: haeds == 1 and tied }", "a.arch.yaml(32,38): error SLIM212: 'layer.nodes.act.when' names the unknown dimension 'haeds'; did you mean 'heads'?")]
    [InlineData("act: { op: silu, in: gate }", "act: { op: silu, in: gate, when: [tied] }", "a.arch.yaml(32,38): error SLIM105: 'layer.nodes.act.when' must be a name, found a list")]
    public void ConditionsAreFlagsAndComparisons(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Samples.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("attention: { op: attention, q: q, k: k, v: v, rope: { theta: theta } }", "a1: { op: attention, q: q, k: k, v: v, when: tied }\n    attention: { op: attention, q: a1, k: k, v: v, when: tied }", "a.slim.yaml(4,17): error SLIM207: with this configuration the architecture 'llama' has 0 attentions in a layer, and needs one")]
    [InlineData("act: { op: silu, in: gate }", "act0: { op: rms_norm, in: gate, eps: eps, weight: twin, when: not tied }\n    act: { op: rms_norm, in: act0, eps: eps, weight: twin, when: heads != 1 }", "a.slim.yaml(4,17): error SLIM207: with this configuration the architecture 'llama' has two weights called 'twin' in its layer")]
    public void AConfigurationMustLeaveAModel(string old, string replacement, string problems) =>
        Samples.Print(SpecCompiler.CompileRecipe(new SourceFile("a.slim.yaml", Samples.Small), [Samples.Llama with { Text = Samples.Architecture.With(old, replacement) }], []).Problems).ShouldBe(problems);
}
