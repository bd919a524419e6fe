namespace SlimSpec;

/// <summary>What a Hugging Face folder of an architecture looks like, and what a recipe's model was compiled for.</summary>
/// <param name="Name">Name of the architecture file, for example <c>llama</c>.</param>
/// <param name="HuggingFaceClass">For example <c>LlamaForCausalLM</c>.</param>
/// <param name="ModelTypes">Accepted values of <c>model_type</c>.</param>
/// <param name="Dimensions">The architecture's dimensions and the keys of <c>config.json</c> that give them.</param>
/// <param name="Constants">Values compiled into the model that a checkpoint must agree with.</param>
public sealed record ArchitectureInfo(
    string Name,
    string HuggingFaceClass,
    IReadOnlyList<string> ModelTypes,
    IReadOnlyList<ConfigDimension> Dimensions,
    IReadOnlyList<ConfigConstant> Constants)
{
    /// <summary>
    /// What the names of weights start with, dot excluded, in checkpoints of the whole model but not in those of the base
    /// model: <c>transformer</c>. Null if all checkpoints agree.
    /// </summary>
    public string? BasePrefix { get; init; }

    /// <summary>Ends of the names of tensors that a checkpoint may carry and the model does not need, for example <c>attn.bias</c> (a stored mask).</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>
    /// What the model takes for granted, by config key, dotted where nested: the values, as JSON writes them, that a config
    /// may have there.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Requires { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The dimension that counts query heads.</summary>
    public string Heads { get; init; } = "heads";

    /// <summary>Dimensions that the class in transformers computes from others, and how: <c>head_dim</c>, <c>hidden / heads</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Derived { get; init; } = [];

    /// <summary>Linears of a layer, by weight, and the key of <c>config.json</c> that gives them a bias.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> BiasFlags { get; init; } = [];

    /// <summary>Units whose branch layers of the recipe may lack, and the dimensions that are 0 then.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Branches { get; init; } = [];

    /// <summary>The dimensions that Nemotron-NAS has layer by layer; null where it does not compute the family.</summary>
    public NemotronNasDimensions? NemotronNas { get; init; }

    /// <summary>How models are said in GGUF, llama.cpp's file format; null: there is no such form.</summary>
    public GgufLayout? Gguf { get; init; }
}

/// <summary>Dimensions of Nemotron-NAS (DeciLM).</summary>
/// <param name="Heads">Counts query heads.</param>
/// <param name="KvHeads">Counts KV heads.</param>
/// <param name="Ffn">Counts the MLP's channels.</param>
public sealed record NemotronNasDimensions(string Heads, string KvHeads, string Ffn);

/// <summary>A dimension of an architecture, and where <c>config.json</c> gives it.</summary>
/// <param name="Name">For example <c>ffn</c>.</param>
/// <param name="Keys">
/// Keys that may give it, dotted where nested; the first one found counts, and the first is written where a file has none.
/// None where the size is the architecture's own.
/// </param>
public sealed record ConfigDimension(string Name, params IReadOnlyList<string> Keys);

/// <summary>A value that is compiled into a model, and where <c>config.json</c> gives it.</summary>
/// <param name="Keys">Keys that may give it, dotted where nested (<c>rope_scaling.factor</c>); the first one found counts.</param>
/// <param name="Value">The compiled value: a number (double), flag (bool), word (string) or null, which a file says by null or by absence.</param>
public sealed record ConfigConstant(IReadOnlyList<string> Keys, object? Value)
{
    /// <summary>Whether a file without the keys means <see cref="Default"/>; otherwise its absence says nothing.</summary>
    public bool MayBeAbsent { get; init; }

    /// <summary>What a file without the keys means.</summary>
    public object? Default { get; init; }

    /// <summary>
    /// Whether <see cref="Default"/> was computed from dimensions (<c>sqrt(hidden)</c>). A written model has the value
    /// spelled out, because a cut would change what its absence means.
    /// </summary>
    public bool FollowsDimensions { get; init; }

    /// <summary>Whether the value is the flag that says if the file has one of the keys at all.</summary>
    public bool IsPresence { get; init; }
}
