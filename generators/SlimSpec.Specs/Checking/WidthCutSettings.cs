using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks which keys of a width cut go together: what its score, its scope and its compensation take and need.</summary>
internal sealed class WidthCutSettings(Section cut, bool hasCalibration, Reporter report)
{
    /// <summary>Scores of what the weights read: they have no orders, and no members to reduce over.</summary>
    private static readonly string[] OfInputs = ["wanda", "flap", "activation"];

    private readonly Field<string> _score = cut.Get(WidthCutKeys.Score);

    /// <summary>How scores are normalised: as the cut says, or as its score and scope want it.</summary>
    public static string Normalize(Section cut)
    {
        var (written, score) = (cut.Get(WidthCutKeys.Normalize), cut.Get(WidthCutKeys.Score).Value);
        return written.IsWritten ? written.Value
            : cut.Get(WidthCutKeys.Scope).Value != "global" ? "none"
            : score == "flap" ? "standard"
            : "parameters";
    }

    /// <summary>Checks them all.</summary>
    public void Check(IReadOnlyList<UnitDefinition> units, ModelSizes? sizes)
    {
        if (_score.HasValue)
        {
            CheckScore();
        }

        CheckScope();
        CheckCompensation(units, sizes);
    }

    private void CheckScore()
    {
        var (order, reduce) = (cut.Get(WidthCutKeys.Order), cut.Get(WidthCutKeys.Reduce));
        if (_score.Value != "taylor" && order.IsWritten)
        {
            report.Add(Rules.Conflict, order.Place, $"'order' is for score taylor; the score is {_score.Value}");
        }

        if (OfInputs.Contains(_score.Value) && reduce.IsWritten)
        {
            report.Add(Rules.Conflict, reduce.Place, $"'reduce' is for scores of weights; score {_score.Value} has one for each unit");
        }

        if ((_score.Value == "taylor" || OfInputs.Contains(_score.Value)) && !hasCalibration)
        {
            report.Add(Rules.NeedsCalibration, _score.Place, $"score {_score.Value} needs data: add calibration: {{ dataset: ... }}");
        }
    }

    private void CheckScope()
    {
        var (scope, normalize, sparsity) = (cut.Get(WidthCutKeys.Scope), cut.Get(WidthCutKeys.Normalize), cut.Get(WidthCutKeys.Sparsity));
        if (scope.Value == "layer" && normalize.IsWritten)
        {
            report.Add(Rules.Conflict, normalize.Place, "'normalize' is for scope global: within a layer scores are ranked as they are");
        }

        if (scope.Value == "global" && sparsity.IsWritten && sparsity.Value.Number is null)
        {
            report.Add(Rules.Conflict, sparsity.Place, "'sparsity' must be one number with scope global: how much each layer loses follows from the scores");
        }
    }

    private void CheckCompensation(IReadOnlyList<UnitDefinition> units, ModelSizes? sizes)
    {
        var compensate = cut.Get(WidthCutKeys.Compensate);
        if (compensate.Value != "bias")
        {
            return;
        }

        if (units.FirstOrDefault(unit => ModelSizes.IsOfModel(unit) || sizes?.IsGrouped(unit) == true) is { } unit)
        {
            report.Add(Rules.Conflict, compensate.Place, ModelSizes.IsOfModel(unit)
                ? $"compensate bias is for units of layers; '{unit.Name}' is cut over the whole model"
                : $"compensate bias is for units that a linear reads whole; '{unit.Name}' is within KV heads");
        }

        if (!hasCalibration)
        {
            report.Add(Rules.NeedsCalibration, compensate.Place, "compensate bias needs data: add calibration: { dataset: ... }");
        }
    }
}
