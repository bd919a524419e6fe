using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace SlimSpec;

/// <summary>A pruning plan in one line a layer: how many units stay, and a hash over which.</summary>
internal static class PlanTable
{
    /// <summary>Writes which layers stay, and the table.</summary>
    public static void Write(TextWriter output, PruningPlan plan)
    {
        foreach (var layers in plan.Layers)
        {
            output.WriteLine(Line(layers));
        }

        if (plan.Layers.Count > 0)
        {
            output.WriteLine();
        }

        var units = plan.Groups.Select(group => group.Unit).Distinct().ToList();
        var table = new TextTable(["layer", .. units.SelectMany(unit => new[] { $">{unit} kept", "which" })]);
        foreach (var layer in plan.Groups.GroupBy(group => group.Layer))
        {
            table.Add([Name(layer.Key), .. units.SelectMany(unit => Cells(layer.SingleOrDefault(group => group.Unit == unit)))]);
        }

        if (plan.Groups.Count > 0)
        {
            table.Write(output);
        }
    }

    /// <summary>What a layer number stands for.</summary>
    public static string Name(int layer) => layer == StructuredPruner.WholeModel ? "model" : layer.ToString(CultureInfo.InvariantCulture);

    /// <summary>Which layers keep a unit: <c>block: 6 of 8 layers stay, without 3-4</c>.</summary>
    public static string Line(PlanLayers layers)
    {
        var gone = Enumerable.Range(0, layers.Scores.Count).Except(layers.Kept).ToList();
        var verb = layers.Unit == DepthCut.Block ? "stay" : "keep it";
        return string.Create(CultureInfo.InvariantCulture, $"{layers.Unit}: {layers.Kept.Count} of {layers.Scores.Count} layers {verb}{(gone.Count == 0 ? "" : $", without {Numbers.Ranges(gone)}")}");
    }

    private static string?[] Cells(PlanGroup? group) =>
        group is null ? [null, null] : [string.Create(CultureInfo.InvariantCulture, $"{group.Kept.Count:N0} of {group.Scores.Count:N0}"), Hash(group.Kept)];

    // Of the numbers as 32-bit little-endian integers; eight digits tell two selections apart well enough to ask why.
    private static string Hash(IReadOnlyList<int> kept)
    {
        var bytes = new byte[sizeof(int) * kept.Count];
        for (var i = 0; i < kept.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(sizeof(int) * i), kept[i]);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes))[..8];
    }
}
