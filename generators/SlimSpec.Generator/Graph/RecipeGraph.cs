using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SlimSpec.Generator.Emitting;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Graph;

/// <summary>A recipe with what the emitters need to know of its graph.</summary>
internal sealed class RecipeGraph
{
    private readonly Dictionary<string, int> _sizes;
    private readonly HashSet<string> _layerDimensions;

    public RecipeGraph(RecipeModel recipe)
    {
        Recipe = recipe;
        Coupling = new(recipe.Architecture);
        LayerWeights = new(recipe.Architecture.Layer);
        OuterWeights = new([.. recipe.Architecture.Embedding, .. recipe.Architecture.Head.Where(node => !IsTied(node))]);
        _sizes = recipe.Dimensions.ToDictionary(dimension => dimension.Name, dimension => dimension.Size);
        _layerDimensions = [.. Coupling.LayerDimensions];
        LoraTargets = [.. recipe.Recover.SelectMany(step => step.TargetModules).Distinct()];
    }

    public RecipeModel Recipe { get; }

    public ArchitectureModel Architecture => Recipe.Architecture;

    public Coupling Coupling { get; }

    public SectionWeights LayerWeights { get; }

    /// <summary>Weights of the embedding and the head, without a tied head.</summary>
    public SectionWeights OuterWeights { get; }

    /// <summary>Last parts of the names of the linears that some recovery adapts.</summary>
    public IReadOnlyList<string> LoraTargets { get; }

    public GraphNode EmbeddingNode => Architecture.Embedding[0];

    public GraphNode HeadNode => Architecture.Head[Architecture.Head.Count - 1];

    public IEnumerable<GraphNode> AttentionNodes => Architecture.Layer.Where(node => node.Op == "attention");

    /// <summary>Whether any attention rotates its queries and keys.</summary>
    public bool UsesRotation => AttentionNodes.Any(node => node.Attribute("rope.theta") is not null);

    public bool HasTiedHead => IsTied(HeadNode);

    public int Size(string dimension) => _sizes[dimension];

    public bool IsLayerDimension(string dimension) => _layerDimensions.Contains(dimension);

    public bool IsLoraTarget(GraphNode node) => node.Op == "linear" && LoraTargets.Contains(CSharpNames.LastPart(node.Weight!));

    /// <summary>Whether a head linear has no weight of its own: its <c>tied.when</c> constant is set.</summary>
    public bool IsTied(GraphNode node) =>
        node.Attribute("tied.when") is { } constant && Recipe.Constants.Any(c => c.Name == constant && c.Value.Flag == true);

    /// <summary>C# for a dimension, where layer dimensions are locals (<c>kvHeads</c>) and all others constants (<c>Dims.HeadDim</c>).</summary>
    public string Local(string dimension) => IsLayerDimension(dimension) ? CSharpNames.Camel(dimension) : Constant(dimension);

    /// <summary>C# for a dimension inside the layer shape, where layer dimensions are its properties.</summary>
    public string Property(string dimension) => IsLayerDimension(dimension) ? CSharpNames.Pascal(dimension) : Constant(dimension);

    /// <summary>C# for the product of dimensions as locals.</summary>
    public string Width(IEnumerable<string> dimensions) => string.Join(" * ", dimensions.Select(Local));

    /// <summary>C# for a constant's name or a literal number, as an attribute may give either.</summary>
    public string Number(string text) =>
        Recipe.Constants.Any(constant => constant.Name == text)
            ? $"Constants.{CSharpNames.Pascal(text)}"
            : Literals.Double(double.Parse(text, CultureInfo.InvariantCulture));

    /// <summary>Dimensions of the input that a linear reads.</summary>
    public IReadOnlyList<string> InputAxis(GraphNode node) => Coupling.Axis(node.Input());

    private static string Constant(string dimension) => $"Dims.{CSharpNames.Pascal(dimension)}";
}
