using System;
using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks low-rank adapters.</summary>
/// <param name="architecture">The architecture.</param>
/// <param name="sizes">The sizes after all cuts, or null where they cannot be told.</param>
/// <param name="rankKey">How the key of the rank is called.</param>
/// <param name="report">Where problems go.</param>
internal sealed class AdapterChecker(ArchitectureModel? architecture, ModelSizes? sizes, string rankKey, Reporter report)
{
    /// <summary>Checks rank and targets.</summary>
    public LoraModel Check(Field<int> rank, Field<double> alpha, Field<double> dropout, Field<IReadOnlyList<Located<string>>> written)
    {
        var linears = architecture?.Layer.Where(node => node.Op == "linear").ToList() ?? [];
        var known = linears.Select(LastPart).Distinct().ToList();
        var targets = written.IsWritten ? written.Value.Select(target => target.Value).ToList() : known;
        if (architecture is not null && written.IsWritten)
        {
            foreach (var target in written.Value.Where(target => !known.Contains(target.Value)))
            {
                report.Add(Rules.UnknownModule, target.Place, $"the layers of '{architecture.Name}' have no linear {Words.Quote(target.Value)}{Words.Hint(target.Value, known)}");
            }
        }

        if (sizes?.AreKnown == true && rank.HasValue)
        {
            CheckRank(rank, linears.Where(linear => targets.Contains(LastPart(linear))));
        }

        return new(rank.Value, alpha.Value, dropout.Value, new(targets));
    }

    private void CheckRank(Field<int> rank, IEnumerable<GraphNode> linears)
    {
        var axes = GraphAxes.OfLayer(architecture!);
        var tightest = linears.GroupBy(linear => linear.Weight).SelectMany(parts => Enumerable.Range(0, sizes!.LayerCount).Select(layer => (
            Linear: LastPart(parts.First()),
            Layer: layer,
            Rows: parts.Sum(part => sizes.InLayer(part.Out, layer)),
            Columns: sizes.InLayer(axes[parts.First().Input()], layer)))).OrderBy(weight => Math.Min(weight.Rows, weight.Columns)).FirstOrDefault(weight => weight is { Rows: > 0, Columns: > 0 });
        if (tightest.Linear is not null && rank.Value > Math.Min(tightest.Rows, tightest.Columns))
        {
            report.Add(Rules.RankTooLarge, rank.Place, $"'{rankKey}' {rank.Value} is more than '{tightest.Linear}' has in layer {tightest.Layer}, which is {tightest.Rows} x {tightest.Columns} after the cuts");
        }
    }

    private static string LastPart(GraphNode linear) => linear.Weight!.Substring(linear.Weight.LastIndexOf('.') + 1);
}
