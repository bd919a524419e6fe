using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks a cut with <c>cut: depth</c> and follows it through the sizes, where these are known.</summary>
internal sealed class DepthCutChecker(ArchitectureModel? architecture, ModelSizes? sizes, bool hasCalibration, Reporter report)
{
    // A fraction that is meant to give a whole number may miss it by rounding.
    private const double Rounding = 1e-9;

    private static readonly string[] WithoutScores = ["first", "last"];
    private static readonly string[] OfData = ["block_influence", "angular", "perplexity", "taylor"];

    /// <summary>Whether a cut says how much goes.</summary>
    public static bool IsOpen(Section cut) => AmountsOf(cut).All(amount => amount.State == FieldState.Absent);

    /// <summary>Checks the cut.</summary>
    /// <param name="cut">The cut.</param>
    /// <param name="solved">How many layers lose the unit instead of what the spec says or leaves open, at most as many as can; null to take the spec's.</param>
    public DepthCutModel Check(Section cut, int? solved)
    {
        CheckKeys(cut);
        var (written, score, layers) = (cut.Get(DepthCutKeys.Unit), cut.Get(DepthCutKeys.Score), cut.Get(DepthCutKeys.Layers));
        var (isUnit, unit) = FindUnit(written, score);
        var amount = sizes is not null && isUnit ? Follow(cut, unit, solved) : null;
        return new(
            written.Value,
            layers.IsWritten ? null : score.Value,
            amount?.Keep ?? 0,
            amount?.Kept is { } kept ? new(kept) : null,
            new(amount?.Candidates ?? []),
            cut.Get(DepthCutKeys.Search).Value,
            cut.Get(DataKeys.Seed).Value);
    }

    private static IEnumerable<(string Name, FieldState State, Place Place)> AmountsOf(Section cut)
    {
        var (keep, remove, sparsity, layers) = (cut.Get(DepthCutKeys.Keep), cut.Get(DepthCutKeys.Remove), cut.Get(DepthCutKeys.Sparsity), cut.Get(DepthCutKeys.Layers));
        return
        [
            (DepthCutKeys.Keep.Name, keep.State, keep.Place),
            (DepthCutKeys.Remove.Name, remove.State, remove.Place),
            (DepthCutKeys.Sparsity.Name, sparsity.State, sparsity.Place),
            (DepthCutKeys.Layers.Name, layers.State, layers.Place),
        ];
    }

    private void CheckKeys(Section cut)
    {
        var (score, layers, search, protect) = (cut.Get(DepthCutKeys.Score), cut.Get(DepthCutKeys.Layers), cut.Get(DepthCutKeys.Search), cut.Get(CutKeys.Protect));
        var amounts = AmountsOf(cut).Where(amount => amount.State != FieldState.Absent).OrderBy(amount => amount.Place.Start).ToList();
        foreach (var (name, _, place) in amounts.Skip(1))
        {
            report.Add(Rules.Conflict, place, $"'{amounts[0].Name}' says already how many layers stay: write it or '{name}'");
        }

        if (layers.State != FieldState.Absent && score.IsWritten)
        {
            report.Add(Rules.Conflict, score.Place, $"'layers' says which layers stay, and score {score.Value} would choose them");
        }
        else if (layers.State == FieldState.Absent && score.State == FieldState.Absent)
        {
            report.Add(Rules.MissingKey, cut.Place, $"'{cut.Path}' needs the key 'score' (how layers are chosen), or 'layers' (which stay)");
        }

        var named = layers.IsWritten ? "'layers'" : score.IsWritten && WithoutScores.Contains(score.Value) ? $"score {score.Value}" : null;
        if (search.IsWritten && (named ?? (score.Value == "angular" ? "score angular" : null)) is { } direct)
        {
            report.Add(Rules.Conflict, search.Place, $"'search' is for scores that rank layer by layer, and {direct} {(direct == "score angular" ? "finds a run of layers" : "says which stay")}");
        }

        if (protect.IsWritten && named is not null)
        {
            report.Add(Rules.Conflict, protect.Place, $"'protect' is for scores, and {named} says which layers stay");
        }

        if (score.IsWritten && OfData.Contains(score.Value) && !hasCalibration)
        {
            report.Add(Rules.NeedsCalibration, score.Place, $"score {score.Value} needs data: add calibration: {{ dataset: ... }}");
        }
    }

    /// <summary>The unit whose branch goes, null for whole layers; and whether it is one of these.</summary>
    private (bool IsKnown, UnitDefinition? Unit) FindUnit(Field<string> unit, Field<string> score)
    {
        if (!unit.HasValue || unit.Value == DepthCutModel.Block)
        {
            return (unit.HasValue, null);
        }

        if (score.IsWritten && score.Value == "angular")
        {
            report.Add(Rules.Conflict, score.Place, $"score angular is for whole layers, not for the branch of '{Words.Shorten(unit.Value)}'");
        }

        if (architecture is null)
        {
            return (false, null);
        }

        var branches = LayerBranches.Of(architecture).Select(branch => branch.Unit).ToList();
        if (branches.Contains(unit.Value))
        {
            return (true, architecture.Units.First(known => known.Name == unit.Value));
        }

        report.Add(Rules.UnknownTarget, unit.Place, architecture.Units.Any(known => known.Name == unit.Value)
            ? $"'{unit.Value}' is no branch of a layer of '{architecture.Name}'; known: {string.Join(", ", branches.Prepend(DepthCutModel.Block))}"
            : $"the layers of '{architecture.Name}' have no branch {Words.Quote(unit.Value)}{Words.Hint(unit.Value, branches.Prepend(DepthCutModel.Block))}");
        return (false, null);
    }

    private Amount? Follow(Section cut, UnitDefinition? unit, int? solved)
    {
        var (score, layers) = (cut.Get(DepthCutKeys.Score), cut.Get(DepthCutKeys.Layers));
        var isScattered = unit is not null && (sizes!.IsScattered(unit.Dimension) || sizes.UnknownSince(unit.Dimension) is not null);
        if (isScattered && (layers.IsWritten || WithoutScores.Contains(score.Value ?? "")))
        {
            report.Add(Rules.Conflict, layers.IsWritten ? layers.Place : score.Place, $"which layers still have '{unit!.Name}' only the scores of an earlier cut can tell: they cannot be named here");
            return null;
        }

        var having = Enumerable.Range(0, sizes!.LayerCount).Where(layer => unit is null || isScattered || sizes.Count(unit, layer) > 0).ToList();
        var count = unit is null ? having.Count : having.Count(layer => sizes.Count(unit, layer) > 0);
        var candidates = having;
        if (layers.State == FieldState.Absent && !WithoutScores.Contains(score.Value ?? ""))
        {
            var before = report.Count;
            var free = new LayerChooser(sizes, report).Choose(null, cut.Get(CutKeys.Protect), cut.Place);
            if (report.Count > before)
            {
                return null;
            }

            candidates = [.. having.Intersect(free)];
        }

        var most = Math.Min(count - 1, candidates.Count);
        if (Removed(cut, unit, having, count, most, solved) is not { } removed)
        {
            return null;
        }

        if (removed == 0)
        {
            return new(count, isScattered ? null : having, candidates);
        }

        var kept = Kept(cut, having, count - removed);
        Note(cut, unit, having, kept, removed, candidates);
        return new(count - removed, kept, candidates);
    }

    /// <summary>How many layers lose the unit, or null where that cannot be told or done.</summary>
    private int? Removed(Section cut, UnitDefinition? unit, List<int> having, int count, int most, int? solved)
    {
        var (keep, remove, sparsity, layers) = (cut.Get(DepthCutKeys.Keep), cut.Get(DepthCutKeys.Remove), cut.Get(DepthCutKeys.Sparsity), cut.Get(DepthCutKeys.Layers));
        if (solved is { } amount)
        {
            return Math.Max(0, Math.Min(amount, most));
        }

        var what = unit is null ? "layers" : $"layers with '{unit.Name}'";
        var (removed, place, words) =
            layers.IsWritten ? (count - Listed(layers, unit, having), layers.Place, "'layers'")
            : keep.IsWritten ? (count - keep.Value, keep.Place, $"'keep' {keep.Value}")
            : remove.IsWritten ? (remove.Value, remove.Place, $"'remove' {remove.Value}")
            : sparsity.IsWritten ? ((int)Math.Floor((sparsity.Value * count) + Rounding), sparsity.Place, $"sparsity {sparsity.Value.ToString("R", CultureInfo.InvariantCulture)}")
            : (int.MinValue, cut.Place, "");
        if (removed == int.MinValue || removed > count)
        {
            if (remove.IsWritten)
            {
                ReportTooMany();
            }

            return null;
        }

        // Series of cuts go from one layer to all.
        if (removed == 0 && keep.IsWritten)
        {
            return 0;
        }

        if (removed <= 0)
        {
            var remedy = count < 2 || most < 1 ? "none can go" : sparsity.IsWritten ? $"the smallest sparsity that does is {(Math.Ceiling(1e4 / count) / 1e4).ToString("R", CultureInfo.InvariantCulture)}" : $"at most {(keep.IsWritten ? count : count - 1)} can stay";
            report.Add(Rules.RemovesNothing, place, $"{words} removes nothing from {Here(count, what)}: {remedy}");
            return null;
        }

        if (removed > most)
        {
            ReportTooMany();
            return null;
        }

        return removed;

        void ReportTooMany()
        {
            var why = most == count - 1 ? "one stays at least" : $"{count - most} are protected";
            report.Add(Rules.OutOfRange, place, $"{words} would remove {removed} of {Here(count, what)}: at most {Math.Max(0, most)} can go, for {why}");
        }
    }

    private string Here(int count, string what) => sizes!.DepthCut is { } cut ? $"the {count} {what} that {cut} leaves" : $"the model's {count} {what}";

    /// <summary>How many layers a list keeps; those that have the unit no more are named in vain.</summary>
    private int Listed(Field<IReadOnlyList<Located<LayerRange>>> layers, UnitDefinition? unit, List<int> having)
    {
        var (numbers, areInRange) = new LayerChooser(sizes!, report).Numbers(layers.Value);
        foreach (var layer in numbers.Except(having).Take(1))
        {
            report.Add(Rules.LayerRange, layers.Place, $"layer {layer} cannot keep '{unit!.Name}': an earlier cut took it");
        }

        // More than there are: what is wrong has been said.
        return areInRange ? numbers.Count(having.Contains) : int.MinValue / 2;
    }

    /// <summary>The layers that keep the unit, where no score is needed to tell.</summary>
    private List<int>? Kept(Section cut, List<int> having, int keep)
    {
        var (score, layers) = (cut.Get(DepthCutKeys.Score), cut.Get(DepthCutKeys.Layers));
        return layers.IsWritten ? [.. new LayerChooser(sizes!, new()).Numbers(layers.Value).Layers.Where(having.Contains)]
            : score.Value == "first" ? [.. having.Take(keep)]
            : score.Value == "last" ? [.. having.Skip(having.Count - keep)]
            : null;
    }

    private void Note(Section cut, UnitDefinition? unit, List<int> having, List<int>? kept, int removed, List<int> candidates)
    {
        switch (unit, kept)
        {
            case (null, { }):
                sizes!.KeepLayers(kept, cut.Path);
                break;
            case (null, null):
                sizes!.KeepSomeLayers(sizes.LayerCount - removed, candidates, cut.Path);
                break;
            case ({ }, { }):
                sizes!.CutBranch(unit, having.Except(kept));
                break;
            default:
                sizes!.ScatterBranch(unit!, removed, candidates, cut.Path);
                break;
        }
    }

    /// <summary>How many layers keep the unit, which where that is known, and which may lose it.</summary>
    private sealed record Amount(int Keep, List<int>? Kept, List<int> Candidates);
}
