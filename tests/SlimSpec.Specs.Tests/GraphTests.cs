namespace SlimSpec.Specs.Tests;

public class GraphTests
{
    [Fact]
    public void EveryNodeHasAnAxis()
    {
        var llama = SpecCompiler.CompileArchitecture(Samples.Llama).Architecture!;

        Print(GraphAxes.OfLayer(llama)).ShouldBe(
            "x [hidden], input_norm [hidden], q [heads, head_dim], k [kv_heads, head_dim], v [kv_heads, head_dim], attention [heads, head_dim], o [hidden], " +
            "residual [hidden], post_norm [hidden], gate [ffn], up [ffn], act [ffn], product [ffn], down [hidden], output [hidden]");
        Print(GraphAxes.OfHead(llama)).ShouldBe("x [hidden], norm [hidden], logits [vocab]");
        Print(GraphAxes.OfEmbedding(llama)).ShouldBe("ids [], positions [], x [hidden]");
    }

    [Theory]
    [InlineData("a", 12L)]
    [InlineData("a / b", 4L)]
    [InlineData("a - b * 2 + 1", 7L)]
    [InlineData("a * 8 / b / 4", 8L)]
    [InlineData("7", 7L)]
    [InlineData("a / 5", null)]
    [InlineData("a / 0", null)]
    [InlineData("999999999 * 999999999 * 999999999", null)]
    public void SizeExpressionsFollowTheUsualPrecedence(string text, long? value) =>
        SizeExpression.Parse(text)!.Evaluate(name => name == "a" ? 12 : 3, (_, _) => { }).ShouldBe(value);

    [Theory]
    [InlineData("")]
    [InlineData("a +")]
    [InlineData("+ a")]
    [InlineData("a b")]
    [InlineData("(a)")]
    [InlineData("a % b")]
    [InlineData("1.5")]
    public void WhatIsNoSizeExpressionIsNotParsed(string text) => SizeExpression.Parse(text).ShouldBeNull();

    [Theory]
    [InlineData("sparsty", "sparsity")]
    [InlineData("HEADS", "heads")]
    [InlineData("attnetion", "attention")]
    [InlineData("learning", "learning_rate")]
    [InlineData("xyz", null)]
    [InlineData("", null)]
    public void TheNearestWordIsFoundIfOneIsNear(string word, string? nearest) =>
        Words.Nearest(word, ["sparsity", "heads", "kv_heads", "attention", "learning_rate"]).ShouldBe(nearest);

    private static string Print(IReadOnlyDictionary<string, EquatableArray<string>> axes) =>
        string.Join(", ", axes.Select(node => $"{node.Key} [{string.Join(", ", node.Value)}]"));
}
