using SlimSpec.Generator.Emitting;

namespace SlimSpec.Generator.Tests;

public class NamespaceTests
{
    [Theory]
    [InlineData("Bedtime", "Bedtime")]
    [InlineData("Acme.Bedtime", "Acme.Bedtime")]
    [InlineData("my-models", "my_models")]
    [InlineData("models.2024", "models._2024")]
    [InlineData("for.class", "@for.@class")]
    [InlineData("bed time", "bed_time")]
    public void A_projects_name_becomes_a_namespace(string name, string expected) => CSharpNames.Namespace(name).ShouldBe(expected);
}
