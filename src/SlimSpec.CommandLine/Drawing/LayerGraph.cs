using System.Text.Json.Serialization;

namespace SlimSpec.CommandLine;

/// <summary>An architecture as it is shown: its nodes in order, and which structure each axis of each weight belongs to.</summary>
/// <param name="Name">Of the architecture, or of the recipe that uses it.</param>
/// <param name="Architecture">Name of the architecture.</param>
/// <param name="Class">What transformers calls it.</param>
/// <param name="ModelTypes">Values of <c>model_type</c> that it describes.</param>
/// <param name="Parts">Embedding, layer and head.</param>
/// <param name="Structures">The coupled structures.</param>
internal sealed record LayerGraph(
    string Name,
    string Architecture,
    string Class,
    IReadOnlyList<string> ModelTypes,
    IReadOnlyList<GraphPart> Parts,
    IReadOnlyList<ShownStructure> Structures);

/// <summary>A section of the graph.</summary>
/// <param name="Name"><c>embedding</c>, <c>layer</c> or <c>head</c>.</param>
/// <param name="Caption">What else to say of it: how many layers there are, how their weights are named.</param>
/// <param name="Inputs">What its nodes read from outside: <c>x</c>, or <c>ids</c> and <c>positions</c>.</param>
/// <param name="Nodes">Its nodes, in the order of the file.</param>
internal sealed record GraphPart(string Name, string Caption, IReadOnlyList<ShownInput> Inputs, IReadOnlyList<ShownNode> Nodes)
{
    /// <summary>Name and caption.</summary>
    [JsonIgnore]
    public string Heading => $"{Name} {Caption}".TrimEnd();
}

/// <summary>What a section reads from outside.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Structures">Letters of the structures that its channels belong to.</param>
internal sealed record ShownInput(string Name, IReadOnlyList<string> Structures);

/// <summary>A node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Op">Its operation.</param>
/// <param name="Inputs">The nodes it reads.</param>
/// <param name="Out">Its last axis: <c>heads * head_dim</c>.</param>
/// <param name="Structures">Letters of the structures that this axis belongs to.</param>
/// <param name="Weight">Name of its weight, with what else is stored: <c>attn.c_attn[q] + bias</c>; null if it has none.</param>
/// <param name="Axes">The axes of what it stores.</param>
/// <param name="Remarks">Its further keys, as they are read: <c>rope theta</c>.</param>
/// <param name="When">The condition under which it is there, or null.</param>
internal sealed record ShownNode(
    string Name,
    string Op,
    IReadOnlyList<string> Inputs,
    string Out,
    IReadOnlyList<string> Structures,
    string? Weight,
    IReadOnlyList<ShownAxis> Axes,
    IReadOnlyList<string> Remarks,
    string? When);

/// <summary>An axis of something stored.</summary>
/// <param name="Name"><c>rows</c> (the output side), <c>columns</c> (the input side) or <c>slopes</c>.</param>
/// <param name="Label">Its dimensions: <c>heads * head_dim</c>.</param>
/// <param name="Structures">Letters of the structures it belongs to.</param>
internal sealed record ShownAxis(string Name, string Label, IReadOnlyList<string> Structures);

/// <summary>A coupled structure.</summary>
/// <param name="Letter">How axes refer to it.</param>
/// <param name="Unit">What a recipe's <c>targets:</c> calls it.</param>
/// <param name="Dimension">The dimension that counts its units.</param>
/// <param name="Description">What one unit is.</param>
internal sealed record ShownStructure(string Letter, string Unit, string Dimension, string Description);
