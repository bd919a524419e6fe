using System.Collections.Generic;

namespace SlimSpec.Specs;

/// <summary><c>exits:</c>.</summary>
public static class ExitKeys
{
    /// <summary>The mode in which a recipe has no exits.</summary>
    public const string Off = "off";

    /// <summary>What exits do to what the model says.</summary>
    public static readonly Key<string> Mode = Key.Required("mode", new WordType(Off, "simulate", "truncate", "adaptive", "adaptive_verified", "self_speculative"), "What exits do to what the model says.");

    /// <summary>Which passes may end early.</summary>
    public static readonly Key<string> Scope = Key.Default("scope", new WordType("prompt_last", "decode"), "decode", "Which passes may end early: the prompt's, for answers of one token, or those of generated tokens.");

    /// <summary>Where tokens may leave.</summary>
    public static readonly Key<ExitLayers> Layers = Key.Optional("layers", new ExitLayersType(), "After how many layers a token may leave, of those that the cuts leave; after each one where absent.");

    /// <summary>What the classifier looks at.</summary>
    public static readonly Key<IReadOnlyList<Located<string>>> Features = Key.Optional(
        "features",
        new ListType<string>(
            new WordType("gap", "top_prob", "entropy", "margin_logit", "delta_gap", "delta_top_prob", "delta_entropy", "delta_margin_logit", "same_argmax_run", "cos_prev", "cos_attn", "cos_mlp", "depth"),
            "a list of features such as [gap, top_prob]"),
        "What the classifier looks at; gap and top_prob where absent.");

    /// <summary>What is done to the residual stream before it is read.</summary>
    public static readonly Key<Section> Reader = Key.Optional("reader", new SectionType(ExitReaderKeys.Definition), "What is done to the residual stream before a check reads it.");

    /// <summary>How checks read the residual stream.</summary>
    public static readonly Key<Section> Head = Key.Optional("head", new SectionType(ExitHeadKeys.Definition), "How checks read the residual stream.");

    /// <summary>What decides.</summary>
    public static readonly Key<Section> Classifier = Key.Optional("classifier", new SectionType(ExitClassifierKeys.Definition), "What decides that a token leaves.");

    /// <summary>What the classifier is fitted and certified with.</summary>
    public static readonly Key<Section> Calibrate = Key.Optional("calibrate", new SectionType(ExitCalibrationKeys.Definition), "What the classifier is fitted and certified with.");

    /// <summary>What becomes of skipped keys and values.</summary>
    public static readonly Key<Section> Kv = Key.Optional("kv", new SectionType(ExitCacheKeys.Definition), "What becomes of the keys and values of layers that a token skipped.");

    /// <summary>When exits are turned off.</summary>
    public static readonly Key<Section> Guard = Key.Optional("guard", new SectionType(ExitGuardKeys.Definition), "When exits are turned off because they cannot pay.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("Early exits.", [Mode, Scope, Layers, Features, Reader, Head, Classifier, Calibrate, Kv, Guard]);
}

/// <summary><c>layers:</c> of <c>exits:</c> at equal distances.</summary>
public static class ExitLayersKeys
{
    /// <summary>The first of them.</summary>
    public static readonly Key<LayerCount> From = Key.Optional("from", new LayerCountType(), "After how many layers the first check is; 1 where absent.");

    /// <summary>Their distance.</summary>
    public static readonly Key<int> Every = Key.Default("every", new IntegerType(1, 4096), 1, "Layers from one check to the next.");

    /// <summary>Further ones.</summary>
    public static readonly Key<IReadOnlyList<Located<LayerCount>>> Always = Key.Optional("always", new ListType<LayerCount>(new LayerCountType(), "a list of layer counts such as [10]"), "Further checks.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("Checks at equal distances, up to one layer before the last.", [From, Every, Always]);
}

/// <summary><c>exits: reader:</c>.</summary>
public static class ExitReaderKeys
{
    /// <summary>Whether the final norm is applied.</summary>
    public static readonly Key<bool> FinalNorm = Key.Default("final_norm", new FlagType(), true, "Whether checks apply the model's final norm.");

    /// <summary>The one.</summary>
    public static readonly SectionDefinition Definition = new("What is done to the residual stream before a check reads it.", [FinalNorm]);
}

/// <summary><c>exits: head:</c>.</summary>
public static class ExitHeadKeys
{
    /// <summary>Which head.</summary>
    public static readonly Key<string> Policy = Key.Default("policy", new WordType("full", "shortlist", "lowrank"), "full", "The whole head at every check, or at a token's first check the whole one (shortlist) or one of low rank (lowrank) and then only the tokens that were likeliest there.");

    /// <summary>The rank.</summary>
    public static readonly Key<int> Rank = Key.Default("rank", new IntegerType(1, 1_048_576), 128, "Rank of the low-rank head.");

    /// <summary>The length of the shortlist.</summary>
    public static readonly Key<int> Shortlist = Key.Default("shortlist", new IntegerType(2, 16_777_216), 64, "Tokens of the shortlist.");

    /// <summary>Whether the whole head names the token.</summary>
    public static readonly Key<bool> Confirm = Key.Default("confirm", new FlagType(), true, "Whether the whole head names the token that leaves; without it, the likeliest of the shortlist is taken.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("How checks read the residual stream.", [Policy, Rank, Shortlist, Confirm]);
}

/// <summary><c>exits: classifier:</c>.</summary>
public static class ExitClassifierKeys
{
    /// <summary>Which kind.</summary>
    public static readonly Key<string> Kind = Key.Default("kind", new WordType("threshold", "patience", "logistic", "svm_linear", "svm_rbf", "crf"), "logistic", "Kind of classifier; threshold is one on the first feature, patience one on the run of checks with one likeliest token.");

    /// <summary>Whether each check has its own.</summary>
    public static readonly Key<bool> PerLayer = Key.Default("per_layer", new FlagType(), true, "Whether each check has its own classifier, or all share one.");

    /// <summary>What it predicts.</summary>
    public static readonly Key<string> Label = Key.Default("label", new WordType("agrees", "stable"), "agrees", "What is predicted: that the likeliest token is the last layer's, or that it is so at every later check too.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("What decides that a token leaves.", [Kind, PerLayer, Label]);
}

/// <summary><c>exits: calibrate:</c>.</summary>
public static class ExitCalibrationKeys
{
    /// <summary>Where prompts come from.</summary>
    public static readonly Key<DatasetChoice> Dataset = Key.Required("dataset", new DatasetType(), "Text file, a .json file with ready token ids, or a .jsonl file with a prompt a line.");

    /// <summary>Number of prompts.</summary>
    public static readonly Key<int> NumPrompts = Key.Default("num_prompts", new IntegerType(3, 1_000_000), 128, "Number of prompts; each with its continuation is a document.");

    /// <summary>Tokens of a prompt.</summary>
    public static readonly Key<int> PromptTokens = Key.Default("prompt_tokens", new IntegerType(1, 16_777_216), 32, "Tokens of a prompt.");

    /// <summary>Tokens of a continuation.</summary>
    public static readonly Key<int> MaxNewTokens = Key.Default("max_new_tokens", new IntegerType(1, 16_777_216), 64, "Tokens that the dense model continues a prompt by.");

    /// <summary>What is promised.</summary>
    public static readonly Key<double> TargetAgreement = Key.Default("target_agreement", new NumberType(0, 1, excludesMinimum: true, excludesMaximum: true), 0.99, "Share of early exits that must say what the dense model says.");

    /// <summary>How surely.</summary>
    public static readonly Key<double> Confidence = Key.Default("confidence", new NumberType(0, 1, excludesMinimum: true, excludesMaximum: true), 0.95, "Confidence of the certificate.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("What the classifier is fitted and certified with.", [Dataset, DataKeys.Split, NumPrompts, PromptTokens, MaxNewTokens, TargetAgreement, Confidence, DataKeys.Seed]);
}

/// <summary><c>exits: kv:</c>.</summary>
public static class ExitCacheKeys
{
    /// <summary>Which policy.</summary>
    public static readonly Key<string> Policy = Key.Optional("policy", new WordType("single_token", "propagate", "deferred"), "What becomes of skipped keys and values: deferred by default, single_token with scope prompt_last.");

    /// <summary>Tokens that wait: with the one that they join as many as layers take at once at little more than the price of one.</summary>
    public static readonly Key<int> MaxPending = Key.Default("max_pending", new IntegerType(1, 31), 8, "Tokens that wait at most; of mode self_speculative, tokens drafted in a round at most.");

    /// <summary>When drafting stops.</summary>
    public static readonly Key<double> MinConfidence = Key.Default("min_confidence", new NumberType(0, 1), 0.5, "Probability of a draft's token below which drafting stops; for mode self_speculative.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("What becomes of the keys and values of layers that a token skipped.", [Policy, MaxPending, MinConfidence]);
}

/// <summary><c>exits: guard:</c>.</summary>
public static class ExitGuardKeys
{
    /// <summary>The least that exits must gain.</summary>
    public static readonly Key<double> MinPredictedSpeedup = Key.Default("min_predicted_speedup", new NumberType(0, 1000), 1.02, "Predicted speed-up below which exits are turned off; 0 keeps them on.");

    /// <summary>The one.</summary>
    public static readonly SectionDefinition Definition = new("When exits are turned off because they cannot pay.", [MinPredictedSpeedup]);
}
