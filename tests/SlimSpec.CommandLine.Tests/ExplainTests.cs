using SlimSpec.Specs;

namespace SlimSpec.CommandLine.Tests;

public class ExplainTests
{
    [Fact]
    public void APageIsPrintedWithoutItsMarks()
    {
        var (code, output, _) = Slim.Run("explain", "SLIM305");

        code.ShouldBe(0);
        output.ShouldStartWith("SLIM305: A score needs calibration data\n\nThe score taylor, which is the default,");
        output.ShouldContain("\nExample\n\nwrong.slim.yaml:\n\n    spec: 1\n");
        output.ShouldContain("\n    wrong.slim.yaml(5,5): error SLIM305: score taylor needs data");
        output.ShouldNotContain("`");
    }

    [Theory]
    [InlineData("305")]
    [InlineData("slim305")]
    public void TheIdMayBeShort(string id) => Slim.Run("explain", id).Output.ShouldStartWith("SLIM305: ");

    [Fact]
    public void WithoutIdAllAreListed()
    {
        var (code, output, _) = Slim.Run("explain");

        code.ShouldBe(0);
        Rules.All.ShouldAllBe(rule => output.Contains($"{rule.Id}  {rule.Title}", StringComparison.Ordinal));
    }

    [Fact]
    public void AsJsonARuleHasItsPageAndTheListHasAll()
    {
        var rule = Slim.Json("explain", "SLIM103");
        rule.GetProperty("id").GetString().ShouldBe("SLIM103");
        rule.GetProperty("severity").GetString().ShouldBe("error");
        rule.GetProperty("page").GetString()!.ShouldStartWith("# SLIM103: Unknown key\n");
        Slim.Json("explain").GetArrayLength().ShouldBe(Rules.All.Count);
    }

    [Theory]
    [InlineData("SLIM3O5", "there is no problem 'SLIM3O5'; did you mean 'SLIM305'?")]
    [InlineData("pruning", "there is no problem 'pruning'; known: SLIM100, SLIM101,")]
    public void AnUnknownIdIsRefusedWithTheNearest(string id, string message) => Slim.Refused("explain", id).ShouldContain(message);
}
