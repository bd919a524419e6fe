using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>What an attribute of a node names.</summary>
public enum AttributeKind
{
    /// <summary>A dimension.</summary>
    Dimension,

    /// <summary>A constant that is a number.</summary>
    Number,

    /// <summary>A constant that is a flag.</summary>
    Flag,

    /// <summary>A weight of the embedding section.</summary>
    EmbeddingWeight,
}

/// <summary>The three parts of an architecture.</summary>
[System.Flags]
public enum GraphSections
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>Token ids to the residual stream.</summary>
    Embedding = 1,

    /// <summary>One decoder layer.</summary>
    Layer = 2,

    /// <summary>The residual stream to logits.</summary>
    Head = 4,
}

/// <summary>A role in which an operation reads nodes.</summary>
/// <param name="Role">The key: <c>in</c>, <c>q</c>.</param>
/// <param name="Minimum">Fewest nodes.</param>
/// <param name="Maximum">Most nodes.</param>
public sealed record OpInput(string Role, int Minimum = 1, int Maximum = 1);

/// <summary>
/// A further key of an operation. A dotted key such as <c>rope.theta</c> is optional as a group: with any key of the group
/// all its required ones are needed.
/// </summary>
/// <param name="Key">The key, dotted where it is nested.</param>
/// <param name="Kind">What it names.</param>
/// <param name="Range">Allowed values of a number.</param>
public sealed record OpAttribute(string Key, AttributeKind Kind, NumberType? Range = null)
{
    /// <summary>The outer key of a nested one, or null.</summary>
    public string? Group => Key.IndexOf('.') is >= 0 and var dot ? Key.Substring(0, dot) : null;
}

/// <summary>An operation of the graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Inputs">What it reads.</param>
/// <param name="Attributes">Its further keys.</param>
/// <param name="HasWeight">Whether it has a weight.</param>
/// <param name="OutputOf">Role of the input whose last axis the output has, or null where <c>out</c> declares it.</param>
/// <param name="Sections">Where it may stand.</param>
/// <param name="Description">What it computes.</param>
public sealed record OpDefinition(
    string Name,
    IReadOnlyList<OpInput> Inputs,
    IReadOnlyList<OpAttribute> Attributes,
    bool HasWeight,
    string? OutputOf,
    GraphSections Sections,
    string Description);

/// <summary>The operations that a graph may use: the one table of them.</summary>
public static class GraphOps
{
    private static readonly OpInput[] One = [new("in")];
    private static readonly OpInput[] Several = [new("in", 2, 8)];
    private static readonly NumberType Epsilon = new(0, 1, excludesMinimum: true);
    private static readonly NumberType RopeBase = new(1, 1e15, excludesMinimum: true);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OpDefinition> All { get; } =
    [
        new("embedding", One, [new("rows", AttributeKind.Dimension)], true, null, GraphSections.Embedding, "Rows of a table by token id."),
        new("linear", One, [new("tied.when", AttributeKind.Flag), new("tied.to", AttributeKind.EmbeddingWeight)], true, null, GraphSections.Layer | GraphSections.Head, "A matrix product; tied, with the embedding's table."),
        new("rms_norm", One, [new("eps", AttributeKind.Number, Epsilon)], true, "in", GraphSections.Layer | GraphSections.Head, "Root mean square normalisation over the last axis."),
        new("attention", [new("q"), new("k"), new("v")], [new("rope.theta", AttributeKind.Number, RopeBase)], false, "q", GraphSections.Layer, "Causal attention by heads, queries in groups over KV heads."),
        new("add", Several, [], false, "in", GraphSections.Layer, "Sum of equal shapes."),
        new("mul", Several, [], false, "in", GraphSections.Layer, "Product of equal shapes, element by element."),
        new("silu", One, [], false, "in", GraphSections.Layer, "x * sigmoid(x)."),
        new("gelu", One, [], false, "in", GraphSections.Layer, "Gaussian error linear unit, exact."),
        new("relu", One, [], false, "in", GraphSections.Layer, "max(x, 0)."),
    ];

    /// <summary>The operation of that name, or null.</summary>
    public static OpDefinition? Find(string name) => All.FirstOrDefault(op => op.Name == name);
}
