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

    /// <summary>The checks on the part of the prompts that certifies; empty where the mode has no classifier.</summary>
    public IReadOnlyList<ExitCheckRow> Checks { get; init; } = [];

    /// <summary>The certificate; null where the mode has no classifier.</summary>
    public ExitCertificateRow? Certificate { get; init; }

    /// <summary>Where tokens would leave, every layer run and the dense model's text before each; null where the mode has no classifier.</summary>
    public ExitTally? Simulated { get; init; }

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
    public double? Ideal(ExitTally tally) => Timings?.Pieces.R is { } head ? (Depth + head) / (tally.AverageLayers + head) : null;

    /// <summary>What <c>run.json</c> says of them.</summary>
    public ExitRecord AsRecord() => new(
        Settings.Mode, Settings.Scope, Depth, Simulated?.AverageLayers, Measured?.AverageLayers, PredictedSpeedup ?? ExpectedSpeedup, Timings?.Speedup, Enabled);

    /// <summary>How figures are quoted: <c>mode adaptive, scope decode</c>.</summary>
    public string Quote => $"mode {Summary.Word(Settings.Mode)}, scope {Summary.Word(Settings.Scope)}";

    /// <summary>What checks look at, and what decides.</summary>
    public string Classifier => $"{Summary.Word(Settings.Classifier.Kind)} on {string.Join(", ", Settings.Features.Select(feature => Summary.Word(feature)))}{(Settings.Classifier.PerLayer ? "" : ", one for all checks")}";

    /// <summary>How checks read.</summary>
    public string Head => Settings.Head switch
    {
        { Policy: ExitHeadPolicy.Full } => "the whole head",
        { Policy: ExitHeadPolicy.Shortlist } head => $"the whole head at a token's first check, then its {head.Shortlist} likeliest tokens",
        var head => $"a head of rank {head.Rank} at a token's first check, then its {head.Shortlist} likeliest tokens",
    };
}

/// <summary>One check on the tokens that certify.</summary>
/// <param name="Layers">Layers run before it.</param>
/// <param name="Reached">Tokens that came to it.</param>
/// <param name="Left">Those that left there.</param>
/// <param name="Right">Those of them whose token is the dense model's.</param>
/// <param name="Ready">Of all tokens, those for which it says what the dense model says.</param>
internal sealed record ExitCheckRow(int Layers, long Reached, long Left, long Right, long Ready)
{
    /// <summary>Share of those that left whose token is right; null where none left.</summary>
    public double? Precision => Left == 0 ? null : (double)Right / Left;

    /// <summary>Share of those that came that left.</summary>
    public double Coverage => Reached == 0 ? 0 : (double)Left / Reached;
}

/// <summary>What is certified of the whole policy.</summary>
/// <param name="Target">Agreement asked for.</param>
/// <param name="Confidence">At which confidence.</param>
/// <param name="Certified">Whether it holds.</param>
/// <param name="Exits">Early exits looked at.</param>
/// <param name="Errors">Those that were wrong.</param>
/// <param name="UpperBound">Bound on the share of wrong ones.</param>
/// <param name="Documents">Documents they are from.</param>
/// <param name="DesignEffect">Variance of the share over that of independent tokens.</param>
internal sealed record ExitCertificateRow(double Target, double Confidence, bool Certified, long Exits, long Errors, double UpperBound, int Documents, double DesignEffect);

/// <summary>Tokens by the layers that they ran.</summary>
/// <param name="Tokens">Tokens that were emitted.</param>
/// <param name="ExitsAfter">Passes by layers run, from 0 to all; where drafts are refused, more than tokens.</param>
/// <param name="AverageLayers">Layers called for a token, on average: A.</param>
/// <param name="Agreement">Share of tokens that are the dense model's.</param>
internal sealed record ExitTally(long Tokens, IReadOnlyList<long> ExitsAfter, double AverageLayers, double Agreement)
{
    /// <summary>1 - A/L.</summary>
    public double PruningRatio => 1 - (AverageLayers / (ExitsAfter.Count - 1));

    /// <summary>Share of passes that ran so many layers.</summary>
    public double Share(int layers) => (double)ExitsAfter[layers] / ExitsAfter.Sum();
}
