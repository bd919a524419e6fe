using System.Text.RegularExpressions;

namespace SlimSpec.CommandLine.Tests;

/// <summary>Parts of documents that are made: <c>&lt;!-- made by: WHAT --&gt;</c>, the text, <c>&lt;!-- made --&gt;</c>.</summary>
internal static partial class MadeText
{
    /// <summary>The document with every such part made anew.</summary>
    /// <param name="document">The document.</param>
    /// <param name="root">Folder that files are relative to.</param>
    public static string Remake(string document, string root) =>
        Part().Replace(document, part => $"<!-- made by: {part.Groups["what"].Value} -->\n{Make(part.Groups["what"].Value, root).TrimEnd()}\n<!-- made -->");

    private static string Make(string what, string root) => what.Split(' ') switch
    {
        ["operations"] => OperationsChapter.Write(),
        ["attributes"] => AttributesTable.Write(),
        ["families"] => FamiliesTable.Write(Path.Combine(root, "specs", "architectures")),
        ["keys", var section] => KeysTable.Write(section),
        ["rules"] => RulesTable.Write(),
        ["build", var file] => $"```text\n{SpecBuild.Run(Path.Combine(root, file), root).TrimEnd()}\n```",
        ["snapshot", var file] => $"```\n{File.ReadAllText(Path.Combine(root, file)).TrimEnd()}\n```",
        ["file", var file] => $"```{(file.EndsWith(".cs", StringComparison.Ordinal) ? "csharp" : "yaml")}\n{File.ReadAllText(Path.Combine(root, file)).TrimEnd()}\n```",
        ["section", var file, var key] => $"```yaml\n{Section(File.ReadAllLines(Path.Combine(root, file)), key)}\n```",
        ["exports", var spec] => $"```\n{Exports(Run(["show", spec]).Split('\n'))}\n```",
        ["method", var file, var method] => $"```csharp\n{Method(File.ReadAllLines(Path.Combine(root, file)), method)}\n```",
        ["slim", .. var args] => $"```\n{Run(args).TrimEnd()}\n```",
        _ => throw new ArgumentException($"nobody makes '{what}'"),
    };

    // A recipe is named as users do, and is found by its file here.
    private static string Run(string[] args)
    {
        var found = args.Select(arg => UserPath.FindUpwards(AppContext.BaseDirectory, $"specs/{arg}.slim.yaml") ?? arg).ToArray();
        var (code, output, error) = Slim.Run(found);
        code.ShouldBe(0, error);
        return output;
    }

    // The part of a sheet that says which exports are reached.
    private static string Exports(string[] lines) =>
        string.Join('\n', lines.SkipWhile(line => !line.StartsWith("export ", StringComparison.Ordinal)).TakeWhile(line => line.Length > 0));

    // A key of a file and what is indented below it.
    private static string Section(string[] lines, string key)
    {
        var first = Array.IndexOf(lines, $"{key}:");
        return string.Join('\n', lines.Skip(first + 1).TakeWhile(line => line.StartsWith(' ')).Prepend(lines[first]));
    }

    // A method of a class, Block.Decode, with the comment above it.
    private static string Method(string[] lines, string name)
    {
        var (type, method) = (name.Split('.')[0], name.Split('.')[1]);
        var inside = Array.FindIndex(lines, line => Regex.IsMatch(line, $@"\b(class|struct) {type}\b"));
        var first = Array.FindIndex(lines, inside, line => Regex.IsMatch(line, $@"\b(public|protected) .*\b{method}\("));
        var indent = lines[first].Length - lines[first].TrimStart().Length;
        var last = lines[first].EndsWith("=>", StringComparison.Ordinal)
            ? Array.FindIndex(lines, first, line => Regex.IsMatch(line, @";( +//.*)?$"))
            : Array.FindIndex(lines, first, line => line.TrimEnd(';') == new string(' ', indent) + "}");
        first -= lines[..first].Reverse().TakeWhile(line => line.TrimStart().StartsWith("///", StringComparison.Ordinal)).Count();
        return string.Join('\n', lines[first..(last + 1)].Select(line => line.Length > indent ? line[indent..] : ""));
    }

    [GeneratedRegex(@"<!-- made by: (?<what>[^\n]*?) -->\n.*?<!-- made -->", RegexOptions.Singleline)]
    private static partial Regex Part();
}
