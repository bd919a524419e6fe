namespace SlimSpec;

/// <summary>
/// Which tensor of a checkpoint is which of a model. Checkpoints of one architecture differ in a prefix: those of the base
/// model lack it (published GPT-2: <c>h.0.ln_1.weight</c> for <c>transformer.h.0.ln_1.weight</c>).
/// </summary>
internal sealed class CheckpointNames
{
    // Buffers of the rotary embedding that old checkpoints carry; they follow from the configuration.
    private const string RotaryBuffer = "rotary_emb.inv_freq";

    private readonly CheckpointWeights _weights;
    private readonly string? _prefix;
    private readonly IReadOnlyList<string> _ignored;

    /// <summary>Takes the files and what is known of their names.</summary>
    public CheckpointNames(CheckpointWeights weights, ArchitectureInfo? architecture)
    {
        _weights = weights;
        _prefix = architecture?.BasePrefix is { } prefix ? prefix + "." : null;
        _ignored = [RotaryBuffer, ClassifierKeys.Weight, .. architecture?.Ignore ?? []];
    }

    /// <summary>The name under which the files hold a tensor of the model, or null.</summary>
    public string? Find(string name) => Variants(name).FirstOrDefault(variant => _weights.Find(variant) is not null);

    /// <summary>Names in the files that belong to none of the model's tensors and are not known to be needless.</summary>
    /// <param name="found">The names that the model's tensors were found under.</param>
    public List<string> Surplus(IReadOnlySet<string> found) => [.. _weights.Names.Where(name => !found.Contains(name) && !_ignored.Any(end => EndsWith(name, end)))];

    private IEnumerable<string> Variants(string name) =>
        _prefix is null ? [name]
        : name.StartsWith(_prefix, StringComparison.Ordinal) ? [name, name[_prefix.Length..]]
        : [name, _prefix + name];

    // "attn.bias" is the end of "h.0.attn.bias" and not of "h.0.c_attn.bias".
    private static bool EndsWith(string name, string end) => name == end || name.EndsWith("." + end, StringComparison.Ordinal);
}
