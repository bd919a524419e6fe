using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks everything with data: <c>calibration:</c>, <c>recover:</c>, <c>evaluate:</c>, <c>train:</c>.</summary>
/// <param name="architecture">The architecture.</param>
/// <param name="uncut">The sizes before all cuts.</param>
/// <param name="sizes">The sizes after all cuts, or null where they cannot be told.</param>
/// <param name="report">Where problems go.</param>
internal sealed class TrainingChecker(ArchitectureModel? architecture, ModelSizes? uncut, ModelSizes? sizes, Reporter report)
{
    /// <summary>Checks <c>calibration:</c>.</summary>
    public CalibrationModel Calibration(Section section)
    {
        CheckLength(section.Get(CalibrationKeys.MaxSeqLength), CalibrationKeys.MaxSeqLength.Name);
        return new(Dataset(section), section.Get(CalibrationKeys.NumSamples).Value, section.Get(CalibrationKeys.MaxSeqLength).Value, section.Get(CalibrationKeys.Seed).Value);
    }

    /// <summary>Checks <c>evaluate:</c>.</summary>
    public EvaluationModel Evaluation(Section section)
    {
        var (window, limit) = (section.Get(EvaluationKeys.Window), section.Get(EvaluationKeys.Limit));
        CheckLength(window, EvaluationKeys.Window.Name);
        return new(Dataset(section), window.Value, limit.IsWritten ? limit.Value : null);
    }

    /// <summary>Checks <c>train:</c> and the part of a recovery that is like it.</summary>
    public OptimizationModel Optimization(Section section)
    {
        var (warmup, maxSteps) = (section.Get(TrainingKeys.WarmupSteps), section.Get(TrainingKeys.MaxSteps));
        CheckLength(section.Get(TrainingKeys.MaxSeqLength), TrainingKeys.MaxSeqLength.Name);
        if (maxSteps.IsWritten && warmup.IsWritten && warmup.Value > maxSteps.Value)
        {
            report.Add(Rules.Conflict, warmup.Place, $"'warmup_steps' {warmup.Value} are more than 'max_steps' {maxSteps.Value}");
        }

        return new(
            Dataset(section),
            section.Get(TrainingKeys.MaxSeqLength).Value,
            section.Get(TrainingKeys.LearningRate).Value,
            section.Get(TrainingKeys.LrScheduler).Value,
            warmup.Value,
            section.Get(TrainingKeys.NumEpochs).Value,
            maxSteps.IsWritten ? maxSteps.Value : null,
            section.Get(TrainingKeys.MicroBatchSize).Value,
            section.Get(TrainingKeys.GradientAccumulationSteps).Value,
            section.Get(TrainingKeys.WeightDecay).Value,
            section.Get(TrainingKeys.MaxGradNorm).Value,
            section.Get(DataKeys.Seed).Value);
    }

    /// <summary>Checks one step of <c>recover:</c>; the sizes are those after all cuts.</summary>
    public RecoveryModel Lora(Section section)
    {
        var (rank, written) = (section.Get(LoraKeys.R), section.Get(LoraKeys.TargetModules));
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

        return new("lora", "lm", Optimization(section)) { Lora = new(rank.Value, section.Get(LoraKeys.Alpha).Value, section.Get(LoraKeys.Dropout).Value, new(targets)) };
    }

    private void CheckRank(Field<int> rank, IEnumerable<GraphNode> linears)
    {
        var axes = GraphAxes.OfLayer(architecture!);
        var tightest = linears.GroupBy(linear => linear.Weight).SelectMany(parts => Enumerable.Range(0, sizes!.LayerCount).Select(layer => (
            Linear: LastPart(parts.First()),
            Layer: layer,
            Rows: parts.Sum(part => sizes.InLayer(part.Out, layer)),
            Columns: sizes.InLayer(axes[parts.First().Input()], layer)))).OrderBy(weight => System.Math.Min(weight.Rows, weight.Columns)).FirstOrDefault(weight => weight is { Rows: > 0, Columns: > 0 });
        if (tightest.Linear is not null && rank.Value > System.Math.Min(tightest.Rows, tightest.Columns))
        {
            report.Add(Rules.RankTooLarge, rank.Place, $"'lora_r' {rank.Value} is more than '{tightest.Linear}' has in layer {tightest.Layer}, which is {tightest.Rows} x {tightest.Columns} after the cuts");
        }
    }

    private void CheckLength(Field<int> length, string key)
    {
        if (uncut is not null && length.HasValue && length.Value > uncut.Positions)
        {
            var written = length.IsWritten ? "" : " (the default)";
            report.Add(Rules.WindowTooLong, length.Place, $"'{key}' {length.Value}{written} is more than the model's {uncut.Positions} positions");
        }
    }

    /// <summary>What a section with data says of them.</summary>
    public static DatasetModel Dataset(Section section, Key<string>? key = null)
    {
        var part = section.Get(DataKeys.Split);
        return new(section.Get(key ?? DataKeys.Dataset).Value, part.Value?.From ?? 0, part.Value?.To ?? 1);
    }

    private static string LastPart(GraphNode linear) => linear.Weight!.Substring(linear.Weight.LastIndexOf('.') + 1);
}
