namespace SlimSpec.CommandLine.Tests;

/// <summary>
/// What documents quote of the program is what the program says: text between <c>made by:</c> and <c>made</c>, and drawings.
/// After a change of the program: <c>dotnet test -e ACCEPT_DOCS=1</c> writes them anew.
/// </summary>
public class DocumentationTests
{
    private static readonly bool Accept = Environment.GetEnvironmentVariable("ACCEPT_DOCS") == "1";
    private static readonly string Root = Path.GetDirectoryName(UserPath.FindUpwards(AppContext.BaseDirectory, "SlimSpec.sln"))!;

    [Theory]
    [InlineData("docs/language.md")]
    [InlineData("docs/evaluation.md")]
    [InlineData("docs/testing.md")]
    [InlineData("docs/export.md")]
    [InlineData("README.md")]
    [InlineData("docs/generated-code.md")]
    [InlineData("docs/diagnostics/README.md")]
    public void QuotedTextIsUpToDate(string document)
    {
        var path = Path.Combine(Root, document);

        Compare(path, MadeText.Remake(File.ReadAllText(path), Root));
    }

    [Theory]
    [InlineData("docs/llama.svg", "llama")]
    [InlineData("docs/gptj.svg", "gptj")]
    public void DrawingsAreUpToDate(string drawing, string architecture) =>
        Compare(Path.Combine(Root, drawing), GraphSvg.Of(GraphReader.Of(ArchitectureLoader.Find(architecture)!)));

    [Fact]
    public void TextThatNobodyMakesIsNamed() =>
        Should.Throw<ArgumentException>(() => MadeText.Remake("<!-- made by: magic -->\n<!-- made -->\n", Root)).Message.ShouldContain("magic");

    private static void Compare(string path, string expected)
    {
        if (Accept)
        {
            File.WriteAllText(path, expected);
        }

        (File.Exists(path) ? File.ReadAllText(path) : "").ShouldBe(expected, $"{path} is out of date: dotnet test -e ACCEPT_DOCS=1");
    }
}
