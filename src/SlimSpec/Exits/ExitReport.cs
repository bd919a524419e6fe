namespace SlimSpec;

/// <summary>What is guaranteed of a whole policy (<c>exits.json</c>, <c>certificate</c>), by the documents that nothing else has seen.</summary>
public sealed record ExitCertificate
{
    /// <summary>Share of early exits that must say what the dense model says.</summary>
    public required double TargetAgreement { get; init; }

    /// <summary>Confidence that they do.</summary>
    public required double Confidence { get; init; }

    /// <summary>Whether <see cref="UpperBound"/> is within the target.</summary>
    public required bool Certified { get; init; }

    /// <summary>Tokens that left early.</summary>
    public required long Exits { get; init; }

    /// <summary>Of those, the ones that said something else than the dense model.</summary>
    public required long Errors { get; init; }

    /// <summary>Upper bound of the error rate among early exits (Clopper and Pearson 1934), tokens taken as independent.</summary>
    public required double UpperBound { get; init; }

    /// <summary>Documents that the tokens are from.</summary>
    public required long Documents { get; init; }

    /// <summary>How many times more the error rate varies between documents than independent tokens would make it; the exits count as so many times fewer.</summary>
    public required double DesignEffect { get; init; }

    /// <summary>Mean number of layers a token.</summary>
    public required double AverageLayers { get; init; }

    /// <summary>Tokens, whether they left early or not.</summary>
    public required long Tokens { get; init; }
}

/// <summary>One check in the report, on the certify part.</summary>
public sealed record ExitCheckReport
{
    /// <summary>Layers that have run.</summary>
    public required int Layers { get; init; }

    /// <summary>Share of all tokens that the check would let say what the dense model says.</summary>
    public required double Agreeing { get; init; }

    /// <summary>Tokens that got as far as the check.</summary>
    public required long Reached { get; init; }

    /// <summary>Tokens that left there.</summary>
    public required long Exits { get; init; }

    /// <summary>Of those, the ones that said something else than the dense model.</summary>
    public required long Errors { get; init; }

    /// <summary>Share of the tokens that left which said what the dense model says; 1 where none left.</summary>
    public double Precision => Exits == 0 ? 1 : 1 - ((double)Errors / Exits);

    /// <summary>Share of the tokens that got there which left.</summary>
    public double Coverage => Reached == 0 ? 0 : (double)Exits / Reached;
}

/// <summary>A kind of classifier beside the chosen one, on the tune part: the most liberal policy within the target there. It certifies nothing.</summary>
public sealed record ExitComparison
{
    /// <summary>The kind.</summary>
    public required ExitClassifierKind Kind { get; init; }

    /// <summary>Share of all tokens that say what the dense model says.</summary>
    public required double Agreement { get; init; }

    /// <summary>Share of tokens that leave early.</summary>
    public required double ExitShare { get; init; }

    /// <summary>Mean number of layers a token.</summary>
    public required double AverageLayers { get; init; }
}

/// <summary>What a calibration found beside the constants (<c>exits.json</c>, <c>report</c>), on the certify part where nothing else is said.</summary>
public sealed record ExitReport
{
    /// <summary>Documents of the fit, tune and certify parts.</summary>
    public required IReadOnlyList<long> Documents { get; init; }

    /// <summary>Tokens of the fit, tune and certify parts.</summary>
    public required IReadOnlyList<long> Tokens { get; init; }

    /// <summary>Share of all tokens that say what the dense model says, those that left early and those that did not.</summary>
    public required double Agreement { get; init; }

    /// <summary>Tokens by how many layers they ran, from 0 to all.</summary>
    public required IReadOnlyList<long> Histogram { get; init; }

    /// <summary>One a check.</summary>
    public required IReadOnlyList<ExitCheckReport> Checks { get; init; }

    /// <summary>Mean number of layers of an oracle that leaves at the first check which agrees.</summary>
    public required double OracleLayers { get; init; }

    /// <summary>Share of tokens that ran deeper than that oracle.</summary>
    public required double MissedExits { get; init; }

    /// <summary>Share of tokens whose dense token was on the shortlist; null: checks look at every token.</summary>
    public double? ShortlistRecall { get; init; }

    /// <summary>Tokens of the fit part that are labelled as ones to leave, by check.</summary>
    public required IReadOnlyList<long> Labelled { get; init; }

    /// <summary>Whether policies were tried on the model itself, because their exits change what later tokens see.</summary>
    public required bool ClosedLoop { get; init; }

    /// <summary>All kinds of classifier on the tune part.</summary>
    public required IReadOnlyList<ExitComparison> Comparison { get; init; }

    /// <summary>What the user should know.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
