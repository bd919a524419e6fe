namespace SlimSpec;

/// <summary>What is kept of a weight's gradient over the calibration samples.</summary>
[Flags]
public enum GradientStatistics
{
    /// <summary>The gradient of the mean loss over all predictions (<c>g</c>).</summary>
    Mean = 1,

    /// <summary>The mean over examples of the squared gradient of each example's own mean loss (<c>A</c>).</summary>
    MeanSquare = 2,
}

/// <summary>The gradient of one weight, in float32 (float64 for float64 models), shaped like the weight.</summary>
/// <param name="Mean"><see cref="GradientStatistics.Mean"/>, if asked for.</param>
/// <param name="MeanSquare"><see cref="GradientStatistics.MeanSquare"/>, if asked for.</param>
public sealed record WeightGradient(torch.Tensor? Mean, torch.Tensor? MeanSquare);

/// <summary>Which gradients <see cref="LayerwiseBackward"/> makes.</summary>
/// <param name="Layers">The layers in question, at least one; <see cref="StructuredPruner.WholeModel"/> stands for embedding and head.</param>
/// <param name="Weights">Whether the gradient of a weight, given by its full name, is wanted.</param>
/// <param name="Statistics">What to keep of it.</param>
public sealed record GradientRequest(IReadOnlySet<int> Layers, Func<string, bool> Weights, GradientStatistics Statistics)
{
    /// <summary>Layers that the samples pass by, as if the model did not have them.</summary>
    public IReadOnlySet<int> Without { get; init; } = new HashSet<int>();
}
