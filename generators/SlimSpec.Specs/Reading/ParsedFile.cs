using System;

namespace SlimSpec.Specs;

/// <summary>
/// A file's tree with the position of every value, or that of a class's attributes. Equal when path and text are equal, or what the
/// attributes say and where, so that an incremental pipeline can keep it between edits.
/// </summary>
public sealed class ParsedFile : IEquatable<ParsedFile>
{
    private readonly RecipeClass? _class;
    private readonly Lazy<(ArchitectureModel? Model, EquatableArray<Problem> Problems)> _architecture;
    private readonly Lazy<(ChoiceTaskModel? Model, EquatableArray<Problem> Problems)> _task;

    private ParsedFile(SourceFile source, RecipeClass? recipeClass, SpecNode? root, EquatableArray<Problem> problems)
    {
        Source = source;
        _class = recipeClass;
        Root = root;
        Problems = problems;
        _architecture = new(() => ArchitectureChecker.Check(this));
        _task = new(() => ChoiceTaskChecker.Check(this));
    }

    /// <summary>What was parsed; of a class, its file's path without text.</summary>
    public SourceFile Source { get; }

    /// <summary>What is wrong with the file as YAML or JSON, whatever it means.</summary>
    public EquatableArray<Problem> Problems { get; }

    /// <summary>The tree, or null if the file is not well-formed.</summary>
    internal SpecNode? Root { get; }

    /// <summary>What the file says as an architecture: checked once, however many recipes name it.</summary>
    internal (ArchitectureModel? Model, EquatableArray<Problem> Problems) Architecture => _architecture.Value;

    /// <summary>What the file says as a multiple-choice task: likewise.</summary>
    internal (ChoiceTaskModel? Model, EquatableArray<Problem> Problems) Task => _task.Value;

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

        return new(file, null, root, report.Sorted());
    }

    /// <summary>Reads the recipe that a class's attributes say. Never throws over them.</summary>
    public static ParsedFile Read(RecipeClass recipe)
    {
        var report = new Reporter();
        report.AddAll(recipe.Problems);
        return new(new(recipe.Path, ""), recipe, ClassReader.Read(recipe, report), report.Sorted());
    }

    /// <summary>Where a file is that is committed with a recipe: beside it, under its name without <c>.slim.yaml</c> or its class's, and with another suffix.</summary>
    internal string PathBeside(string suffix) => (_class is { } recipe
        ? Source.Path.Substring(0, Source.Path.LastIndexOfAny(['/', '\\']) + 1) + recipe.Name
        : Source.Path.EndsWith(SpecCompiler.RecipeSuffix, StringComparison.OrdinalIgnoreCase) ? Source.Path.Substring(0, Source.Path.Length - SpecCompiler.RecipeSuffix.Length)
        : Source.Path) + suffix;

    /// <inheritdoc/>
    public bool Equals(ParsedFile? other) => other is not null && Source == other.Source && _class == other._class;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ParsedFile);

    /// <inheritdoc/>
    public override int GetHashCode() => Source.GetHashCode();
}
