namespace SlimSpec.CommandLine.Tests;

public class UsageTests
{
    [Theory]
    [InlineData("unknown command 'evla'; did you mean 'eval'?", "evla")]
    [InlineData("unknown option '--chekpoint'; did you mean '--checkpoint'?", "eval", "--chekpoint", "x", "tiny")]
    [InlineData("unknown option '--seeed'; did you mean '--seed'?", "prune", "tiny", "--seeed=3")]
    [InlineData("'prune' has no option --window (eval has)", "prune", "tiny", "--window", "3")]
    [InlineData("SPEC is missing: the name of a recipe (slim list shows them) or the path of a .slim.yaml", "eval")]
    [InlineData("--window takes a whole number from 2, not 'x'", "eval", "tiny", "--window", "x")]
    [InlineData("--window takes a whole number from 2, not '1'", "eval", "tiny", "--window", "1")]
    [InlineData("--temperature takes a number, not 'hot'", "generate", "tiny", "--temperature", "hot")]
    [InlineData("required argument missing for option: '--data'", "eval", "tiny", "--data")]
    [InlineData("unrecognized command or argument 'b'", "eval", "tiny", "b")]
    [InlineData("say what to do: slim COMMAND SPEC; slim --help lists the commands")]
    public void AWrongCommandLineIsAnsweredInOneSentence(string message, params string[] args) =>
        Slim.Refused(args).ShouldBe("slim: " + message);

    [Fact]
    public void AnOptionsValueMayLookLikeAnOption() =>
        Slim.Refused("generate", "no-such-recipe", "--prompt", "--nonsense").ShouldContain("there is no recipe 'no-such-recipe'");

    [Fact]
    public void HelpNamesEveryCommand()
    {
        var (code, output, _) = Slim.Run("--help");

        code.ShouldBe(0);
        foreach (var command in new[] { "list", "show", "groups", "prune", "plan", "sensitivity", "recover", "eval", "generate", "logits", "train", "run", "explain", "schema", "test" })
        {
            output.ShouldContain(command);
        }
    }

    [Fact]
    public void AMissingSpecFileIsNamedWithTheNearestOne()
    {
        using var place = new Workplace();

        Slim.Refused("show", place.At("tinny.slim.yaml")).ShouldContain("tinny.slim.yaml: there is no such spec; did you mean 'tiny.slim.yaml'?");
        Slim.Refused("show", place.At("nowhere/tiny.slim.yaml")).ShouldContain("there is no such spec (nor a folder");
    }

    [Theory]
    [InlineData("--device", "gpu", "--device gpu: expected cpu, cuda or cuda:N")]
    [InlineData("--dtype", "float33", "--dtype float33: there is no such number format; did you mean 'float32'?")]
    [InlineData("--data", "nothing.txt", "--data nothing.txt: there is no such file or folder")]
    [InlineData("--checkpoint", "nothing", "--checkpoint nothing: there is no such folder")]
    [InlineData("--set", "sparsity", "--set sparsity: expected key=value")]
    public void AValueThatCannotBeUsedIsNamed(string option, string value, string message)
    {
        using var place = new Workplace();

        Slim.Refused("eval", place.Spec, option, value).ShouldContain(message);
    }
}
