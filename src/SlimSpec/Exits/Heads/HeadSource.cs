namespace SlimSpec;

/// <summary>The parts of a model's head that checks are made of.</summary>
/// <param name="Logits">All logits of a token, <c>[1, hidden]</c> to <c>[1, vocab]</c>.</param>
/// <param name="Input">What the last linear reads of it, <c>[1, hidden]</c> to <c>[1, width]</c>.</param>
/// <param name="Weight">The last linear's weight, <c>[vocab, width]</c>.</param>
/// <param name="Bias">Its bias, <c>[vocab]</c>.</param>
internal sealed record HeadSource(Func<torch.Tensor, torch.Tensor> Logits, Func<torch.Tensor, torch.Tensor> Input, torch.Tensor Weight, torch.Tensor? Bias)
{
    /// <summary>The head of a model.</summary>
    /// <param name="model">A model whose recipe has exits.</param>
    /// <param name="finalNorm">Whether its final norm is a part of it.</param>
    public static HeadSource Of(CausalLM model, bool finalNorm)
    {
        var (weight, bias) = model.HeadWeight;
        return new(finalNorm ? model.HeadRows : rows => Kernels.linear(model.HeadInput(rows), weight, bias), model.HeadInput, weight, bias);
    }

    /// <summary>Logits of some tokens as the whole head gives them, <c>[ids]</c>.</summary>
    /// <param name="input">What the last linear reads, <c>[1, width]</c>.</param>
    /// <param name="ids">The tokens, int64, on the head's device.</param>
    public torch.Tensor LogitsOf(torch.Tensor input, torch.Tensor ids) =>
        Kernels.linear(input, Weight.index_select(0, ids), Bias?.index_select(0, ids)).select(0, 0);
}
