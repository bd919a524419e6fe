namespace SlimSpec;

/// <summary>How a model's answer is read from what its head reads: as the next token, as a label word, or by a classifier.</summary>
internal sealed class Readout
{
    private readonly Func<CausalLM, torch.Tensor, torch.Tensor> _read;

    private Readout(Func<CausalLM, torch.Tensor, torch.Tensor> read) => _read = read;

    /// <summary>The whole vocabulary: what comes next.</summary>
    public static Readout NextToken { get; } = new((model, hidden) => model.Head(hidden));

    /// <summary>The tokens that label words begin with, a class each.</summary>
    public static Readout Labels(IReadOnlyList<int> tokens)
    {
        long[] ids = [.. tokens];
        return new((model, hidden) => model.Head(hidden).index_select(-1, torch.tensor(ids, device: hidden.device)));
    }

    /// <summary>A classifier.</summary>
    public static Readout Classes(ClassificationHead head) => new((model, hidden) => head.Logits(model.HeadFeatures(hidden)));

    /// <summary>Logits <c>[rows, answers]</c>, in the caller's scope.</summary>
    /// <param name="model">The model; its head's weights are held meanwhile.</param>
    /// <param name="rows">Outputs of its last layer, <c>[rows, hidden]</c>.</param>
    public torch.Tensor Logits(CausalLM model, torch.Tensor rows)
    {
        using var scope = torch.NewDisposeScope();
        using var held = model.UseHead();
        return _read(model, rows.unsqueeze(0)).squeeze(0).MoveToOuterDisposeScope();
    }
}
