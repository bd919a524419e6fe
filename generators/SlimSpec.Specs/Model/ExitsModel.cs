namespace SlimSpec.Specs;

/// <summary><c>exits:</c>, checked. Enumerations are kept as the words of the spec.</summary>
/// <param name="Mode">simulate, truncate, adaptive, adaptive_verified or self_speculative; a recipe with <c>mode: off</c> has no exits.</param>
/// <param name="Scope">prompt_last or decode.</param>
/// <param name="Layers">After how many layers a token may leave, ascending, of the layers that the cuts leave.</param>
/// <param name="LayerCount">How many layers these are.</param>
/// <param name="Features">What the classifier looks at.</param>
/// <param name="FinalNorm">Whether checks apply the final norm.</param>
/// <param name="Head">How checks read the residual stream.</param>
/// <param name="Classifier">What decides.</param>
/// <param name="Calibrate">What it is fitted with, or null where the mode needs no classifier.</param>
/// <param name="Cache">What becomes of skipped keys and values.</param>
/// <param name="MinPredictedSpeedup">Predicted speed-up below which exits are turned off.</param>
public sealed record ExitsModel(
    string Mode,
    string Scope,
    EquatableArray<int> Layers,
    int LayerCount,
    EquatableArray<string> Features,
    bool FinalNorm,
    ExitHeadModel Head,
    ExitClassifierModel Classifier,
    ExitCalibrationModel? Calibrate,
    ExitCacheModel Cache,
    double MinPredictedSpeedup);

/// <summary><c>exits: head:</c>.</summary>
/// <param name="Policy">full, shortlist or lowrank.</param>
/// <param name="Rank">Rank of the low-rank head.</param>
/// <param name="Shortlist">Tokens of the shortlist.</param>
/// <param name="Confirm">Whether the whole head names the token that leaves.</param>
public sealed record ExitHeadModel(string Policy, int Rank, int Shortlist, bool Confirm);

/// <summary><c>exits: classifier:</c>.</summary>
/// <param name="Kind">threshold, patience, logistic, svm_linear, svm_rbf or crf.</param>
/// <param name="PerLayer">Whether each check has its own.</param>
/// <param name="Label">agrees or stable.</param>
public sealed record ExitClassifierModel(string Kind, bool PerLayer, string Label);

/// <summary><c>exits: calibrate:</c>.</summary>
public sealed record ExitCalibrationModel(DatasetModel Dataset, int NumPrompts, int PromptTokens, int MaxNewTokens, double TargetAgreement, double Confidence, int Seed);

/// <summary><c>exits: kv:</c>.</summary>
/// <param name="Policy">single_token, propagate or deferred.</param>
/// <param name="MaxPending">Tokens that wait at most.</param>
/// <param name="MinConfidence">Probability of a draft below which drafting stops.</param>
public sealed record ExitCacheModel(string Policy, int MaxPending, double MinConfidence);
