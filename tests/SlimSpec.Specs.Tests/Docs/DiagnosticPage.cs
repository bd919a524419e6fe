using System.Text.RegularExpressions;

namespace SlimSpec.Specs.Tests;

/// <summary>
/// A rule's page: files and changes of files up to <c>How to mend it</c> are the wrong example, with its messages as text;
/// what follows mends it.
/// </summary>
internal sealed partial class DiagnosticPage
{
    private readonly string _text;
    private readonly Dictionary<string, string> _files = [];
    private readonly List<KeyValuePair<string, string>> _overrides = [];

    private DiagnosticPage(string text) => _text = text;

    /// <summary>The page with the messages that the checker gives for its example.</summary>
    /// <param name="text">The page.</param>
    /// <param name="problems">What the checker says of the example.</param>
    /// <param name="mended">What it says once the example is mended.</param>
    public static string Remake(string text, out IReadOnlyList<Problem> problems, out IReadOnlyList<Problem> mended)
    {
        var page = new DiagnosticPage(text);
        var mending = text.IndexOf("\n## How to mend it\n", StringComparison.Ordinal);
        mending.ShouldBePositive("a page says how to mend what it shows");
        page.Apply(text[..mending]);
        problems = page.Compile();
        page.Apply(text[mending..]);
        mended = page.Compile();
        var messages = string.Join("\n", problems);
        return Messages().Replace(page._text, _ => $"```text\n{messages}\n```", 1);
    }

    private void Apply(string part)
    {
        foreach (Match block in Block().Matches(part))
        {
            var (file, body) = (block.Groups["file"].Value, block.Groups["body"].Value);
            if (block.Groups["kind"].Value != "diff")
            {
                _files[file] = body;
                continue;
            }

            var before = _files.GetValueOrDefault(file) ?? Repository.Read(file).Text;
            var removed = Lines(body, '-');
            before.Split(removed).Length.ShouldBe(2, $"'{removed}' occurs once in {file}");
            _files[file] = before.Replace(removed, Lines(body, '+'), StringComparison.Ordinal);
        }

        foreach (Match command in Command().Matches(part))
        {
            var spec = command.Groups["spec"].Value;
            _files[spec] = Repository.Read(spec).Text;
            _overrides.Clear();
            _overrides.Add(new(command.Groups["path"].Value, command.Groups["value"].Value));
        }
    }

    private static string Lines(string diff, char sign) =>
        string.Concat(diff.Split('\n').Where(line => line.StartsWith(sign)).Select(line => line[1..] + "\n"));

    private List<Problem> Compile()
    {
        var files = _files.Select(file => new SourceFile(file.Key, file.Value)).ToList();
        var recipes = files.Where(file => file.Path.EndsWith(SpecCompiler.RecipeSuffix, StringComparison.Ordinal)).ToList();
        var architectures = files.Where(file => file.Path.EndsWith(SpecCompiler.ArchitectureSuffix, StringComparison.Ordinal));
        var tasks = files.Where(file => file.Path.EndsWith(SpecCompiler.TaskSuffix, StringComparison.Ordinal)).ToList();
        var configs = files.Where(file => file.Path.EndsWith("config.json", StringComparison.Ordinal)).Append(Repository.Read("models/tales/config.json")).ToList();
        var plans = files.Where(file => file.Path.EndsWith(PlanLock.Suffix, StringComparison.Ordinal)).Select(PlanLock.Parse).ToList();
        var exits = files.Where(file => file.Path.EndsWith(ExitsLock.Suffix, StringComparison.Ordinal)).Select(ExitsLock.Parse).ToList();
        return
        [
            .. recipes.SelectMany(recipe => SpecCompiler.CompileRecipe(recipe, Repository.Architectures(), configs, _overrides, SpecCompiler.FindPlan(ParsedFile.Parse(recipe), plans), SpecCompiler.FindExits(ParsedFile.Parse(recipe), exits), [.. Repository.Tasks(), .. tasks]).Problems.Where(problem => !tasks.Any(task => task.Path == problem.At.File))),
            .. architectures.SelectMany(architecture => SpecCompiler.CompileArchitecture(architecture).Problems),
            .. tasks.SelectMany(task => SpecCompiler.CompileTask(task).Problems),
            .. SpecCompiler.CheckDistinctNames([.. recipes.Select(ParsedFile.Parse)]),
        ];
    }

    [GeneratedRegex(@"^(?:In )?`(?<file>[^`\n]+)`:\n\n```(?<kind>yaml|json|diff)\n(?<body>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\$ slim show (?<spec>\S+) --set (?<path>[^=\n]+)=(?<value>\S+)$", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"^```text\n.*?^?```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Messages();
}
