using System.Text.Json;

namespace SlimSpec.CommandLine.Tests;

public class SchemaCommandTests
{
    [Theory]
    [InlineData("prune")]
    [InlineData("prune", "recipe")]
    [InlineData("units", "architecture")]
    public void TheSchemaIsPrintedAsOneDocument(string key, params string[] kind)
    {
        var (code, output, error) = Slim.Run(["schema", .. kind]);

        code.ShouldBe(0, error);
        using var document = JsonDocument.Parse(output);
        document.RootElement.GetProperty("properties").TryGetProperty(key, out _).ShouldBeTrue();
    }

    [Fact]
    public void AnotherKindIsRefused() =>
        Slim.Refused("schema", "recipes").ShouldContain("there is no schema of 'recipes'; did you mean 'recipe'?");
}
