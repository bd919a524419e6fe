namespace SlimSpec.Specs.Tests;

public class EqualityTests
{
    [Fact]
    public void MovingLinesChangesNeitherModelNorHash()
    {
        var recipe = Samples.Compile(Samples.Small).Recipe;

        Samples.Compile("# a remark\n\n" + Samples.Small.With("sparsity: 0.25", "sparsity:    0.250 # a quarter")).Recipe.ShouldBe(recipe);
    }

    [Theory]
    [InlineData("sparsity: 0.25", "sparsity: 0.26")]
    [InlineData("[mlp, attention]", "[attention, mlp]")]
    [InlineData("hidden_size: 64", "hidden_size: 128")]
    [InlineData("window: 64", "window: 65")]
    [InlineData("name: Small", "name: Other")]
    [InlineData("calibration: { dataset: a.txt }", "calibration: { dataset: b.txt }")]
    public void WhatChangesMeaningChangesTheHash(string old, string replacement)
    {
        var changed = Samples.Compile(Samples.Small.With(old, replacement)).Recipe!;

        changed.Hash.ShouldNotBe(Samples.Compile(Samples.Small).Recipe!.Hash);
        changed.Hash.ShouldMatch("^[0-9a-f]{64}$");
    }

    [Fact]
    public void TheArchitectureCountsForTheHash()
    {
        var other = Samples.Llama with { Text = Samples.Architecture.With("op: silu", "op: gelu") };

        SpecCompiler.CompileRecipe(new SourceFile("a.slim.yaml", Samples.Small), [other], []).Recipe!.Hash.ShouldNotBe(Samples.Compile(Samples.Small).Recipe!.Hash);
    }

    [Fact]
    public void ParsedFilesAreEqualWhenPathAndTextAre()
    {
        var file = ParsedFile.Parse(new("a.slim.yaml", Samples.Small));

        ParsedFile.Parse(new("a.slim.yaml", Samples.Small)).ShouldBe(file);
        ParsedFile.Parse(new("a.slim.yaml", Samples.Small)).GetHashCode().ShouldBe(file.GetHashCode());
        ParsedFile.Parse(new("b.slim.yaml", Samples.Small)).ShouldNotBe(file);
        ParsedFile.Parse(new("a.slim.yaml", Samples.Small + "\n")).ShouldNotBe(file);
    }
}
