using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>
/// Checks <c>prune:</c> and <c>constraints:</c>, following the sizes from cut to cut. Without sizes it checks what does not need them. The cuts can be
/// followed again with another amount for one of them, which is how constraints are solved.
/// </summary>
internal sealed class PruneChecker(ArchitectureModel? architecture, ModelSizes? uncut, IReadOnlyList<NamedConstant> constants, bool hasCalibration, Reporter report)
{
    /// <summary>The cuts, the sizes after them (null where these cannot be told) and the architecture with what the cuts add to it.</summary>
    public sealed record Result(IReadOnlyList<CutModel> Cuts, ModelSizes? Sizes, ArchitectureModel? Architecture);

    /// <summary>Another amount for one cut.</summary>
    /// <param name="Cut">Which cut.</param>
    /// <param name="Steps">Of a width cut, millionths of the sparsity; of a depth cut, layers.</param>
    /// <param name="IsLocal">Whether its scope is taken to be each layer, as which it can remove the most.</param>
    public sealed record Amount(int Cut, int Steps, bool IsLocal = false)
    {
        /// <summary>Steps of a sparsity of 1.</summary>
        public const int Whole = 1_000_000;

        /// <summary>The sparsity.</summary>
        public double Sparsity => Steps / (double)Whole;
    }

    /// <summary>Checks the cuts in order, and what they must reach.</summary>
    public Result Check(IReadOnlyList<Section> cuts, Field<Section> constraints)
    {
        var open = cuts.Where(IsOpen).ToList();
        foreach (var cut in open.Skip(constraints.State == FieldState.Absent ? 0 : 1))
        {
            ReportOpen(cut, open[0]);
        }

        if (!constraints.IsWritten || uncut is null)
        {
            return Follow(cuts, null, report);
        }

        var solver = new ConstraintSolver(cuts, Budget.Of(constraints.Value), new(Compensated(cuts)!, constants), (amount, to) => Follow(cuts, amount, to), report);
        return solver.Solve(open.Count switch { 0 => null, 1 => open[0], _ => cuts[cuts.Count - 1] }, open.Count > 1, Budget.AreAbsent(constraints.Value), constraints.Place);
    }

    /// <summary>Whether a cut leaves its amount to the constraints.</summary>
    public static bool IsOpen(Section cut) => IsDepth(cut) ? DepthCutChecker.IsOpen(cut) : cut.Get(WidthCutKeys.Sparsity).State == FieldState.Absent;

    /// <summary>Whether it is a cut with <c>cut: depth</c>.</summary>
    public static bool IsDepth(Section cut) => cut.Definition == DepthCutKeys.Definition;

    private Result Follow(IReadOnlyList<Section> cuts, Amount? amount, Reporter to)
    {
        var (models, sizes) = (new List<CutModel>(), uncut?.Uncut());
        for (var i = 0; i < cuts.Count; i++)
        {
            var own = amount?.Cut == i ? amount : null;
            if (IsDepth(cuts[i]))
            {
                var cut = new DepthCutChecker(architecture, sizes, hasCalibration, to).Check(cuts[i], own?.Steps);
                models.Add(cut);

                // Of unknown depth, nothing about layers can be said.
                sizes = cut.Keep == 0 ? null : sizes;
            }
            else
            {
                models.Add(new WidthCutChecker(architecture, sizes, hasCalibration, to).Check(cuts[i], own?.Sparsity, own?.IsLocal == true));
            }
        }

        return new(models, sizes, Compensated(cuts));
    }

    /// <summary>The architecture with a bias on the linears that read units whose loss a bias makes up for.</summary>
    private ArchitectureModel? Compensated(IReadOnlyList<Section> cuts)
    {
        var targets = cuts.Where(cut => !IsDepth(cut) && cut.Get(WidthCutKeys.Compensate).Value == "bias").SelectMany(cut => cut.Get(WidthCutKeys.Targets).Value ?? []);
        return architecture is null ? null : LayerBranches.WithBiases(architecture, [.. targets.Select(target => target.Value)]);
    }

    private void ReportOpen(Section cut, Section first)
    {
        var key = IsDepth(cut) ? "one of the keys 'keep', 'remove', 'sparsity' and 'layers' (how many layers stay)" : "the key 'sparsity' (the fraction to remove)";
        report.Add(Rules.MissingKey, cut.Place, cut == first
            ? $"'{cut.Path}' needs {key}, or 'constraints' to solve it from"
            : $"'{cut.Path}' needs {key}: constraints are solved for one cut, and '{first.Path}' leaves its amount open already");
    }
}
