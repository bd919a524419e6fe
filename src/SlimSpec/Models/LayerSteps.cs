namespace SlimSpec;

/// <summary>The steps of a forward pass, each by itself: whoever takes many batches through a model takes all of them through one layer first.</summary>
internal static class LayerSteps
{
    // 256 MB in float32.
    private const long HiddenElementsPerChunk = 1L << 26;

    /// <summary>
    /// How many batches take turns at a layer before the next one: where the weights have to be fetched, as many as a bound on their hidden states
    /// allows; else one.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="elements">Elements of hidden states that are alive for one batch.</param>
    public static int BatchesTogether(CausalLM model, long elements) => model.Stream is null ? 1 : (int)Math.Max(1, HiddenElementsPerChunk / elements);

    /// <summary>The first layer's input of each batch, <c>[rows, tokens, hidden]</c>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batches">Token ids, each <c>[rows, tokens]</c>.</param>
    public static torch.Tensor[] Embed(CausalLM model, IEnumerable<torch.Tensor> batches)
    {
        using var held = model.UseEmbedding();
        return [.. batches.Select(ids => InPass(model, ids, pass => model.Embed(ids, pass)))];
    }

    /// <summary>One layer over one batch, <c>[rows, tokens, hidden]</c> to the same; the caller holds its weights.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="ids">The batch's token ids <c>[rows, tokens]</c>.</param>
    /// <param name="hidden">The layer's input.</param>
    public static torch.Tensor Run(CausalLM model, int layer, torch.Tensor ids, torch.Tensor hidden) =>
        InPass(model, ids, pass => model.RunLayer(layer, hidden, pass));

    /// <summary>Logits <c>[rows, tokens, vocab]</c> as <see cref="CausalLM.forward"/> gives them, with one layer's weights in use at a time.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">Token ids <c>[rows, tokens]</c>.</param>
    public static torch.Tensor Forward(CausalLM model, torch.Tensor ids)
    {
        using var hidden = Hidden(model, ids);
        using var held = model.UseHead();
        return model.Head(hidden);
    }

    /// <summary>What the head reads: the last layer's output <c>[rows, tokens, hidden]</c>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">Token ids <c>[rows, tokens]</c>.</param>
    public static torch.Tensor Hidden(CausalLM model, torch.Tensor ids) => Hidden(model, [ids])[0];

    /// <summary>What the head reads of each of some batches, which go through a layer together: its weights may have to be fetched.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batches">Token ids, each <c>[rows, tokens]</c>.</param>
    public static torch.Tensor[] Hidden(CausalLM model, IReadOnlyList<torch.Tensor> batches) => Hidden(model, batches, [.. batches.Select(ids => model.Begin(ids))]);

    /// <summary>What the head reads of trees of tokens: the last layer's output <c>[1, tokens, hidden]</c> of each set of them, which go through a layer together.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batches">The sets of trees.</param>
    public static torch.Tensor[] Hidden(CausalLM model, IReadOnlyList<TokenTrees> batches)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] tokens = [.. batches.Select(trees => trees.InputIds(model.Device))];
        var hidden = Hidden(model, tokens, [.. tokens.Zip(batches, model.Begin)]);
        return [.. hidden.Select(last => last.MoveToOuterDisposeScope())];
    }

    private static torch.Tensor[] Hidden(CausalLM model, IReadOnlyList<torch.Tensor> batches, SequencePass[] passes)
    {
        using var scope = torch.NewDisposeScope();
        var hidden = new torch.Tensor[passes.Length];
        try
        {
            using (model.UseEmbedding())
            {
                Step(batch => model.Embed(batches[batch], passes[batch]));
            }

            for (var layer = 0; layer < model.Layers.Count; layer++)
            {
                using var held = model.Use(layer);
                Step(batch =>
                {
                    using var before = hidden[batch];
                    return model.RunLayer(layer, before, passes[batch]);
                });
            }

            return [.. hidden.Select(last => last.MoveToOuterDisposeScope())];
        }
        finally
        {
            Array.ForEach(passes, pass => pass.Dispose());
        }

        void Step(Func<int, torch.Tensor> step)
        {
            for (var batch = 0; batch < hidden.Length; batch++)
            {
                hidden[batch] = step(batch);
            }
        }
    }

    /// <summary>A step in a pass of its own over a batch; of what it makes only the result stays, in the caller's scope.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">The batch's token ids <c>[rows, tokens]</c>.</param>
    /// <param name="step">The step.</param>
    public static torch.Tensor InPass(CausalLM model, torch.Tensor ids, Func<SequencePass, torch.Tensor> step)
    {
        using var scope = torch.NewDisposeScope();
        using var pass = model.Begin(ids);
        return step(pass).MoveToOuterDisposeScope();
    }
}
