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

        var layers = Enumerable.Range(0, graph.Size("layers"))
            .Select(_ => graph.Coupling.LayerDimensions.ToDictionary(d => d, graph.Size))
            .ToList();
        foreach (var cut in graph.Recipe.Prune)
        {
            foreach (var structure in graph.Coupling.Structures.Where(s => cut.Targets.Contains(s.Unit)))
            {
                foreach (var layer in cut.Layers)
                {
                    Cut(graph, layers[layer], structure, cut);
                }
            }
        }

        return layers;
    }

    private static void Cut(RecipeGraph graph, Dictionary<string, int> sizes, Structure structure, WidthCutModel cut)
    {
        var units = sizes[structure.Dimension];
        var channels = structure.Members[0].Inner.Aggregate(1, (product, dimension) => product * graph.Size(dimension));
        var kept = UnitBudget.Kept(units, channels, cut.Sparsity, cut.Steps, cut.RoundTo);
        foreach (var grouped in structure.Members.Select(member => member.Grouped).OfType<string>().Distinct())
        {
            sizes[grouped] = sizes[grouped] / units * kept;
        }

        sizes[structure.Dimension] = kept;
    }
}
