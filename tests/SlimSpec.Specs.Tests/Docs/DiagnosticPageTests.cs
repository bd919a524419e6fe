namespace SlimSpec.Specs.Tests;

/// <summary>
/// Every rule has a page in <c>docs/diagnostics</c>, whose example gives the messages that the page shows. After a change of
/// messages or shipped files: <c>dotnet test -e ACCEPT_DOCS=1</c> writes them anew.
/// </summary>
public class DiagnosticPageTests
{
    private const string Folder = "docs/diagnostics";
    private static readonly bool Accept = Environment.GetEnvironmentVariable("ACCEPT_DOCS") == "1";

    // What a class may be only the compiler knows: the generator's tests hold that page.
    public static TheoryData<string> Ids() => [.. Rules.All.Where(rule => rule != Rules.RecipeClass).Select(rule => rule.Id)];

    [Fact]
    public void EveryRuleHasAPageAndEveryPageARule() =>
        Repository.Files(Folder, "SLIM*.md").ShouldBe(Rules.All.Select(rule => $"{Folder}/{rule.Id}.md"));

    [Theory]
    [MemberData(nameof(Ids))]
    public void APageShowsWhatTheCheckerSaysOfItsExample(string id)
    {
        var path = Path.Combine(Repository.Root, Folder, $"{id}.md");
        var text = File.ReadAllText(path);

        var expected = DiagnosticPage.Remake(text, out var problems, out var mended);

        if (Accept)
        {
            File.WriteAllText(path, expected);
            text = expected;
        }

        text.ShouldStartWith($"# {id}: {Rules.All.Single(rule => rule.Id == id).Title}\n");
        text.ShouldBe(expected, $"{path} is out of date: dotnet test -e ACCEPT_DOCS=1");
        problems.Select(problem => problem.Id).Distinct().ShouldBe([id], "an example shows one kind of mistake");
        if (text.LastIndexOf("\n```", StringComparison.Ordinal) > text.IndexOf("\n## How to mend it", StringComparison.Ordinal))
        {
            Samples.Print(new(mended)).ShouldBe("", "the mended example is right");
        }
    }

    [Fact]
    public void ARuleLinksToItsPage() => Rules.UnknownKey.HelpLink.ShouldEndWith("docs/diagnostics/SLIM103.md");
}
