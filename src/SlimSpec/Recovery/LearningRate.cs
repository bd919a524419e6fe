namespace SlimSpec;

/// <summary>The learning rate of each optimizer step.</summary>
public static class LearningRate
{
    /// <summary>
    /// Rises linearly until it peaks at step <c>warmup_steps</c>, or at <c>warmup_ratio</c> of all steps, rounded up, then follows the schedule down to zero at step
    /// <paramref name="totalSteps"/>, one behind the last. As Hugging Face's schedules, but that the rise starts above
    /// zero: a step at rate zero would be wasted.
    /// </summary>
    /// <param name="settings">Peak rate, warm-up and schedule.</param>
    /// <param name="step">Optimizer step, 0-based.</param>
    /// <param name="totalSteps">Number of optimizer steps.</param>
    public static double At(OptimizationSettings settings, int step, int totalSteps)
    {
        var warmup = settings.WarmupRatio is { } ratio ? (int)Math.Ceiling(ratio * totalSteps) : settings.WarmupSteps;
        if (step < warmup)
        {
            return settings.LearningRate * (step + 1) / (warmup + 1);
        }

        var progress = (double)(step - warmup) / Math.Max(1, totalSteps - warmup);
        return settings.LearningRate * settings.LrScheduler switch
        {
            LearningRateSchedule.Linear => 1 - progress,
            LearningRateSchedule.Cosine => 0.5 * (1 + Math.Cos(Math.PI * progress)),
            _ => 1,
        };
    }
}
