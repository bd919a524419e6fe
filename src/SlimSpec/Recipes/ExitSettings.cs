namespace SlimSpec;

/// <summary>What exits do to what a model says (<c>exits: mode:</c>).</summary>
public enum ExitMode
{
    /// <summary>There are none: the recipe's settings have no exits.</summary>
    Off,

    /// <summary>Nothing: every layer runs, and where a token could have left is written down.</summary>
    Simulate,

    /// <summary>Every token runs the first layers only, and the head reads them.</summary>
    Truncate,

    /// <summary>A token leaves where the classifier says; what it says may differ from the dense model within the certificate.</summary>
    Adaptive,

    /// <summary>As <see cref="Adaptive"/>, but tokens that left early are drafts until the remaining layers have confirmed them: the output is the dense model's.</summary>
    AdaptiveVerified,

    /// <summary>Tokens are drafted at one layer and confirmed together by the remaining ones (LayerSkip, Elhoushi et al. 2024): the output is the dense model's.</summary>
    SelfSpeculative,
}

/// <summary>Which passes may end early (<c>exits: scope:</c>).</summary>
public enum ExitScope
{
    /// <summary>The prompt's, at its last position: for tasks whose answer is one token, as in AdaInfer.</summary>
    PromptLast,

    /// <summary>Those of generated tokens; the prompt runs through every layer.</summary>
    Decode,
}

/// <summary>What a classifier looks at (<c>exits: features:</c>), at each check; differences are to the token's check before, 0 at its first.</summary>
public enum ExitFeature
{
    /// <summary>Probability of the likeliest token less that of the second (AdaInfer).</summary>
    Gap,

    /// <summary>Probability of the likeliest token (AdaInfer).</summary>
    TopProb,

    /// <summary>Entropy of the distribution, in nats.</summary>
    Entropy,

    /// <summary>Logit of the likeliest token less that of the second.</summary>
    MarginLogit,

    /// <summary>Change of <see cref="Gap"/>.</summary>
    DeltaGap,

    /// <summary>Change of <see cref="TopProb"/>.</summary>
    DeltaTopProb,

    /// <summary>Change of <see cref="Entropy"/>.</summary>
    DeltaEntropy,

    /// <summary>Change of <see cref="MarginLogit"/>.</summary>
    DeltaMarginLogit,

    /// <summary>Checks in a row with this likeliest token, this one included.</summary>
    SameArgmaxRun,

    /// <summary>Cosine of the residual stream with that at the check before; 0 at the first.</summary>
    CosPrev,

    /// <summary>Cosine of the attention's output in the last layer run with that at the check before; 0 at the first.</summary>
    CosAttn,

    /// <summary>Cosine of the MLP's output in the last layer run with that at the check before; 0 at the first.</summary>
    CosMlp,

    /// <summary>Layers run, as a share of all.</summary>
    Depth,
}

/// <summary>How a check reads the residual stream (<c>exits: head: policy:</c>).</summary>
public enum ExitHeadPolicy
{
    /// <summary>The whole head at every check.</summary>
    Full,

    /// <summary>The whole head at a token's first check, then only the tokens that were likeliest there.</summary>
    Shortlist,

    /// <summary>A head of low rank at a token's first check, then only the tokens that were likeliest by it.</summary>
    Lowrank,
}

/// <summary>What decides that a token leaves (<c>exits: classifier: kind:</c>).</summary>
public enum ExitClassifierKind
{
    /// <summary>A feature above a level, each check with its own.</summary>
    Threshold,

    /// <summary>The same likeliest token at several checks in a row (PABEE, Zhou et al. 2020).</summary>
    Patience,

    /// <summary>Logistic regression.</summary>
    Logistic,

    /// <summary>A linear support vector machine (AdaInfer).</summary>
    SvmLinear,

    /// <summary>A support vector machine with a Gaussian kernel, by random Fourier features (AdaInfer; Rahimi and Recht 2007).</summary>
    SvmRbf,

    /// <summary>A linear chain over the checks, filtered forward (AdaInfer).</summary>
    Crf,
}

/// <summary>What is to be predicted of a check (<c>exits: classifier: label:</c>).</summary>
public enum ExitLabel
{
    /// <summary>The likeliest token is that of the last layer.</summary>
    Agrees,

    /// <summary>It is, and at every later check too.</summary>
    Stable,
}

/// <summary>What becomes of keys and values of layers that a token skipped (<c>exits: kv: policy:</c>).</summary>
public enum ExitCachePolicy
{
    /// <summary>Nothing: no later token may come.</summary>
    SingleToken,

    /// <summary>The hidden state is copied up, and each skipped layer projects it to keys and values (CALM, Schuster et al. 2022).</summary>
    Propagate,

    /// <summary>The token waits, and joins the next one that goes deeper: an executed layer has always seen the whole past.</summary>
    Deferred,
}

/// <summary>Early exits (<c>exits:</c>).</summary>
public sealed record ExitSettings
{
    /// <summary>What exits do to what the model says.</summary>
    public required ExitMode Mode { get; init; }

    /// <summary>Which passes may end early.</summary>
    public ExitScope Scope { get; init; } = ExitScope.Decode;

    /// <summary>After how many layers a token may leave, ascending, from 1 to one below the number of layers that the cuts leave.</summary>
    public required IReadOnlyList<int> Layers { get; init; }

    /// <summary>What the classifier looks at.</summary>
    public IReadOnlyList<ExitFeature> Features { get; init; } = [ExitFeature.Gap, ExitFeature.TopProb];

    /// <summary>Whether checks apply the model's final norm.</summary>
    public bool FinalNorm { get; init; } = true;

    /// <summary>How checks read the residual stream.</summary>
    public ExitHeadSettings Head { get; init; } = new();

    /// <summary>What decides.</summary>
    public ExitClassifierSettings Classifier { get; init; } = new();

    /// <summary>What the classifier is fitted and certified with; null where the mode needs none.</summary>
    public ExitCalibrationSettings? Calibrate { get; init; }

    /// <summary>What becomes of skipped keys and values.</summary>
    public ExitCacheSettings Cache { get; init; } = new();

    /// <summary>Predicted speed-up below which exits are turned off (<c>guard:</c>).</summary>
    public double MinPredictedSpeedup { get; init; } = 1.02;
}

/// <summary><c>exits: head:</c>.</summary>
public sealed record ExitHeadSettings
{
    /// <summary>Which head.</summary>
    public ExitHeadPolicy Policy { get; init; }

    /// <summary>Rank of the low-rank head.</summary>
    public int Rank { get; init; } = 128;

    /// <summary>Tokens of the shortlist.</summary>
    public int Shortlist { get; init; } = 64;

    /// <summary>Whether the whole head names the token that leaves; without it, the shortlist's likeliest is taken. Verified modes need none.</summary>
    public bool Confirm { get; init; } = true;
}

/// <summary><c>exits: classifier:</c>.</summary>
public sealed record ExitClassifierSettings
{
    /// <summary>Which kind.</summary>
    public ExitClassifierKind Kind { get; init; } = ExitClassifierKind.Logistic;

    /// <summary>Whether each check has its own, or all share one.</summary>
    public bool PerLayer { get; init; } = true;

    /// <summary>What it predicts.</summary>
    public ExitLabel Label { get; init; } = ExitLabel.Agrees;
}

/// <summary><c>exits: calibrate:</c>.</summary>
public sealed record ExitCalibrationSettings
{
    /// <summary>Texts that prompts are taken from.</summary>
    public required DatasetReference Dataset { get; init; }

    /// <summary>Number of prompts; each with its continuation is a document.</summary>
    public int NumPrompts { get; init; } = 128;

    /// <summary>Tokens of a prompt.</summary>
    public int PromptTokens { get; init; } = 32;

    /// <summary>Tokens that the dense model continues a prompt by.</summary>
    public int MaxNewTokens { get; init; } = 64;

    /// <summary>Share of early exits that must say what the dense model says.</summary>
    public double TargetAgreement { get; init; } = 0.99;

    /// <summary>Confidence of the certificate.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Seed of prompts, their division and the fits.</summary>
    public int Seed { get; init; }
}

/// <summary><c>exits: kv:</c>.</summary>
public sealed record ExitCacheSettings
{
    /// <summary>Which policy.</summary>
    public ExitCachePolicy Policy { get; init; } = ExitCachePolicy.Deferred;

    /// <summary>Tokens that wait at most (<c>deferred</c>); of <c>self_speculative</c>, tokens drafted in a round at most.</summary>
    public int MaxPending { get; init; } = 8;

    /// <summary>Probability of a draft's token below which drafting stops (<c>self_speculative</c>).</summary>
    public double MinConfidence { get; init; } = 0.5;
}
