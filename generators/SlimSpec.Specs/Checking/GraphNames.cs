using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>The dimensions and constants that a graph may name, and whether what names one fits it.</summary>
internal sealed class GraphNames(IReadOnlyList<DimensionDefinition> dimensions, IReadOnlyList<ConstantDefinition> constants, Reporter report)
{
    private readonly Dictionary<string, (string Kind, string Path)> _uses = [];

    /// <summary>Whether a name is a dimension; reports it if not.</summary>
    public bool IsDimension(string name, Place at, string path)
    {
        if (dimensions.Any(dimension => dimension.Name == name))
        {
            return true;
        }

        report.Add(Rules.UnknownName, at, $"'{path}' names the unknown dimension {Words.Quote(name)}{Words.Hint(name, dimensions.Select(dimension => dimension.Name))}");
        return false;
    }

    /// <summary>The dimension whose local, or whose width's, a node of that name would hide in generated code, or null.</summary>
    public string? DimensionInCode(string name) => dimensions.Select(dimension => dimension.Name)
        .FirstOrDefault(dimension => SpecNames.InCode(name) is var code && (code == SpecNames.InCode(dimension) || code == SpecNames.InCode(dimension) + "width"));

    /// <summary>Whether there is a constant of that name.</summary>
    public bool IsConstant(string name) => constants.Any(constant => constant.Name == name);

    /// <summary>Whether a name is a constant that is a number in a range; reports it if not.</summary>
    public bool CheckNumber(string name, Place at, string path, NumberType range, bool mayBeNull)
    {
        if (Find(name, at, path) is not { } constant)
        {
            return false;
        }

        if (constant.IsPresence || constant.Default is { IsNull: false, Number: null })
        {
            return Refuse("a number", name, at, path);
        }

        if (constant.Default is { IsNull: true } && !mayBeNull)
        {
            return RefuseNull(name, at, path);
        }

        if (constant.Default?.Number is { } number && !range.IsInside(number))
        {
            report.Add(Rules.OutOfRange, at, $"'{path}' must be {range.Expected}, but the default of '{name}' is not");
            return false;
        }

        return IsUsedAlike(name, "a number", at, path);
    }

    /// <summary>Whether a name is a constant that is a flag; reports it if not.</summary>
    public bool CheckFlag(string name, Place at, string path)
    {
        if (Find(name, at, path) is not { } constant)
        {
            return false;
        }

        return constant.Expression is not null || constant.Default is { Flag: null }
            ? Refuse("a flag", name, at, path)
            : IsUsedAlike(name, "a flag", at, path);
    }

    /// <summary>Whether a name is a constant that is one of some words; reports it if not.</summary>
    public bool CheckWord(string name, Place at, string path, OpAttribute attribute)
    {
        if (!IsConstant(name))
        {
            report.Add(Rules.UnknownName, at, $"'{path}' must be a constant or one of {string.Join(", ", attribute.Choices)}, found {Words.Quote(name)}{NearestHint(name, attribute)}");
            return false;
        }

        var constant = constants.First(known => known.Name == name);
        if (constant.Default is { IsNull: true } && !attribute.MayBeNull)
        {
            return RefuseNull(name, at, path);
        }

        if (constant.IsPresence || constant.Expression is not null || constant.Default is { IsNull: false, Text: null })
        {
            return Refuse("a word", name, at, path);
        }

        if (constant.Default?.Text is { } word && !attribute.Choices.Contains(word))
        {
            report.Add(Rules.UnknownWord, at, $"'{path}' must be one of {string.Join(", ", attribute.Choices)}, but the default of '{name}' is {Words.Quote(word)}{NearestHint(word, attribute)}");
            return false;
        }

        return IsUsedAlike(name, $"a word for {attribute.Name}", at, path);
    }

    /// <summary>Whether a text is a condition that names dimensions and flags; reports it if not.</summary>
    public bool CheckCondition(string text, Place at, string path)
    {
        if (Condition.Parse(text) is not { } condition)
        {
            report.Add(Rules.Condition, at, $"'{path}' must be {Condition.Form}, found {Words.Quote(text)}");
            return false;
        }

        var before = report.Count;
        foreach (var flag in condition.Flags.Distinct())
        {
            CheckFlag(flag, at, path);
        }

        foreach (var dimension in condition.Dimensions.Distinct())
        {
            IsDimension(dimension, at, path);
        }

        return report.Count == before;
    }

    private ConstantDefinition? Find(string name, Place at, string path)
    {
        var found = constants.FirstOrDefault(constant => constant.Name == name);
        if (found is null)
        {
            report.Add(Rules.UnknownName, at, $"'{path}' names the unknown constant {Words.Quote(name)}{Words.Hint(name, constants.Select(constant => constant.Name))}");
        }

        return found;
    }

    /// <summary>A constant is one thing wherever it is used, so that its value in a configuration can be checked.</summary>
    private bool IsUsedAlike(string name, string kind, Place at, string path)
    {
        if (!_uses.TryGetValue(name, out var first))
        {
            _uses.Add(name, (kind, path));
        }
        else if (first.Kind != kind)
        {
            report.Add(Rules.Conflict, at, $"'{path}' takes '{name}' for {kind}, but '{first.Path}' takes it for {first.Kind}");
            return false;
        }

        return true;
    }

    private bool Refuse(string kind, string name, Place at, string path)
    {
        report.Add(Rules.WrongType, at, $"'{path}' must name a constant that is {kind}, but the default of '{name}' is not");
        return false;
    }

    private bool RefuseNull(string name, Place at, string path)
    {
        report.Add(Rules.WrongType, at, $"'{path}' cannot be switched off by null, which is the default of '{name}'");
        return false;
    }

    private string NearestHint(string word, OpAttribute attribute) =>
        Words.Nearest(word, attribute.Choices.Concat(constants.Select(constant => constant.Name))) is { } nearest ? $"; did you mean {Words.Quote(nearest)}?" : "";
}
