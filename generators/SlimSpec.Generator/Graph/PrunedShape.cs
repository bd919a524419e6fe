using System.Collections.Generic;
using System.Linq;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Graph;

/// <summary>The sizes after all cuts. A local cut removes the same number of units whatever the scores are.</summary>
internal static class PrunedShape
{
    /// <summary>Sizes of each layer by dimension, or null for a recipe without cuts.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, int>>? Of(RecipeGraph graph)
    {
        if (graph.Recipe.Prune.Count == 0)
        {
            return null;
        }

        var layers = Enumerable.Range(0, graph.Size(DimensionNames.Layers))
            .Select(_ => graph.CutDimensions.ToDictionary(dimension => dimension, graph.Size))
            .ToList();
        foreach (var cut in graph.Recipe.Prune)
        {
            foreach (var structure in graph.Coupling.Structures.Where(s => cut.Targets.Contains(s.Unit)))
            {
                foreach (var layer in structure.IsWholeModel ? Enumerable.Range(0, layers.Count) : cut.Layers)
                {
                    Cut(graph, layers[layer], structure, cut);
                }
            }
        }

        return layers;
    }

    /// <summary>Channels of a unit: <c>head_dim</c> for heads and KV groups, 1 for channels.</summary>
    public static int ChannelsPerUnit(RecipeGraph graph, Structure structure) =>
        structure.Members.First(member => member.IsScored && member.Grouped is null).Inner.Aggregate(1, (product, dimension) => product * graph.Size(dimension));

    private static void Cut(RecipeGraph graph, Dictionary<string, int> sizes, Structure structure, WidthCutModel cut)
    {
        var channels = ChannelsPerUnit(graph, structure);
        var units = sizes[structure.Dimension];
        // Of query heads, equally many stay in each KV group.
        var groups = structure.Within is { } within ? (sizes.TryGetValue(within, out var count) ? count : graph.Size(within)) : 1;
        var kept = groups * UnitBudget.Kept(units / groups, channels, cut.Sparsity, cut.Steps, cut.RoundTo);
        foreach (var grouped in structure.Members.Select(member => member.Grouped).OfType<string>().Distinct())
        {
            sizes[grouped] = sizes[grouped] / units * kept;
        }

        sizes[structure.Dimension] = kept;
    }
}
