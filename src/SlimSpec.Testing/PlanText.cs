using System.Globalization;

namespace SlimSpec.Testing;

/// <summary>A pruning plan: which layers stay, and in one line a layer how many units do, with a hash over which.</summary>
internal static class PlanText
{
    /// <summary>The text.</summary>
    public static string Of(PruningPlan plan) => SnapshotText.Text(output =>
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"plan of {plan.Origin.Recipe}, seed {plan.Origin.Seed}"));
        output.WriteLine();
        PlanTable.Write(output, plan);
    });
}
