using System.CommandLine;
using System.Text.Json;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary><c>slim explain</c>: what a problem of the build means and how to mend it, or the list of all.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var id = new Argument<string?>("ID") { Arity = ArgumentArity.ZeroOrOne, Description = "Id of a problem, such as SLIM305; without it all are listed" };
        var json = new CommonOptions().Json;
        var command = new Command("explain", "What a problem that the build reports means, and how to mend it") { id, json };
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var rule = parsed.GetValue(id) is { } given ? Find(given) : null;
            if (parsed.GetValue(json))
            {
                object document = rule is null ? Rules.All.Select(each => Describe(each, null)) : Describe(rule, Page(rule));
                output.WriteLine(JsonSerializer.Serialize(document, RunFolder.Json));
            }
            else if (rule is null)
            {
                var table = new TextTable("id", "what it is about");
                foreach (var each in Rules.All)
                {
                    table.Add(each.Id, each.Title);
                }

                table.Write(output);
            }
            else
            {
                output.Write(MarkdownText.Plain(Page(rule)));
            }

            return 0;
        });
        return command;
    }

    private static object Describe(Rule rule, string? page) =>
        new { rule.Id, rule.Title, Severity = rule.Severity.ToString().ToLowerInvariant(), rule.HelpLink, Page = page };

    // A number alone will do, in any letter case.
    private static Rule Find(string given)
    {
        var id = given.Length > 0 && given.All(char.IsAsciiDigit) ? "SLIM" + given : given.ToUpperInvariant();
        return Rules.All.FirstOrDefault(rule => rule.Id == id)
            ?? throw new SlimException($"there is no problem {Words.Quote(given)}{Words.Hint(id, Rules.All.Select(rule => rule.Id))}");
    }

    private static string Page(Rule rule)
    {
        using var page = typeof(ExplainCommand).Assembly.GetManifestResourceStream($"diagnostics/{rule.Id}")!;
        return new StreamReader(page).ReadToEnd();
    }
}
