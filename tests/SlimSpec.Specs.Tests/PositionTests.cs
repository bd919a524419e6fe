namespace SlimSpec.Specs.Tests;

public class PositionTests
{
    private const string Wrong = "spec: 1\nname: Small\nmodle: 3\nmodel: { architecture: lama }\n";

    private const string Expected =
        "a.slim.yaml(3,1): error SLIM103: unknown key 'modle'; did you mean 'model'?\n" +
        "a.slim.yaml(4,24): error SLIM201: no architecture file describes 'lama'; did you mean 'llama'?";

    [Fact]
    public void EveryProblemIsReportedFromTopToBottom() => Samples.Problems(Samples.Small
        .With("name: Small", "name: 3x")
        .With("num_key_value_heads: 4", "num_key_value_heads: 3")
        .With("sparsity: 0.25", "sparsity: 25\n    score: tailor\n    sparsty: 1")
        .With("[mlp, attention]", "[mpl, attention]")
        .With("method: lora", "method: lora\n    lora_r: 0")
        .With("window: 64", "window: -1, limits: 3")).ShouldBe(
            "a.slim.yaml(2,7): error SLIM108: the name '3x' is not an identifier: letters, digits and underscores, no digit first\n" +
            "a.slim.yaml(9,24): error SLIM204: 'num_attention_heads' 8 is not divisible by 'num_key_value_heads' 3: every KV head serves equally many query heads\n" +
            "a.slim.yaml(15,15): error SLIM301: the architecture 'llama' has no unit 'mpl'; did you mean 'mlp'?\n" +
            "a.slim.yaml(16,15): error SLIM107: 'prune[0].sparsity' must be a number above 0 and below 1, found 25\n" +
            "a.slim.yaml(17,12): error SLIM106: 'prune[0].score' must be one of random, l1, l2, taylor, wanda, flap, activation, found 'tailor'; did you mean 'taylor'?\n" +
            "a.slim.yaml(18,5): error SLIM103: unknown key 'sparsty' in 'prune[0]'; did you mean 'sparsity'?\n" +
            "a.slim.yaml(21,13): error SLIM107: 'recover[0].lora_r' must be an integer from 1 to 65536, found 0\n" +
            "a.slim.yaml(24,37): error SLIM107: 'evaluate.window' must be an integer from 2 to 16777216, found -1\n" +
            "a.slim.yaml(24,41): error SLIM103: unknown key 'limits' in 'evaluate'; did you mean 'limit'?");

    [Fact]
    public void LinesAreTheSameWithAnyLineEnd()
    {
        Samples.Problems(Wrong).ShouldBe(Expected);
        Samples.Problems(Wrong.Replace("\n", "\r\n", StringComparison.Ordinal)).ShouldBe(Expected);
        Samples.Problems(Wrong.Replace("\n", "\r", StringComparison.Ordinal)).ShouldBe(Expected);
    }

    [Fact]
    public void AByteOrderMarkIsNoColumn() => Samples.Problems("\uFEFF" + Wrong).ShouldBe(Expected);

    [Fact]
    public void ColumnsCountUtf16UnitsAsEditorsDo() => Samples.Problems("{ spec: 1, name: \"😀é\", wibble: 1, model: { architecture: lama } }").ShouldBe(
        "a.slim.yaml(1,18): error SLIM108: the name '😀é' is not an identifier: letters, digits and underscores, no digit first\n" +
        "a.slim.yaml(1,25): error SLIM103: unknown key 'wibble'; known: spec, name, model, calibration, prune, constraints, tasks, recover, exits, evaluate, export, train, sweep\n" +
        "a.slim.yaml(1,59): error SLIM201: no architecture file describes 'lama'; did you mean 'llama'?");

    [Fact]
    public void AScalarIsUnderlinedWhole()
    {
        var problem = Samples.Compile(Samples.Small.With("sparsity: 0.25", "sparsity: \"lots\"")).Problems.Single();

        Samples.Small.With("sparsity: 0.25", "sparsity: \"lots\"").Substring(problem.At.Start, problem.At.Length).ShouldBe("\"lots\"");
        (problem.At.Line, problem.At.Column, problem.At.EndLine, problem.At.EndColumn).ShouldBe((15, 14, 15, 20));
    }

    [Fact]
    public void AnArchitecturesProblemsComeWithTheRecipeThatUsesIt()
    {
        var broken = new SourceFile("b.arch.yaml", Samples.Architecture.With("op: silu", "op: silo"));

        var (recipe, problems) = SpecCompiler.CompileRecipe(new SourceFile("a.slim.yaml", Samples.Small.With("sparsity: 0.25", "sparsity: 2")), [broken], []);

        recipe.ShouldBeNull();
        Samples.Print(problems).ShouldBe(
            "a.slim.yaml(16,15): error SLIM107: 'prune[0].sparsity' must be a number above 0 and below 1, found 2\n" +
            "b.arch.yaml(32,16): error SLIM210: 'layer.nodes.act' has the unknown operation 'silo'; did you mean 'silu'?");
    }
}
