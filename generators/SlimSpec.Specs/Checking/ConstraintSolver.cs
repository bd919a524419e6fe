using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Finds the least that an open cut must remove, or checks that closed ones remove enough.</summary>
/// <param name="cuts">The cuts.</param>
/// <param name="budgets">What must be met.</param>
/// <param name="costs">What sizes cost.</param>
/// <param name="follow">Follows the cuts, with another amount for one of them.</param>
/// <param name="report">Where problems go.</param>
internal sealed class ConstraintSolver(
    IReadOnlyList<Section> cuts,
    IReadOnlyList<Budget> budgets,
    CostModel costs,
    Func<PruneChecker.Amount?, Reporter, PruneChecker.Result> follow,
    Reporter report)
{
    /// <summary>The cuts with the open one's amount solved, if it can be.</summary>
    /// <param name="open">The cut that leaves its amount open, or null.</param>
    /// <param name="isAmbiguous">Whether others do too, which has been reported.</param>
    /// <param name="isEmpty">Whether the constraints say nothing, not even something wrong.</param>
    /// <param name="place">Where the constraints are.</param>
    public PruneChecker.Result Solve(Section? open, bool isAmbiguous, bool isEmpty, Place place)
    {
        if (budgets.Count == 0 && isEmpty)
        {
            report.Add(Rules.MissingKey, place, "'constraints' needs one of the keys 'params', 'macs', 'memory_mb' and 'kv_cache_mb'");
        }

        if (budgets.Count == 0 || isAmbiguous)
        {
            return follow(null, report);
        }

        if (open is null)
        {
            return Check();
        }

        return PruneChecker.IsDepth(open) || open.Get(WidthCutKeys.Scope).Value == "layer" ? SolveAtBuild(open) : SolveLater(open);
    }

    private PruneChecker.Result Check()
    {
        var before = report.Count;
        var result = follow(null, report);
        foreach (var budget in budgets.Where(budget => report.Count == before && result.Sizes is { } sizes && CostOf(budget, sizes) is { } cost && !budget.IsMet(cost)).ToList())
        {
            var cost = CostOf(budget, result.Sizes!)!;
            report.Add(Rules.OverBudget, budget.Place, $"'{budget.Key}' allows {Number(budget.Most)}, and {(cuts.Count == 0 ? "the model has" : "the cuts leave")} {budget.Text(cost)}: {Remedy(budget, cost)}");
        }

        return result;
    }

    private PruneChecker.Result SolveAtBuild(Section open)
    {
        var index = Index(open);
        var without = follow(new(index, 0), new());
        if (without.Sizes is not { } sizes || WhoHides(sizes) is { } hides && Report(Rules.Conflict, open.Place, $"constraints cannot be solved for '{open.Path}' at build: what '{hides}' leaves only scores can tell; say how much '{open.Path}' removes"))
        {
            return follow(null, report);
        }

        if (budgets.All(budget => budget.IsMet(CostOf(budget, sizes)!)))
        {
            report.Add(Rules.RemovesNothing, open.Place, $"'{open.Path}' has nothing to remove: without it {Words.List(budgets.Select(budget => $"'{budget.Key}' is {budget.Text(CostOf(budget, sizes)!)}"), "and")}, which the constraints allow");
            return follow(null, report);
        }

        if (Least(index, budgets, isLocal: false) is { } least)
        {
            return follow(least, report);
        }

        ReportUnreachable(open, isLocal: false);
        return follow(null, report);
    }

    /// <summary>Only scores tell what a global cut leaves; that the budgets are within its reach can be told.</summary>
    private PruneChecker.Result SolveLater(Section open)
    {
        var before = report.Count;
        var result = follow(null, report);
        if (report.Count == before)
        {
            ReportUnreachable(open, isLocal: true);
        }

        return result;
    }

    private void ReportUnreachable(Section open, bool isLocal)
    {
        var most = follow(new(Index(open), Most(open), isLocal), new()).Sizes;
        foreach (var budget in budgets)
        {
            if (most is not null && CostOf(budget, most) is { } cost && !budget.IsMet(cost))
            {
                report.Add(Rules.OutOfReach, budget.Place, $"'{budget.Key}' {Number(budget.Most)} cannot be met: however much '{open.Path}' removes, {budget.Text(cost)} stay: ask for {budget.Text(cost)} or more, or cut elsewhere too");
            }
        }
    }

    /// <summary>The smallest amount of a cut with which budgets are met, or null if there is none.</summary>
    private PruneChecker.Amount? Least(int index, IReadOnlyList<Budget> wanted, bool isLocal)
    {
        // Sizes never grow with the amount, so halving finds it.
        bool Meets(int steps) => follow(new(index, steps, isLocal), new()).Sizes is { } sizes && wanted.All(budget => CostOf(budget, sizes) is { } cost && budget.IsMet(cost));
        var (few, many) = (0, Most(cuts[index]));
        if (!Meets(many))
        {
            return null;
        }

        while (many - few > 1)
        {
            var middle = (int)(((long)few + many) / 2);
            (few, many) = Meets(middle) ? (few, middle) : (middle, many);
        }

        return new(index, many, isLocal);
    }

    /// <summary>Which cut to strengthen, and how much.</summary>
    private string Remedy(Budget budget, ModelCost cost)
    {
        foreach (var cut in cuts.Reverse().Where(CanChange))
        {
            if (Least(Index(cut), [budget], isLocal: false) is { } least)
            {
                return PruneChecker.IsDepth(cut) ? $"'{cut.Path}' would have to remove {least.Steps} layers" : $"'{cut.Path}' would have to have a sparsity of {Number(least.Sparsity)}";
            }
        }

        return cuts.Count == 0 ? "add a cut" : $"no cut alone can remove so much; allow {budget.Text(cost)}, or cut elsewhere too";
    }

    /// <summary>Whether a cut has one number that says how much it removes.</summary>
    private static bool CanChange(Section cut) => PruneChecker.IsDepth(cut)
        ? !cut.Get(DepthCutKeys.Layers).IsWritten
        : cut.Get(WidthCutKeys.Sparsity).Value?.Number is not null && cut.Get(WidthCutKeys.Scope).Value == "layer";

    private static int Most(Section cut) => PruneChecker.IsDepth(cut) ? 1_000_000 : PruneChecker.Amount.Whole - 1;

    private int Index(Section cut) => cuts.ToList().IndexOf(cut);

    /// <summary>What sizes cost of a budget; null where only scores can tell.</summary>
    private ModelCost? CostOf(Budget budget, ModelSizes sizes) =>
        Hidden(budget, sizes) is null ? costs.Of(sizes.LayerCount, (dimension, layer) => sizes.InLayer(dimension, layer), Budget.Tokens) : null;

    private string? WhoHides(ModelSizes sizes) => budgets.Select(budget => Hidden(budget, sizes)).FirstOrDefault(cut => cut is not null);

    private string? Hidden(Budget budget, ModelSizes sizes) =>
        (budget.IsOfCache ? costs.CacheAxis : sizes.Dimensions.Keys).Select(sizes.UnknownSince).FirstOrDefault(cut => cut is not null);

    private bool Report(Rule rule, Place place, string message)
    {
        report.Add(rule, place, message);
        return true;
    }

    private static string Number(double value) => value.ToString(value == Math.Floor(value) && value < 1e15 ? "0" : "R", CultureInfo.InvariantCulture);
}
