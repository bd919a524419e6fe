using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace SlimSpec.Testing;

/// <summary>A pruning plan in one line a layer: how many units stay, and a hash over which.</summary>
internal static class PlanText
{
    /// <summary>The text.</summary>
    public static string Of(PruningPlan plan) => SnapshotText.Text(output =>
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"plan of {plan.Origin.Recipe}, seed {plan.Origin.Seed}"));
        output.WriteLine();
        var units = plan.Groups.Select(group => group.Unit).Distinct().ToList();
        var table = new TextTable(["layer", .. units.SelectMany(unit => new[] { $">{unit} kept", "which" })]);
        foreach (var layer in plan.Groups.GroupBy(group => group.Layer))
        {
            table.Add([Name(layer.Key), .. units.SelectMany(unit => Cells(layer.SingleOrDefault(group => group.Unit == unit)))]);
        }

        table.Write(output);
    });

    private static string Name(int layer) => layer == StructuredPruner.WholeModel ? "model" : layer.ToString(CultureInfo.InvariantCulture);

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
