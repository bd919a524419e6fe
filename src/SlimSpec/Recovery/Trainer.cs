namespace SlimSpec;

/// <summary>Trains all weights of a model.</summary>
public static class Trainer
{
    /// <summary>Trains from the weights the model has; <see cref="WeightInitializer"/> makes random ones.</summary>
    /// <param name="model">The model; its weights change.</param>
    /// <param name="settings">How.</param>
    /// <param name="sequences">Token ids, each sequence one training example; shorter ones are padded.</param>
    /// <param name="hooks">What to call meanwhile.</param>
    public static TrainingSummary Train(CausalLM model, OptimizationSettings settings, IReadOnlyList<int[]> sequences, TrainingHooks? hooks = null)
    {
        using var trained = TrainedWeights.All(model);
        return TrainingRun.OnSequences(model, trained, settings, sequences, "training", hooks);
    }
}
