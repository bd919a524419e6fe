using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>The difference of two plans, for people and for machines.</summary>
internal static class PlanDiffReport
{
    private const int Shown = 6;

    /// <summary>Writes it as a table a line a structure of a layer.</summary>
    public static void Write(TextWriter output, PlanDifference difference)
    {
        if (difference.Layers.Count > 0)
        {
            var layers = new TextTable("layers with", ">in A", ">in B", ">overlap", "only in A", "only in B");
            foreach (var (unit, overlap) in difference.Layers)
            {
                layers.Add([unit, .. Cells(overlap)]);
            }

            layers.Write(output);
            output.WriteLine();
        }

        if (difference.Groups.Count == 0)
        {
            return;
        }

        var units = new TextTable("layer", "unit", ">units", ">in A", ">in B", ">overlap", "only in A", "only in B");
        foreach (var (layer, unit, count, overlap) in difference.Groups)
        {
            units.Add([PlanTable.Name(layer), unit, count, .. Cells(overlap)]);
        }

        foreach (var (unit, share) in difference.Totals)
        {
            units.Add("all", unit, "", "", "", Percent(share), "", "");
        }

        units.Write(output);
    }

    /// <summary>The same for machines; shares from 0 to 1.</summary>
    public static object AsJson(PlanDifference difference) => new
    {
        Layers = difference.Layers.Select(layers => new
        {
            layers.Unit,
            layers.Overlap.KeptA,
            layers.Overlap.KeptB,
            Overlap = layers.Overlap.Share,
            layers.Overlap.OnlyA,
            layers.Overlap.OnlyB,
        }),
        Groups = difference.Groups.Select(group => new
        {
            Layer = group.Layer == StructuredPruner.WholeModel ? (int?)null : group.Layer,
            group.Unit,
            group.Units,
            group.Overlap.KeptA,
            group.Overlap.KeptB,
            Overlap = group.Overlap.Share,
            group.Overlap.OnlyA,
            group.Overlap.OnlyB,
        }),
        Units = difference.Totals.Select(total => new { total.Unit, Overlap = total.Share }),
    };

    private static object?[] Cells(Overlap overlap) => [overlap.KeptA, overlap.KeptB, Percent(overlap.Share), Some(overlap.OnlyA), Some(overlap.OnlyB)];

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %");

    // The first few; a wide layer would fill pages.
    private static string Some(IReadOnlyList<int> numbers)
    {
        var first = string.Join(", ", numbers.Take(Shown));
        return numbers.Count <= Shown ? first : string.Create(CultureInfo.InvariantCulture, $"{first}, ... ({numbers.Count})");
    }
}
