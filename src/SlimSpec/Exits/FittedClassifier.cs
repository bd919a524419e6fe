namespace SlimSpec;

/// <summary>How a fitted classifier makes a score of features; it lets a token go where the score reaches the check's threshold.</summary>
public enum ExitForm
{
    /// <summary>One feature.</summary>
    Threshold,

    /// <summary>bias + w . x.</summary>
    Linear,

    /// <summary>bias + sum over j of w_j cos(f_j . x + p_j).</summary>
    Fourier,

    /// <summary>Log-odds of exit by the forward filter of a linear chain (<see cref="ExitChain"/>), each check's evidence being bias + w . x.</summary>
    Chain,
}

/// <summary>A fitted classifier (<c>exits.json</c>, <c>classifier</c>). Constants are for features as they are read; standardisation is folded in.</summary>
public sealed record FittedClassifier
{
    /// <summary>Its kind.</summary>
    public required ExitClassifierKind Kind { get; init; }

    /// <summary>How it makes a score.</summary>
    public required ExitForm Form { get; init; }

    /// <summary>One a check, in order.</summary>
    public required IReadOnlyList<FittedCheck> Checks { get; init; }

    /// <summary>Frequencies of <see cref="ExitForm.Fourier"/>, <c>[D][features]</c>, the same for all checks; otherwise none.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Frequencies { get; init; } = [];

    /// <summary>Their phases, <c>[D]</c>.</summary>
    public IReadOnlyList<double> Phases { get; init; } = [];

    /// <summary>Log-potentials of <see cref="ExitForm.Chain"/> from the check before: <c>[[go to go, go to exit], [exit to go, exit to exit]]</c>; otherwise none.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Transition { get; init; } = [];

    /// <summary>The same with other thresholds.</summary>
    public FittedClassifier WithThresholds(IReadOnlyList<double?> thresholds) =>
        this with { Checks = [.. Checks.Zip(thresholds, (check, threshold) => check with { Threshold = threshold })] };
}

/// <summary>What a fitted classifier does at one check.</summary>
public sealed record FittedCheck
{
    /// <summary>Layers that have run.</summary>
    public required int Layers { get; init; }

    /// <summary>The feature, from 0 (<see cref="ExitForm.Threshold"/>).</summary>
    public int Feature { get; init; }

    /// <summary>Weights: one a feature, or one a frequency.</summary>
    public IReadOnlyList<double> Weights { get; init; } = [];

    /// <summary>What is added to them.</summary>
    public double Bias { get; init; }

    /// <summary>The score from which on a token leaves; null: none does.</summary>
    public double? Threshold { get; init; }
}
