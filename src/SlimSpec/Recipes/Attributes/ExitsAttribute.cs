namespace SlimSpec;

/// <summary>Where tokens may leave the model early (<c>exits:</c>).</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ExitsAttribute : Attribute
{
    /// <summary>What exits do to what the model says. Required.</summary>
    public ExitMode Mode { get; set; }

    /// <summary>Which passes may end early: the prompt's, for answers of one token, or those of generated tokens.</summary>
    public ExitScope Scope { get; set; } = ExitScope.Decode;

    /// <summary>After how many layers a token may leave, of those that the cuts leave; after each one where absent. For example <c>"[4, 50%]"</c> or <c>"{ from: 50%, every: 2 }"</c>.</summary>
    public string? Layers { get; set; }

    /// <summary>What the classifier looks at; gap and top_prob where absent.</summary>
    public ExitFeature[]? Features { get; set; }

    /// <summary>Whether checks apply the model's final norm.</summary>
    public bool ReaderFinalNorm { get; set; } = true;

    /// <summary>The whole head at every check, or at a token's first check the whole one (shortlist) or one of low rank (lowrank) and then only the tokens that were likeliest there.</summary>
    public ExitHeadPolicy HeadPolicy { get; set; }

    /// <summary>Rank of the low-rank head.</summary>
    public int HeadRank { get; set; } = 128;

    /// <summary>Tokens of the shortlist.</summary>
    public int HeadShortlist { get; set; } = 64;

    /// <summary>Whether the whole head names the token that leaves; without it, the likeliest of the shortlist is taken.</summary>
    public bool HeadConfirm { get; set; } = true;

    /// <summary>Kind of classifier; threshold is one on the first feature, patience one on the run of checks with one likeliest token.</summary>
    public ExitClassifierKind ClassifierKind { get; set; } = ExitClassifierKind.Logistic;

    /// <summary>Whether each check has its own classifier, or all share one.</summary>
    public bool ClassifierPerLayer { get; set; } = true;

    /// <summary>What is predicted: that the likeliest token is the last layer's, or that it is so at every later check too.</summary>
    public ExitLabel ClassifierLabel { get; set; }

    /// <summary>Text file, a .json file with ready token ids, or a .jsonl file with a prompt a line. Required.</summary>
    public string? CalibrateDataset { get; set; }

    /// <summary>Part of the dataset. For example <c>":90%"</c>; all of it where absent.</summary>
    public string? CalibrateSplit { get; set; }

    /// <summary>Number of prompts; each with its continuation is a document.</summary>
    public int CalibrateNumPrompts { get; set; } = 128;

    /// <summary>Tokens of a prompt.</summary>
    public int CalibratePromptTokens { get; set; } = 32;

    /// <summary>Tokens that the dense model continues a prompt by.</summary>
    public int CalibrateMaxNewTokens { get; set; } = 64;

    /// <summary>Share of early exits that must say what the dense model says.</summary>
    public double CalibrateTargetAgreement { get; set; } = 0.99;

    /// <summary>Confidence of the certificate.</summary>
    public double CalibrateConfidence { get; set; } = 0.95;

    /// <summary>Seed of everything random in this step.</summary>
    public int CalibrateSeed { get; set; }

    /// <summary>What becomes of skipped keys and values: deferred by default, single_token with scope prompt_last.</summary>
    public ExitCachePolicy KvPolicy { get; set; }

    /// <summary>Tokens that wait at most; of mode self_speculative, tokens drafted in a round at most.</summary>
    public int KvMaxPending { get; set; } = 8;

    /// <summary>Probability of a draft's token below which drafting stops; for mode self_speculative.</summary>
    public double KvMinConfidence { get; set; } = 0.5;

    /// <summary>Predicted speed-up below which exits are turned off; 0 keeps them on.</summary>
    public double GuardMinPredictedSpeedup { get; set; } = 1.02;
}
