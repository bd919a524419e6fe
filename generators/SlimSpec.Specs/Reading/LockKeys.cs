using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Reads values of a file that is committed with a recipe, under one rule for all that is wrong with it.</summary>
/// <param name="file">How messages call the whole file: <c>the plan</c>.</param>
/// <param name="rule">The rule.</param>
/// <param name="report">Where problems go.</param>
internal sealed class LockKeys(string file, Rule rule, Reporter report)
{
    /// <summary>The file as a mapping of the format that is read; null, reported, where it is something else.</summary>
    /// <param name="root">What was parsed.</param>
    /// <param name="format">The format.</param>
    /// <param name="remedy">What to do about another one.</param>
    public MappingNode? Root(SpecNode? root, int format, string remedy)
    {
        if (root is not MappingNode mapping)
        {
            if (root is not null)
            {
                Bad(root.Place, $"{file} must be a mapping, found {root.Found}");
            }

            return null;
        }

        if (Integer(mapping, "format", file) is { } found && found != format)
        {
            Bad(mapping.Find("format")!.Place, $"{file} has format {found}, and format {format} is read: {remedy}");
            return null;
        }

        return mapping;
    }

    /// <summary>A text; null, reported, where it is none.</summary>
    public string? Text(MappingNode node, string key, string path)
    {
        if (node.Find(key) is ScalarNode { Kind: ScalarKind.Text } text)
        {
            return text.Text;
        }

        Needs(node, key, path, "a text");
        return null;
    }

    /// <summary>A whole number from 0; null, reported, where it is none.</summary>
    public int? Integer(MappingNode node, string key, string path)
    {
        var number = node.Find(key) is { } value ? Integer(value) : null;
        if (number is null)
        {
            Needs(node, key, path, "a number from 0");
        }

        return number;
    }

    /// <summary>A number; null, reported, where it is none.</summary>
    public double? Number(MappingNode node, string key, string path)
    {
        var number = node.Find(key) is ScalarNode { Kind: ScalarKind.Integer or ScalarKind.Number } scalar ? scalar.Number : null;
        if (number is null)
        {
            Needs(node, key, path, "a number");
        }

        return number;
    }

    /// <summary>A list of so many numbers; null, reported, where it is none.</summary>
    public IReadOnlyList<double>? Numbers(SpecNode? value, Place place, int count, string path)
    {
        var numbers = (value as SequenceNode)?.Items.Select(item => item is ScalarNode { Kind: ScalarKind.Integer or ScalarKind.Number } scalar ? scalar.Number : null).OfType<double>().ToList();
        if (numbers?.Count == count && ((SequenceNode)value!).Items.Count == count)
        {
            return numbers;
        }

        Bad(value?.Place ?? place, $"'{path}' must be a list of {count} number{(count == 1 ? "" : "s")}");
        return null;
    }

    /// <summary>The mappings of a list; what is wrong is reported and left out.</summary>
    public IEnumerable<(MappingNode Node, string Path)> Items(MappingNode node, string key, string path)
    {
        if (node.Find(key) is not SequenceNode list)
        {
            Needs(node, key, path, "a list");
            yield break;
        }

        for (var i = 0; i < list.Items.Count; i++)
        {
            var name = $"{(path == file ? "" : $"{path}.")}{key}[{i}]";
            if (list.Items[i] is MappingNode item)
            {
                yield return (item, name);
            }
            else
            {
                Bad(list.Items[i].Place, $"'{name}' must be a mapping, found {list.Items[i].Found}");
            }
        }
    }

    /// <summary>A mapping; null, reported, where it is none.</summary>
    public MappingNode? Mapping(MappingNode node, string key)
    {
        if (node.Find(key) is MappingNode mapping)
        {
            return mapping;
        }

        Needs(node, key, file, "a mapping");
        return null;
    }

    /// <summary>Reports a key that is absent, or of another type.</summary>
    public void Needs(MappingNode node, string key, string path, string what) =>
        Bad(node.Find(key)?.Place ?? node.Place, $"{(path == file ? path : $"'{path}'")} needs the key '{key}', {what}");

    /// <summary>Reports what is wrong.</summary>
    public void Bad(Place place, string message) => report.Add(rule, place, message);

    /// <summary>A whole number from 0, or null.</summary>
    public static int? Integer(SpecNode node) =>
        node is ScalarNode { Kind: ScalarKind.Integer } scalar && int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
