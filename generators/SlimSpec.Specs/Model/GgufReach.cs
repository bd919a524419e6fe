using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Which of llama.cpp's graphs takes a model of some sizes. One piece for the checker, which knows sizes at build, and the exporter: the file is compiled into each.</summary>
/// <param name="uniform">The graph for layers of one size.</param>
/// <param name="uneven">The graph for others, or null.</param>
/// <param name="mayBeZero">Dimensions that may be 0 in a layer under <paramref name="uneven"/>.</param>
/// <param name="written">Dimensions that the file gives.</param>
/// <param name="derived">Dimensions that llama.cpp computes from others, and how.</param>
internal sealed class GgufReach(string uniform, string? uneven, IReadOnlyCollection<string> mayBeZero, IReadOnlyCollection<string> written, IReadOnlyCollection<KeyValuePair<string, string>> derived)
{
    /// <summary>The graph, or why there is none.</summary>
    /// <param name="sizes">The model's sizes.</param>
    /// <param name="isUneven">Whether it is the one for layers of different sizes.</param>
    public ExportProblem? Find(ExportSizes sizes, out bool isUneven)
    {
        var varying = written.Where(sizes.Varies).ToList();
        isUneven = varying.Count > 0;
        if (isUneven && uneven is null)
        {
            return new($"layers differ in {string.Join(", ", varying)}, and llama.cpp's graph '{uniform}' has one size for all", "cut every layer alike: scope: layer, one sparsity, the same layers for every unit");
        }

        foreach (var dimension in written)
        {
            var empty = sizes.Of(dimension).ToList().IndexOf(0);
            if (empty >= 0 && !(isUneven && mayBeZero.Contains(dimension)))
            {
                return new($"layer {empty} has no {dimension}, and llama.cpp's graph '{(isUneven ? uneven : uniform)}' loses such a layer's other branch", "cut that branch narrow instead of away, or drop whole layers");
            }

            if (empty == 0)
            {
                return new($"layer 0 has no {dimension}, and llama.cpp takes the size of a head from that layer", "protect the first layer: protect: { first: 1 }");
            }
        }

        return sizes.FindUnread(derived);
    }
}
