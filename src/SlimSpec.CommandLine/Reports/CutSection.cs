using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>What was cut where, and what had to be cut together.</summary>
internal static class CutSection
{
    // More rows than a structure's members hardly have; those of the whole model do, in every layer.
    private const int MostWeights = 12;

    /// <summary>Adds the section; nothing where nothing was cut.</summary>
    public static void Add(HtmlReport page, RunContents run)
    {
        if (run.Plan is { } plan)
        {
            page.AddSection("What was cut where", "The units that a cut may remove are ranked by their importance, and the least important ones go. Layers and units have the dense model's numbers.");
            var kept = KeptUnits.Of(plan, Depth(run.Record, plan));
            foreach (var layers in plan.Layers)
            {
                page.AddNote(PlanTable.Line(layers));
            }

            if (kept.Count > 0)
            {
                page.AddFigure(KeptChart.Of("What stays of each structure", kept));
                page.AddTable(Kept(kept, run.Record.Structures));
            }

            foreach (var unit in kept.Where(unit => unit.Layers.Any(layer => layer.Kept is not null)))
            {
                page.AddFigure(UnitMap.Of(unit));
            }
        }

        if (run.Record.Structures.Count > 0)
        {
            page.AddTable(Structures(run.Record.Structures));
        }
    }

    private static int Depth(RunRecord run, PruningPlan plan) => run.Layers
        ?? (plan.Layers is [var layers, ..] ? layers.Scores.Count : plan.Groups.Select(group => group.Layer + 1).DefaultIfEmpty(1).Max());

    private static ReportTable Kept(IReadOnlyList<KeptUnits> kept, IReadOnlyList<CoupledStructure> structures) => new(
        "What stays, in numbers",
        ["structure", "one unit of it", ">layers cut", ">layers gone", ">stays where cut", ">stays of all"],
        [.. kept.Select(unit => new[]
        {
            unit.Unit,
            Unit(structures.FirstOrDefault(structure => structure.Unit == unit.Unit)),
            unit.IsWholeModel ? "all" : Count(unit.Layers.Count(layer => layer.Kept is { } units && units.Count < layer.Of)),
            unit.IsWholeModel ? "-" : Count(unit.Layers.Count(layer => layer.IsGone)),
            unit.Layers.Any(layer => layer.Kept is not null) ? ExitCharts.Percent(unit.Layers.Where(layer => layer.Kept is not null).Average(layer => layer.Share)) : "-",
            ExitCharts.Percent(unit.Layers.Average(layer => layer.Share)),
        })],
        []);

    private static ReportTable Structures(IReadOnlyList<CoupledStructure> structures) => new(
        "Coupled structures: weights that can only be cut together",
        ["structure", "one unit of it", "rows and columns that go with a unit"],
        [.. structures.Select(structure => new[] { structure.Unit, Unit(structure), Members(structure) })],
        ["Found by the build from the model's graph: an axis that is added, multiplied or projected ties the weights on both of its sides."]);

    private static string Unit(CoupledStructure? structure) => structure is null ? "" : $"one of {structure.Dimension}{(structure.IsWholeModel ? ", the same in all layers" : "")}";

    private static string Members(CoupledStructure structure)
    {
        var shown = structure.Members.Take(MostWeights).Select(member => $"{member.Weight} ({StructureTable.Axis(member)}{(member.ChannelsPerUnit == "1" ? "" : $", {member.ChannelsPerUnit} each")})");
        return string.Join(", ", shown) + (structure.Members.Count > MostWeights ? string.Create(CultureInfo.InvariantCulture, $" and {structure.Members.Count - MostWeights} more") : "");
    }

    private static string Count(int number) => number.ToString(CultureInfo.InvariantCulture);
}
