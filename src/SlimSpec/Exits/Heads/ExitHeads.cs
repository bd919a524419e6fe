namespace SlimSpec;

/// <summary>Makes the head that checks read with (<c>exits: head:</c>).</summary>
public static class ExitHeads
{
    /// <summary>Makes the recipe's head for a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="settings">The recipe's exits.</param>
    /// <param name="factors">The head of low rank, where the recipe has one; it is copied.</param>
    /// <exception cref="SlimException">The recipe's head is of low rank, and <paramref name="factors"/> is missing or of another model.</exception>
    public static ExitHead Create(CausalLM model, ExitSettings settings, LowRankFactors? factors)
    {
        if (settings is { Head.Policy: ExitHeadPolicy.Full, FinalNorm: true })
        {
            return new FullHead(model.HeadRows);
        }

        var source = HeadSource.Of(model, settings.FinalNorm);
        var shortlist = (int)Math.Min(settings.Head.Shortlist, source.Weight.size(0));
        return settings.Head.Policy switch
        {
            ExitHeadPolicy.Full => new FullHead(source.Logits),
            ExitHeadPolicy.Shortlist => new ShortlistHead(source, shortlist, null),
            _ => new ShortlistHead(source, shortlist, FactorsFor(source, settings.Head.Rank, factors)),
        };
    }

    private static LowRankFactors FactorsFor(HeadSource source, int rank, LowRankFactors? factors)
    {
        if (factors is null)
        {
            throw new SlimException("exits: head: policy: lowrank needs factors, and there are none; run `slim exits` to make them");
        }

        var (vocabulary, width) = (source.Weight.size(0), source.Weight.size(1));
        return factors.Up.size(0) == vocabulary && factors.Down.size(1) == width && factors.Rank >= rank
            ? factors.To(source.Weight.dtype, source.Weight.device, rank)
            : throw new SlimException(
                $"exits: head: the factors have rank {factors.Rank} and are for {factors.Up.size(0)} tokens and width {factors.Down.size(1)}; "
                + $"the recipe asks for rank {rank}, the model has {vocabulary} tokens and width {width}; run `slim exits` again");
    }
}
