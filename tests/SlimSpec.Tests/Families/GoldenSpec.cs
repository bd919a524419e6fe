using System.Text.Json.Nodes;
using SlimSpec.Specs;

namespace SlimSpec.Tests.Families;

/// <summary>What the compiler makes of a golden's recipe.</summary>
internal static class GoldenSpec
{
    /// <summary>The recipe's model of the spec, resolved.</summary>
    public static RecipeModel Of(string golden, params (string Key, JsonNode? Value)[] changes)
    {
        var (recipe, problems) = Compile(golden, changes);
        problems.ShouldBeEmpty();
        return recipe!;
    }

    /// <summary>Compiles it with changes to the golden's config.json.</summary>
    public static (RecipeModel? Recipe, EquatableArray<Problem> Problems) Compile(string golden, params (string Key, JsonNode? Value)[] changes)
    {
        var config = JsonNode.Parse(File.ReadAllText(TestFiles.Golden($"{golden}/config.json")))!.AsObject();
        foreach (var (key, value) in changes)
        {
            config[key] = value;
        }

        var tests = Path.Combine(TestFiles.Root, "tests", "SlimSpec.Tests");
        var architectures = Directory.GetFiles(Path.Combine(TestFiles.Root, "specs", "architectures"), $"*{SpecCompiler.ArchitectureSuffix}").Select(Read);
        return SpecCompiler.CompileRecipe(
            Read(Path.Combine(tests, "specs", $"golden-{golden}.slim.yaml")), [.. architectures], [new(Path.Combine(tests, "goldens", golden, "config.json"), config.ToJsonString())]);
    }

    private static SourceFile Read(string path) => new(path, File.ReadAllText(path));
}
