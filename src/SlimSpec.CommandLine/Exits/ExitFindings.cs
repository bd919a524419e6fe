using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>All that is known of a recipe's exits on one model: what calibration found, what the device took, what follows.</summary>
internal sealed record ExitFindings
{
    /// <summary>The recipe's name.</summary>
    public required string Recipe { get; init; }

    /// <summary>The model's folder.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>Its layers.</summary>
    public required int Depth { get; init; }

    /// <summary>What the recipe says.</summary>
    public required ExitSettings Settings { get; init; }

    /// <summary>Where the prompts are from.</summary>
    public required string Prompts { get; init; }

    /// <summary>What calibration found; null where the mode has no classifier.</summary>
    public ExitReport? Calibration { get; init; }

    /// <summary>What is certified; null where the mode has no classifier.</summary>
    public ExitCertificate? Certificate { get; init; }

    /// <summary>Where tokens would leave, every layer run and the dense model's text before each; null where the mode has no classifier.</summary>
    public ExitTally? Simulated => Calibration is { } found ? ExitTally.Of(found) : null;

    /// <summary>What the device took; null where nothing was measured.</summary>
    public ExitTimings? Timings { get; init; }

    /// <summary>Where tokens left while it was measured.</summary>
    public ExitTally? Measured => Timings is { Statistics: var counted, Agreement: var agreement } ? new(counted.Tokens, counted.ExitsAfter, counted.AverageLayers, agreement.Share) : null;

    /// <summary>The cost model's speed-up for <see cref="Simulated"/>, by the pieces measured; null where there is none or nothing was measured.</summary>
    public double? PredictedSpeedup { get; init; }

    /// <summary>The same for <see cref="Measured"/>: what the wall clock should have said.</summary>
    public double? ExpectedSpeedup { get; init; }

    /// <summary>Whether generation is to use the exits.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Why not.</summary>
    public string? Reason { get; init; }

    /// <summary>Speed-up if checks, keys and values were free: (L + r) / (A + r), r being the head in layers as measured.</summary>
    public double? Ideal(ExitTally tally) => Timings?.Pieces.R is { } head ? ExitCostModel.Full(Depth, head).Ideal(tally.AverageLayers) : null;

    /// <summary>What <c>run.json</c> says of them.</summary>
    public ExitRecord AsRecord() => new(
        Settings.Mode, Settings.Scope, Depth, Simulated?.AverageLayers, Measured?.AverageLayers, PredictedSpeedup ?? ExpectedSpeedup, Timings?.Speedup, Enabled)
    {
        Simulated = Simulated,
        Measured = Measured,
        Reason = Reason,
    };

    /// <summary>How figures are quoted: <c>mode adaptive, scope decode</c>.</summary>
    public string Quote => ExitCharts.Quote(Settings.Mode, Settings.Scope);

    /// <summary>What checks look at, and what decides.</summary>
    public string Classifier => $"{SpecWords.Of(Settings.Classifier.Kind)} on {string.Join(", ", Settings.Features.Select(feature => SpecWords.Of(feature)))}{(Settings.Classifier.PerLayer ? "" : ", one for all checks")}";

    /// <summary>How checks read.</summary>
    public string Head => Settings.Head switch
    {
        { Policy: ExitHeadPolicy.Full } => "the whole head",
        { Policy: ExitHeadPolicy.Shortlist } head => $"the whole head at a token's first check, then its {head.Shortlist} likeliest tokens",
        var head => $"a head of rank {head.Rank} at a token's first check, then its {head.Shortlist} likeliest tokens",
    };
}
