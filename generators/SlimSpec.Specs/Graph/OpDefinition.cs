using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>What an attribute of a node may be.</summary>
public enum AttributeKind
{
    /// <summary>The name of a dimension.</summary>
    Dimension,

    /// <summary>A number, or the name of a constant that is one.</summary>
    Number,

    /// <summary>A number, written out.</summary>
    Literal,

    /// <summary>True or false, or the name of a constant that is a flag.</summary>
    Flag,

    /// <summary>Flags and comparisons of dimensions, joined by <c>and</c>.</summary>
    Condition,

    /// <summary>One of <see cref="OpAttribute.Choices"/>.</summary>
    Word,

    /// <summary>One of <see cref="OpAttribute.Choices"/>, or the name of a constant that is one of them.</summary>
    WordConstant,

    /// <summary>The name of a weight of the embedding section.</summary>
    EmbeddingWeight,

    /// <summary>The name of a further weight, as <c>weight</c> gives one.</summary>
    Weight,
}

/// <summary>The three parts of an architecture.</summary>
[System.Flags]
public enum GraphSections
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>Token ids and positions to the residual stream.</summary>
    Embedding = 1,

    /// <summary>One decoder layer.</summary>
    Layer = 2,

    /// <summary>The residual stream to logits.</summary>
    Head = 4,

    /// <summary>All three.</summary>
    All = Embedding | Layer | Head,
}

/// <summary>A role in which an operation reads nodes.</summary>
/// <param name="Role">The key: <c>in</c>, <c>q</c>.</param>
/// <param name="Description">What is read, in one sentence.</param>
/// <param name="Minimum">Fewest nodes.</param>
/// <param name="Maximum">Most nodes.</param>
public sealed record OpInput(string Role, string Description, int Minimum = 1, int Maximum = 1);

/// <summary>
/// A further key of an operation. A dotted key such as <c>rope.theta</c> is optional as a group: with any key of the group
/// all its required ones are needed.
/// </summary>
/// <param name="Key">The key, dotted where it is nested.</param>
/// <param name="Kind">What it may be.</param>
/// <param name="Description">What it means, in one sentence.</param>
public sealed record OpAttribute(string Key, AttributeKind Kind, string Description)
{
    /// <summary>Allowed values of a number.</summary>
    public NumberType? Range { get; init; }

    /// <summary>The words it may be.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Its value where it is absent, or null if it then has none.</summary>
    public string? Default { get; init; }

    /// <summary>Whether the operation, or the group where it is nested, needs it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether it may be null, which switches it off.</summary>
    public bool MayBeNull { get; init; }

    /// <summary>The outer key of a nested one, or null.</summary>
    public string? Group => Key.IndexOf('.') is >= 0 and var dot ? Key.Substring(0, dot) : null;

    /// <summary>The key as written, without the outer one.</summary>
    public string Name => Group is { } group ? Key.Substring(group.Length + 1) : Key;
}

/// <summary>An operation of the graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sections">Where it may stand.</param>
/// <param name="Description">What it computes, in one sentence.</param>
public sealed record OpDefinition(string Name, GraphSections Sections, string Description)
{
    /// <summary>What it reads.</summary>
    public IReadOnlyList<OpInput> Inputs { get; init; } = [];

    /// <summary>Its further keys.</summary>
    public IReadOnlyList<OpAttribute> Attributes { get; init; } = [];

    /// <summary>Role of the input whose last axis the output has, or null where <c>out</c> declares it.</summary>
    public string? OutputOf { get; init; }

    /// <summary>Its axes, in one sentence.</summary>
    public string Axes { get; init; } = "";

    /// <summary>What its weight is and how a checkpoint stores it, or null where it has none.</summary>
    public string? Weight { get; init; }

    /// <summary>Which axes it ties, so that they can only be cut together.</summary>
    public string Ties { get; init; } = "";

    /// <summary>The keys that each of its nodes needs.</summary>
    public IReadOnlyList<string> RequiredKeys =>
    [
        "op",
        .. Inputs.Select(input => input.Role),
        .. OutputOf is null ? ["out"] : System.Array.Empty<string>(),
        .. HasWeight ? ["weight"] : System.Array.Empty<string>(),
        .. Attributes.Where(attribute => attribute is { IsRequired: true, Group: null }).Select(attribute => attribute.Key),
        .. Name == "choose" ? ["when"] : System.Array.Empty<string>(),
    ];

    /// <summary>All keys that its nodes may have.</summary>
    public IReadOnlyList<string> Keys => [.. RequiredKeys.Concat(Attributes.Select(attribute => attribute.Group ?? attribute.Key)).Append("when").Distinct()];

    /// <summary>Whether it has a weight.</summary>
    public bool HasWeight => Weight is not null;
}
