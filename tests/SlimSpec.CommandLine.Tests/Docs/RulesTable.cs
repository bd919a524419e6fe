using SlimSpec.Specs;

namespace SlimSpec.CommandLine.Tests;

/// <summary>The table of rules, with links to their pages.</summary>
internal static class RulesTable
{
    public static string Write() =>
        "| id | what it is about |\n|---|---|\n" + string.Concat(Rules.All.Select(rule => $"| [{rule.Id}]({rule.Id}.md) | {rule.Title} |\n"));
}
