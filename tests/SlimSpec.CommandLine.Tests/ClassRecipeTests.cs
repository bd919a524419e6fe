using System.Text.Json;

namespace SlimSpec.CommandLine.Tests;

/// <summary>A recipe that a class says, on the command line.</summary>
public class ClassRecipeTests
{
    [Fact]
    public void ItIsListedByItsName()
    {
        var (code, output, error) = Slim.Run("list");

        code.ShouldBe(0, error);
        output.ShouldContain(nameof(TalesByClass));
        output.ShouldContain("TalesByClass.cs");
    }

    [Fact]
    public void ItIsShownAsItWasBuilt()
    {
        var (code, output, error) = Slim.Run("show", nameof(TalesByClass), "--json");

        code.ShouldBe(0, error);
        using var sheet = JsonDocument.Parse(output);
        sheet.RootElement.GetProperty("name").GetString().ShouldBe(nameof(TalesByClass));
        sheet.RootElement.GetProperty("hash").GetString().ShouldBe(TalesByClass.Instance.Hash);
    }

    [Fact]
    public void TheProgramReadsWhatTheBuildRead()
    {
        var loaded = RecipeLoader.Load(nameof(TalesByClass), [], null);

        loaded.Recipe.ShouldBeSameAs(TalesByClass.Instance);
        loaded.Check().Hash.ShouldBe(TalesByClass.Instance.Hash);
    }

    [Fact]
    public void SetChangesItAsItChangesAFile()
    {
        var changed = RecipeLoader.Load(nameof(TalesByClass), ["prune[1].sparsity=0.5"], null);

        changed.Recipe.Settings.Prune.Cast<WidthCut>().Select(cut => cut.Sparsity).ShouldBe([0.5, 0.5]);
        changed.Recipe.Settings.Prune.Cast<WidthCut>().First().Score.ShouldBe(WidthScore.L1);
        RecipeLoader.Load(nameof(TalesByClass), [], null).Recipe.ShouldBeSameAs(TalesByClass.Instance);
    }

    [Fact]
    public void AWrongSetIsNamed()
    {
        var (code, _, error) = Slim.Run("show", nameof(TalesByClass), "--set", "prune[0].sparsity=2");

        code.ShouldBe(2);
        error.ShouldContain("--set prune[0].sparsity=2: error SLIM107: 'prune[0].sparsity' must be a number above 0 and below 1, found 2");
    }

    [Fact]
    public void ItsFileIsNotTakenForASpec()
    {
        var (code, _, error) = Slim.Run("show", UserPath.FindUpwards(AppContext.BaseDirectory, "TalesByClass.cs")!);

        code.ShouldBe(2);
        error.ShouldContain("a recipe in C# is called by the name of its class; did you mean 'TalesByClass'?");
    }
}
