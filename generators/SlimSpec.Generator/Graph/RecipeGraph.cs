using System;
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
    private readonly HashSet<string> _cut;

    public RecipeGraph(RecipeModel recipe)
    {
        Recipe = recipe;
        Coupling = new(recipe.Architecture);
        Branches = recipe.Prune.OfType<DepthCutModel>().Any(cut => cut.Unit != DepthCutModel.Block) ? Branch.Of(recipe.Architecture, Coupling.LayerDimensions) : [];
        LayerWeights = new(BranchOf, (GraphSections.Layer, recipe.Architecture.Layer));
        OuterWeights = new(
            _ => null,
            (GraphSections.Embedding, recipe.Architecture.Embedding),
            (GraphSections.Head, [.. recipe.Architecture.Head.Where(node => !IsTied(node) || node.HasBias)]));
        _sizes = recipe.Dimensions.ToDictionary(dimension => dimension.Name, dimension => dimension.Size);
        _cut = [.. CutDimensions];
        var compensating = recipe.Prune.OfType<WidthCutModel>().Where(cut => cut.Compensate != "none").ToList();
        Compensated = [.. Coupling.Structures.Where(structure => compensating.Any(cut => cut.Targets.Contains(structure.Unit)))];
        IsObserved = compensating.Count > 0 || recipe.Prune.OfType<WidthCutModel>().Any(cut => cut.Score is "wanda" or "flap" or "activation");
        WatchedBranches = [.. Watched(recipe)];
        LoraTargets = [.. recipe.Recover.SelectMany(step => step.Lora?.TargetModules ?? []).Distinct()];
        AttentionNode = Architecture.Layer.First(node => node.Op == "attention");
        Rotary = Rotary.Of(this);
    }

    public RecipeModel Recipe { get; }

    public ArchitectureModel Architecture => Recipe.Architecture;

    public Coupling Coupling { get; }

    public SectionWeights LayerWeights { get; }

    /// <summary>Weights of the embedding and the head; of a tied head its bias, if it has one.</summary>
    public SectionWeights OuterWeights { get; }

    /// <summary>The branches that a layer may lack: all of them where some depth cut is about one, otherwise none.</summary>
    public IReadOnlyList<Branch> Branches { get; }

    /// <summary>Structures for whose channels some cut makes up: the linears that read them have a bias.</summary>
    public IReadOnlyList<Structure> Compensated { get; }

    /// <summary>Whether some cut looks at what linears read.</summary>
    public bool IsObserved { get; }

    /// <summary>Nodes by which attention and MLP enter the stream, where the exits compare what they give, and the method that shows it.</summary>
    public IReadOnlyList<(string Node, string Show)> WatchedBranches { get; }

    /// <summary>Last parts of the names of the linears that some recovery adapts.</summary>
    public IReadOnlyList<string> LoraTargets { get; }

    public GraphNode AttentionNode { get; }

    /// <summary>How queries and keys are rotated, or null.</summary>
    public Rotary? Rotary { get; }

    /// <summary>Dimensions that a cut can change, those of the whole model first: the fields of a layer's shape.</summary>
    public IEnumerable<string> CutDimensions => Coupling.ModelDimensions.Concat(Coupling.LayerDimensions);

    public int Size(string dimension) => _sizes[dimension];

    /// <summary>The dimension that this configuration makes one with another, by that one's name; else its own.</summary>
    public string NameOf(string dimension) => Definition(dimension).SameAs ?? dimension;

    /// <summary>A dimension's default, an expression over others.</summary>
    public string DefaultOf(string dimension) => Definition(dimension).Default!;

    public bool IsCut(string dimension) => _cut.Contains(dimension);

    public EquatableArray<GraphNode> Nodes(GraphSections section) => section switch
    {
        GraphSections.Embedding => Architecture.Embedding,
        GraphSections.Layer => Architecture.Layer,
        _ => Architecture.Head,
    };

    /// <summary>Weights of a section's nodes.</summary>
    public SectionWeights WeightsOf(GraphSections section) => section == GraphSections.Layer ? LayerWeights : OuterWeights;

    /// <summary>The branch that a node of the layer goes with, if layers may lack it.</summary>
    public Branch? BranchOf(GraphNode node) => Branches.FirstOrDefault(branch => branch.Contains(node));

    public bool IsLoraTarget(GraphNode node) => node.Op == "linear" && LoraTargets.Contains(CSharpNames.LastPart(node.Weight!));

    /// <summary>Whether a head linear has no weight of its own but uses the embedding's table.</summary>
    public static bool IsTied(GraphNode node) => node.Attribute("tied.to") is not null;

    /// <summary>The embedding node whose table a tied linear uses.</summary>
    public GraphNode TableOf(GraphNode tied) => Architecture.Embedding.First(node => node.Weight == tied.Attribute("tied.to"));

    /// <summary>The value of a constant, or of a number written out.</summary>
    public double Value(string text) =>
        Recipe.Constants.FirstOrDefault(constant => constant.Name == text) is { } constant
            ? constant.Value.Number ?? throw new InvalidOperationException($"The constant '{text}' is no number.")
            : double.Parse(text, CultureInfo.InvariantCulture);

    private DimensionDefinition Definition(string dimension) => Architecture.Dimensions.First(each => each.Name == dimension);

    /// <summary>C# for a dimension: what <paramref name="scope"/> makes of one that a cut can change, a constant otherwise.</summary>
    public string Dimension(string dimension, Func<string, string> scope) => IsCut(dimension) ? scope(dimension) : $"Dims.{CSharpNames.Pascal(dimension)}";

    /// <summary>C# for a dimension, where those that a cut can change are locals (<c>kvHeads</c>).</summary>
    public string Local(string dimension) => Dimension(dimension, CSharpNames.Camel);

    /// <summary>C# for a dimension, where those that a cut can change are properties at hand (<c>KvHeads</c>).</summary>
    public string Property(string dimension) => Dimension(dimension, CSharpNames.Pascal);

    /// <summary>C# for the product of dimensions as locals.</summary>
    public string Width(IEnumerable<string> dimensions) => string.Join(" * ", dimensions.Select(Local));

    /// <summary>C# for a constant's name or a number written out, as an attribute may give either.</summary>
    public string Number(string text) =>
        Recipe.Constants.Any(constant => constant.Name == text)
            ? $"Constants.{CSharpNames.Pascal(text)}"
            : Literals.Double(double.Parse(text, CultureInfo.InvariantCulture));

    /// <summary>C# for a whole number that an attribute gives.</summary>
    public string Integer(string text) => ((long)Value(text)).ToString(CultureInfo.InvariantCulture);

    /// <summary>Dimensions of a node's last axis.</summary>
    public IReadOnlyList<string> Axis(GraphSections section, string node) => Coupling.Axis(section, node);

    private static IEnumerable<(string Node, string Show)> Watched(RecipeModel recipe)
    {
        foreach (var branch in LayerBranches.Of(recipe.Architecture))
        {
            var isAttention = recipe.Architecture.Layer.Any(node => node.Op == "attention" && branch.Nodes.Contains(node.Name));
            if (recipe.Exits?.Features.Contains(isAttention ? "cos_attn" : "cos_mlp") == true)
            {
                yield return (branch.Input, isAttention ? "ShowAttention" : "ShowMlp");
            }
        }
    }

    /// <summary>Rows a table has: its dimension, and those that an offset skips.</summary>
    public static string TableRows(GraphNode embedding, Func<string, string> dimension) =>
        $"{dimension(embedding.Attribute("rows")!)}{(embedding.Attribute("offset") is { } offset && offset != "0" ? $" + {offset}" : string.Empty)}";
}
