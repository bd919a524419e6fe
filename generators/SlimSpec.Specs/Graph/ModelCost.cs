using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>What a model of some sizes costs, in the same counts as the generated <c>Shape</c> gives them.</summary>
/// <param name="Parameters">Elements of all weights and biases.</param>
/// <param name="MultiplyAccumulates">Multiply-accumulates of one forward pass over one sequence.</param>
/// <param name="CacheElementsPerToken">Elements of keys and values that one token leaves in the cache.</param>
public sealed record ModelCost(long Parameters, long MultiplyAccumulates, long CacheElementsPerToken);

/// <summary>Elements of weights that the pass of one token reads.</summary>
/// <param name="Layers">Those of all layers.</param>
/// <param name="Head">Those of the head; a tied one reads the embedding's table.</param>
/// <param name="CacheProjections">Of the layers', those that make keys and values.</param>
/// <param name="HeadWidth">Width of what the last linear of the head reads.</param>
/// <param name="Vocabulary">Rows of the last linear of the head.</param>
public sealed record ModelReads(long Layers, long Head, long CacheProjections, long HeadWidth, long Vocabulary);

/// <summary>Counts what a model costs, from its graph.</summary>
public sealed class CostModel
{
    private readonly Section _embedding;
    private readonly Section _layer;
    private readonly Section _head;
    private readonly IReadOnlyList<(string Dimension, HashSet<string> Nodes)> _branches;
    private readonly GraphNode _attention;
    private readonly Dictionary<string, double> _constants;

    /// <summary>A model family, resolved, with its constants.</summary>
    public CostModel(ArchitectureModel architecture, IEnumerable<NamedConstant> constants)
    {
        _embedding = new(architecture.Embedding, GraphAxes.OfEmbedding(architecture));
        _layer = new(architecture.Layer, GraphAxes.OfLayer(architecture));
        _head = new(architecture.Head, GraphAxes.OfHead(architecture));
        _branches = [.. LayerBranches.Of(architecture).Select(branch => (architecture.Units.First(unit => unit.Name == branch.Unit).Dimension, new HashSet<string>(branch.Nodes)))];
        _attention = architecture.Layer.First(node => node.Op == "attention");
        _constants = constants.Where(constant => constant.Value.Number is not null).ToDictionary(constant => constant.Name, constant => constant.Value.Number!.Value);
    }

    /// <summary>Dimensions on which the cache depends.</summary>
    internal EquatableArray<string> CacheAxis => _layer.Axes[_attention.Input("k")];

    /// <summary>What a recipe's model costs before all cuts.</summary>
    public static ModelCost Dense(RecipeModel recipe, int tokens)
    {
        var sizes = recipe.Dimensions.ToDictionary(dimension => dimension.Name, dimension => dimension.Size);
        return new CostModel(recipe.Architecture, recipe.Constants).Of(sizes[DimensionNames.Layers], (dimension, _) => sizes[dimension], tokens);
    }

    /// <summary>What a recipe's model costs after all cuts; null where its sizes are not known.</summary>
    public static ModelCost? Pruned(RecipeModel recipe, int tokens)
    {
        if (recipe.Pruned is not { } layers)
        {
            return null;
        }

        var sizes = recipe.Dimensions.ToDictionary(dimension => dimension.Name, dimension => dimension.Size);
        var ofLayers = layers.Select(layer => layer.Sizes.ToDictionary(size => size.Name, size => size.Size)).ToList();
        return new CostModel(recipe.Architecture, recipe.Constants).Of(layers.Count, (dimension, layer) => ofLayers[layer].TryGetValue(dimension, out var size) ? size : sizes[dimension], tokens);
    }

    /// <summary>What sizes cost.</summary>
    /// <param name="layers">Number of layers.</param>
    /// <param name="sizeOf">Size of a dimension in a layer; outside the layers it is asked for layer 0.</param>
    /// <param name="tokens">Tokens of the sequence.</param>
    public ModelCost Of(int layers, Func<string, int, int> sizeOf, int tokens)
    {
        var outer = new[] { _embedding, _head };
        var (parameters, accumulates, cached) = (0L, 0L, 0L);
        foreach (var section in outer)
        {
            parameters += section.Nodes.Sum(node => Parameters(section, node, dimension => sizeOf(dimension, 0)));
            accumulates += section.Nodes.Sum(node => Accumulates(section, node, tokens, dimension => sizeOf(dimension, 0)));
        }

        for (var i = 0; i < layers; i++)
        {
            var layer = i;
            int InLayer(string dimension) => sizeOf(dimension, layer);
            var gone = new HashSet<string>(_branches.Where(branch => InLayer(branch.Dimension) == 0).SelectMany(branch => branch.Nodes));
            foreach (var node in _layer.Nodes.Where(node => !gone.Contains(node.Name)))
            {
                parameters += Parameters(_layer, node, InLayer);
                accumulates += Accumulates(_layer, node, tokens, InLayer);
            }

            cached += gone.Contains(_attention.Name) ? 0 : 2 * Width(CacheAxis, InLayer);
        }

        return new(parameters, accumulates, cached);
    }

    /// <summary>What the pass of one token reads.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    internal ModelReads Reads(int layers, Func<string, int, int> sizeOf)
    {
        int Outside(string dimension) => sizeOf(dimension, 0);
        var (ofLayers, ofCache) = (0L, 0L);
        var projections = new HashSet<string>(new[] { "k", "v" }.Select(role => Projection(_attention.Input(role))));
        for (var i = 0; i < layers; i++)
        {
            var layer = i;
            int InLayer(string dimension) => sizeOf(dimension, layer);
            ofLayers += _layer.Nodes.Sum(node => Parameters(_layer, node, InLayer));
            ofCache += _layer.Nodes.Where(node => projections.Contains(node.Name)).Sum(node => Parameters(_layer, node, InLayer));
        }

        var last = _head.Nodes[_head.Nodes.Count - 1];
        var (rows, width) = (Width(_head.Axes[last.Name], Outside), Width(_head.Axes[last.Input()], Outside));
        var tied = last.Attribute("tied.to") is not null ? rows * width : 0;
        return new(ofLayers, _head.Nodes.Sum(node => Parameters(_head, node, Outside)) + tied, ofCache, width, rows);
    }

    // Behind what makes keys or values there may be a norm or a scale.
    private string Projection(string node)
    {
        var found = _layer.Nodes.First(other => other.Name == node);
        return found.Op == "linear" ? node : Projection(found.Input());
    }

    private static long Parameters(Section section, GraphNode node, Func<string, int> sizeOf)
    {
        if (node.Weight is null)
        {
            return 0;
        }

        var output = Width(section.Axes[node.Name], sizeOf);
        var weight = node.Attribute("tied.to") is not null ? 0 : node.Op switch
        {
            "linear" => output * Width(section.Axes[node.Input()], sizeOf),
            "embedding" => (sizeOf(node.Attribute("rows")!) + (node.Attribute("offset") is { } offset ? int.Parse(offset, CultureInfo.InvariantCulture) : 0L)) * output,
            _ => output,
        };
        return weight + (node.HasBias ? output : 0);
    }

    /// <summary>Counted as LLM-Pruner's tables are: see the generated <c>LayerShape</c>.</summary>
    private long Accumulates(Section section, GraphNode node, long tokens, Func<string, int> sizeOf) => node.Op switch
    {
        "rms_norm" or "layer_norm" => 2 * tokens * Width(section.Axes[node.Name], sizeOf),
        "linear" => tokens * Width(section.Axes[node.Input()], sizeOf) * Width(section.Axes[node.Name], sizeOf),
        "mul" => tokens * Width(section.Axes[node.Name], sizeOf),
        "attention" => Attention(section, node, tokens, sizeOf),
        _ => 0,
    };

    private long Attention(Section section, GraphNode node, long tokens, Func<string, int> sizeOf)
    {
        var (q, k) = (section.Axes[node.Input("q")], section.Axes[node.Input("k")]);
        long heads = sizeOf(q[0]), kvHeads = sizeOf(k[0]), headDim = sizeOf(q[1]);
        var rotation = node.Attribute("rope.theta") is null ? 0 : 2 * tokens * (heads + kvHeads) * Rotated(node, (int)headDim, sizeOf);
        return rotation + (heads * ((2 * tokens * tokens * headDim) + (tokens * tokens)));
    }

    private long Rotated(GraphNode node, int headDim, Func<string, int> sizeOf) =>
        node.Attribute("rope.dims") is { } dimension ? sizeOf(dimension)
        : node.Attribute("rope.fraction") is { } fraction ? ArithmeticChecker.RotaryPart(headDim, Value(fraction))
        : headDim;

    private double Value(string text) => _constants.TryGetValue(text, out var value) ? value : double.Parse(text, CultureInfo.InvariantCulture);

    private static long Width(EquatableArray<string> axis, Func<string, int> sizeOf) => axis.Aggregate(1L, (product, dimension) => product * sizeOf(dimension));

    private sealed record Section(EquatableArray<GraphNode> Nodes, IReadOnlyDictionary<string, EquatableArray<string>> Axes);
}
