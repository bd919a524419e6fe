using System.Collections.Generic;
using System.Linq;
using SlimSpec.Generator.Emitting;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Graph;

/// <summary>A branch that layers of the recipe may lack, with what generated code calls it.</summary>
/// <param name="of">The branch.</param>
/// <param name="dimensions">Dimensions that are 0 in a layer without it, those that a cut can change; at least one.</param>
internal sealed class Branch(LayerBranch of, IReadOnlyList<string> dimensions)
{
    private readonly HashSet<string> _nodes = [.. of.Nodes];

    /// <summary>The unit it is called by: <c>attention</c>.</summary>
    public string Unit => of.Unit;

    /// <summary>Dimensions that are 0 in a layer without it.</summary>
    public IReadOnlyList<string> Dimensions => dimensions;

    /// <summary>Name of the node by which it enters the residual add.</summary>
    public string Input => of.Input;

    /// <summary>Property of a layer's shape that says whether the layer has it: <c>HasAttention</c>.</summary>
    public string Has => $"Has{CSharpNames.Pascal(Unit)}";

    /// <summary>Field of a block that says whether it runs: <c>_runsAttention</c>.</summary>
    public string RunsField => $"_runs{CSharpNames.Pascal(Unit)}";

    /// <summary>Whether a node of the layer is part of it.</summary>
    public bool Contains(GraphNode node) => _nodes.Contains(node.Name);

    /// <summary>Whether it enters an add.</summary>
    public bool Enters(GraphNode node) => node.Name == of.Add.Name;

    /// <summary>The branches of a layer's graph, in its order.</summary>
    /// <param name="architecture">The architecture.</param>
    /// <param name="layerDimensions">The dimensions that a cut can change layer by layer.</param>
    public static IReadOnlyList<Branch> Of(ArchitectureModel architecture, IReadOnlyList<string> layerDimensions) =>
        [.. LayerBranches.Of(architecture)
            .OrderBy(branch => architecture.Layer.TakeWhile(node => node.Name != branch.Input).Count())
            .Select(branch => new Branch(
                branch,
                [.. layerDimensions.Where(dimension => architecture.Layer.Any(node => branch.Nodes.Contains(node.Name) && node.Out.Contains(dimension)))]))];
}
