using System;

namespace SlimSpec.Specs;

/// <summary>
/// A file's tree with the position of every value. Equal when path and text are equal, so that an incremental pipeline
/// can keep it between edits.
/// </summary>
public sealed class ParsedFile : IEquatable<ParsedFile>
{
    private ParsedFile(SourceFile source, SpecNode? root, EquatableArray<Problem> problems)
    {
        Source = source;
        Root = root;
        Problems = problems;
    }

    /// <summary>What was parsed.</summary>
    public SourceFile Source { get; }

    /// <summary>What is wrong with the file as YAML or JSON, whatever it means.</summary>
    public EquatableArray<Problem> Problems { get; }

    /// <summary>The tree, or null if the file is not well-formed.</summary>
    internal SpecNode? Root { get; }

    /// <summary>Parses a file: JSON if its name ends in <c>.json</c>, otherwise YAML. Never throws over its content.</summary>
    public static ParsedFile Parse(SourceFile file)
    {
        var text = new SourceMap(file.Path, file.Text);
        var report = new Reporter();
        var isJson = file.Path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        var root = isJson ? JsonReader.Read(text, report) : YamlReader.Read(text, report);
        if (root is not null and not MappingNode)
        {
            report.Add(Rules.Syntax, root.Place, $"the file must be a mapping of keys to values, found {root.Found}");
            root = null;
        }

        return new(file, root, report.Sorted());
    }

    /// <inheritdoc/>
    public bool Equals(ParsedFile? other) => other is not null && Source == other.Source;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ParsedFile);

    /// <inheritdoc/>
    public override int GetHashCode() => Source.GetHashCode();
}
