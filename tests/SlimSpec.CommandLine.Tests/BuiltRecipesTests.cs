using System.Diagnostics;

namespace SlimSpec.CommandLine.Tests;

/// <summary>The program itself, with the recipes it was built with.</summary>
public class BuiltRecipesTests
{
    [Fact]
    public void TheProgramListsItsRecipesOnStandardOutputAlone()
    {
        var (code, output, error) = Start("list");

        code.ShouldBe(0, error);
        output.ShouldContain("Tales20");
        output.ShouldContain("tales-20.slim.yaml");
        error.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Tales20")]
    [InlineData("tales20")]
    [InlineData("tales-20")]
    [InlineData("TALES-20.slim.yaml")]
    public void ARecipeIsFoundByItsNameOrItsFiles(string name)
    {
        var (code, output, error) = Start("groups", name);

        code.ShouldBe(0, error);
        output.ShouldContain("mlp.down_proj.weight");
    }

    [Fact]
    public void ANameThatIsNearIsSuggested()
    {
        var (code, output, error) = Start("show", "tales-2O");

        code.ShouldBe(2);
        output.ShouldBeEmpty();
        error.ShouldContain("there is no recipe or architecture 'tales-2O'; did you mean 'tales-20'?");
        error.ShouldNotContain("   at ");
    }

    private static (int Code, string Output, string Error) Start(params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "SlimSpec.Recipes"), args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result.TrimEnd());
    }
}
