using System.Reflection;

namespace SlimSpec.Specs.Tests;

public class RuleTests
{
    [Fact]
    public void IdsAreUniqueAndOrdered() => Rules.All.Select(rule => rule.Id).ShouldBe(Rules.All.Select(rule => rule.Id).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void EveryRuleIsInTheTable() =>
        Rules.All.ShouldBe(typeof(Rules).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (Rule)field.GetValue(null)!).OrderBy(rule => rule.Id, StringComparer.Ordinal));

    [Fact]
    public void EveryRuleHasARejectedSample()
    {
        var samples = string.Join("\n", typeof(RuleTests).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes<InlineDataAttribute>().SelectMany(data => data.GetData(method)))
            .SelectMany(row => row.OfType<string>()));

        // Two recipes of one name take two files: RecipeTests has that sample. What no class may be, a compiler has to say: RecipeClassTests has them.
        Rules.All.Where(rule => rule != Rules.DuplicateRecipe && rule != Rules.RecipeClass).Where(rule => !samples.Contains($"{rule.Severity.ToString().ToLowerInvariant()} {rule.Id}: ", StringComparison.Ordinal)).ShouldBeEmpty();
    }
}
