using System.Collections.Generic;

namespace SlimSpec.Specs;

/// <summary>The names of an architecture's weights. Two nodes share one only if each has a condition: a configuration then has one of them.</summary>
internal sealed class WeightNames(Reporter report)
{
    private readonly Dictionary<string, GraphNode> _ofEmbedding = [];
    private readonly Dictionary<string, bool> _ofLayer = [];
    private readonly Dictionary<string, bool> _ofOthers = [];

    /// <summary>Whether a name can be a weight's and is free; reports it if not.</summary>
    public bool Add(string name, Place at, string path, GraphSections section, bool isConditional)
    {
        var taken = section == GraphSections.Layer ? _ofLayer : _ofOthers;
        if (!SpecNames.IsWeight(name))
        {
            report.Add(Rules.BadName, at, $"'{path}' must be names joined by dots, without .weight, found {Words.Quote(name)}");
            return false;
        }

        if (!taken.TryGetValue(name, out var isOtherConditional))
        {
            taken.Add(name, isConditional);
        }
        else if (!isConditional || !isOtherConditional)
        {
            report.Add(Rules.DuplicateWeight, at, $"'{path}' is '{name}', which another node has already{(isConditional || isOtherConditional ? ": both need 'when'" : "")}");
            return false;
        }

        return true;
    }

    /// <summary>Notes a table of the embedding, which a head may be tied to.</summary>
    public void AddTable(string name, GraphNode node) => _ofEmbedding[name] = node;

    /// <summary>The embedding's table of that name, or null.</summary>
    public GraphNode? Table(string name) => _ofEmbedding.TryGetValue(name, out var node) ? node : null;

    /// <summary>Whether a name is a table of the embedding; reports it if not.</summary>
    public bool IsOfEmbedding(string name, Place at, string path, GraphSections section)
    {
        if (section == GraphSections.Head && _ofEmbedding.ContainsKey(name))
        {
            return true;
        }

        report.Add(Rules.UnknownName, at, section == GraphSections.Head
            ? $"'{path}' names {Words.Quote(name)}, which is no weight of the embedding{Words.Hint(name, _ofEmbedding.Keys)}"
            : $"'{path}' can be in the head only");
        return false;
    }
}
