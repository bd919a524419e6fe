using Microsoft.CodeAnalysis;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Tests;

public class DescriptorTests
{
    [Fact]
    public void EveryRuleIsADescriptorWithItsTitleAndPage() =>
        Descriptors.All.Select(each => (each.Id, each.Title.ToString(), each.HelpLinkUri, each.DefaultSeverity))
            .ShouldBe(Rules.All.Select(rule => (rule.Id, rule.Title, rule.HelpLink, Enum.Parse<DiagnosticSeverity>(rule.Severity.ToString()))));

    [Fact]
    public void TheReleaseFilesSayWhatTheRulesAre()
    {
        var rows = new[] { "Shipped", "Unshipped" }
            .SelectMany(file => File.ReadAllLines(Path.Combine(Repository.Root, "generators/SlimSpec.Generator", $"AnalyzerReleases.{file}.md")))
            .Where(line => line.StartsWith("SLIM", StringComparison.Ordinal));

        rows.ShouldBe(Rules.All.Select(rule => $"{rule.Id} | SlimSpec | {rule.Severity} | {rule.Title}"));
    }
}
