using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>The terms of a model's size and cost, as C# over the sizes of a layer's or the model's shape.</summary>
internal static class CostTerms
{
    /// <summary>Elements of each weight and bias.</summary>
    public static IEnumerable<(string Term, string Remark)> Parameters(RecipeGraph graph, SectionWeights weights)
    {
        foreach (var stored in weights.Stored)
        {
            foreach (var node in stored.Nodes)
            {
                var axis = graph.Axis(stored.Section, node.Name);
                var output = Width(graph, axis);
                if (!stored.IsTied)
                {
                    var axes = node.Op == "linear" ? [.. axis, .. graph.Axis(stored.Section, node.Input())] : axis;
                    yield return (InBranch(graph, node, axes, string.Empty, node.Op switch
                    {
                        "linear" => $"(long){output} * {Width(graph, graph.Axis(stored.Section, node.Input()))}",
                        "embedding" => $"(long){Parenthesised(RecipeGraph.TableRows(node, graph.Property))} * {output}",
                        _ => $"(long){output}",
                    }), SectionWeights.Label(node, Stored.Weight));
                }

                if (stored.HasBias)
                {
                    yield return (InBranch(graph, node, axis, string.Empty, $"(long){output}"), SectionWeights.Label(node, Stored.Bias));
                }
            }
        }
    }

    /// <summary>
    /// Multiply-accumulates of each node. Counted as LLM-Pruner's tables are: two a norm's element, two a rotated element, one
    /// a softmax element and one a product's, none for activations, biases and residual adds.
    /// </summary>
    public static IEnumerable<(string Term, string Remark)> MultiplyAccumulates(RecipeGraph graph, GraphSections section)
    {
        foreach (var node in graph.Nodes(section))
        {
            var axis = graph.Axis(section, node.Name);
            var width = Width(graph, axis);
            switch (node.Op)
            {
                case "rms_norm" or "layer_norm":
                    yield return (InBranch(graph, node, axis, string.Empty, $"2L * tokens * {width}"), node.Name);
                    break;
                case "linear":
                    var input = graph.Axis(section, node.Input());
                    yield return (InBranch(graph, node, [.. axis, .. input], string.Empty, $"{(section == GraphSections.Layer ? "tokens" : "(long)tokens")} * {Width(graph, input)} * {width}"), node.Name);
                    break;
                case "mul":
                    yield return ($"{(section == GraphSections.Layer ? "tokens" : "(long)tokens")} * {width}", node.Name);
                    break;
                case "attention":
                    foreach (var term in Attention(graph, node))
                    {
                        yield return term;
                    }

                    break;
            }
        }
    }

    /// <summary>A term that counts only in layers with the node's branch; where a size among its factors is 0 without it, it is 0 by itself.</summary>
    /// <param name="graph">The recipe.</param>
    /// <param name="node">The node.</param>
    /// <param name="factors">Dimensions among the factors.</param>
    /// <param name="layer">C# in front of a property of the layer's shape.</param>
    /// <param name="term">The term.</param>
    public static string InBranch(RecipeGraph graph, GraphNode node, IEnumerable<string> factors, string layer, string term) =>
        graph.BranchOf(node) is { } branch && !factors.Any(branch.Dimensions.Contains) ? $"({layer}{branch.Has} ? {term} : 0)" : term;

    private static IEnumerable<(string Term, string Remark)> Attention(RecipeGraph graph, GraphNode node)
    {
        var (q, k) = (graph.Axis(GraphSections.Layer, node.Input("q")), graph.Axis(GraphSections.Layer, node.Input("k")));
        var (heads, kvHeads, headDim) = (graph.Property(q[0]), graph.Property(k[0]), graph.Property(q[1]));
        if (graph.Rotary is { } rotary)
        {
            var turned = rotary.Dims == rotary.HeadDim ? headDim : rotary.Dims.ToString(CultureInfo.InvariantCulture);
            yield return (InBranch(graph, node, graph.IsCut(k[0]) ? q : [], string.Empty, $"2 * tokens * ({heads} + {kvHeads}) * {turned}"), "rotation");
        }

        yield return ($"{heads} * ((2 * tokens * tokens * {headDim}) + (tokens * tokens))", "scores, softmax, values");
    }

    private static string Width(RecipeGraph graph, IEnumerable<string> axis) => string.Join(" * ", axis.Select(graph.Property));

    private static string Parenthesised(string term) => term.Contains(" + ") ? $"({term})" : term;
}
