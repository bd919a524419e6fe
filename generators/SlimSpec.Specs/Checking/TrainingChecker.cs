namespace SlimSpec.Specs;

/// <summary>Checks <c>calibration:</c>, <c>train:</c>, and of <c>recover:</c> what all trainings have in common.</summary>
/// <param name="uncut">The sizes before all cuts.</param>
/// <param name="report">Where problems go.</param>
internal sealed class TrainingChecker(ModelSizes? uncut, Reporter report)
{
    /// <summary>Checks <c>calibration:</c>.</summary>
    public CalibrationModel Calibration(Section section)
    {
        CheckLength(section.Get(CalibrationKeys.MaxSeqLength), CalibrationKeys.MaxSeqLength.Name);
        return new(new DatasetChecker(report).Check(section), section.Get(CalibrationKeys.NumSamples).Value, section.Get(CalibrationKeys.MaxSeqLength).Value, section.Get(CalibrationKeys.Seed).Value);
    }

    /// <summary>Checks <c>train:</c>.</summary>
    public OptimizationModel Training(Section section) => Optimization(section, new DatasetChecker(report).Check(section));

    /// <summary>Checks what all trainings have in common.</summary>
    public OptimizationModel Optimization(Section section, DatasetModel dataset)
    {
        var (warmup, ratio, maxSteps) = (section.Get(TrainingKeys.WarmupSteps), section.Get(TrainingKeys.WarmupRatio), section.Get(TrainingKeys.MaxSteps));
        CheckLength(section.Get(TrainingKeys.MaxSeqLength), TrainingKeys.MaxSeqLength.Name);
        if (maxSteps.IsWritten && warmup.IsWritten && warmup.Value > maxSteps.Value)
        {
            report.Add(Rules.Conflict, warmup.Place, $"'warmup_steps' {warmup.Value} are more than 'max_steps' {maxSteps.Value}");
        }

        if (warmup.IsWritten && ratio.IsWritten)
        {
            report.Add(Rules.Conflict, ratio.Place, "'warmup_ratio' and 'warmup_steps' both say how long the warm-up is: write one of them");
        }

        return new(
            dataset,
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
            section.Get(DataKeys.Seed).Value)
        {
            WarmupRatio = ratio.IsWritten ? ratio.Value : null,
        };
    }

    private void CheckLength(Field<int> length, string key) => PositionChecker.Check(length, key, uncut, report);
}
