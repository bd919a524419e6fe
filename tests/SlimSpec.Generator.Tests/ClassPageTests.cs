using System.Text.RegularExpressions;

namespace SlimSpec.Generator.Tests;

/// <summary>The page of the one rule that only the compiler can check, held to its example as the checker's tests hold the others.</summary>
public partial class ClassPageTests
{
    [Fact]
    public void The_page_shows_what_the_build_says_of_its_example()
    {
        var path = Path.Join(Repository.Root, "docs", "diagnostics", "SLIM113.md");
        var text = File.ReadAllText(path);
        var example = Example().Match(text).Groups["body"].Value;
        var change = Change().Match(text);

        var expected = Messages().Replace(text, _ => $"```text\n{string.Join('\n', Check(example))}\n```", 1);

        if (Environment.GetEnvironmentVariable("ACCEPT_DOCS") == "1")
        {
            File.WriteAllText(path, expected);
        }

        File.ReadAllText(path).ShouldBe(expected, $"{path} is out of date: dotnet test -e ACCEPT_DOCS=1");
        Check(example).ShouldHaveSingleItem().ShouldContain("error SLIM113: ");
        Check(example.Replace(change.Groups["wrong"].Value, change.Groups["right"].Value)).ShouldBeEmpty();
    }

    private static string[] Check(string source)
    {
        var config = new Spec("models/tales/config.json", File.ReadAllText(Path.Join(Repository.Root, "models", "tales", "config.json")));
        return Run.Compile([Run.Llama, config], ("Wrong.cs", source)).Driver.Messages();
    }

    [GeneratedRegex(@"^```csharp\n(?<body>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"^```diff\n-(?<wrong>[^\n]+)\n\+(?<right>[^\n]+)\n```$", RegexOptions.Multiline)]
    private static partial Regex Change();

    [GeneratedRegex(@"^```text\n.*?^?```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Messages();
}
