namespace SlimSpec;

/// <summary>
/// Where each sequence's prefix ends and where its blank is, for models that read a prompt in both directions and then write
/// (the first ChatGLM-6B, after Du et al. 2022, GLM). Its tokens have two positions: the place in the text, which stays at the
/// blank's once writing starts, and the count of written tokens.
/// </summary>
public sealed class PrefixLayout : IDisposable
{
    private PrefixLayout(torch.Tensor context, torch.Tensor mark) => (Context, Mark) = (context, mark);

    /// <summary>Tokens of each row that all its tokens see, <c>[batch]</c>, int64: those before its start token.</summary>
    public torch.Tensor Context { get; }

    /// <summary>Index of the blank of each row, <c>[batch]</c>, int64.</summary>
    public torch.Tensor Mark { get; }

    /// <summary>
    /// Reads the layout off the tokens, without waiting for the device. A row without the start token is plain text: context and blank
    /// are 0, so it is causal, its first position is always 0 and its second one counts from 1. A row without a blank has it at 0.
    /// </summary>
    /// <param name="inputIds">Token ids <c>[batch, tokens]</c>, int64.</param>
    /// <param name="start">The token that starts the written part; its first place in a row counts.</param>
    /// <param name="marks">The tokens that can be the blank: the first one that a row has, at its first place.</param>
    public static PrefixLayout Find(torch.Tensor inputIds, long start, params ReadOnlySpan<long> marks)
    {
        using var normal = torch.inference_mode(false);
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var tokens = inputIds.size(1);
        var places = torch.arange(tokens, dtype: torch.ScalarType.Int64, device: inputIds.device);
        torch.Tensor First(long token) => places.masked_fill(inputIds.ne(token), tokens).amin([1]); // tokens: nowhere

        var context = First(start);
        var mark = torch.full_like(context, tokens);
        foreach (var token in marks)
        {
            mark = Choose(mark.eq(tokens), First(token), mark);
        }

        mark = mark.masked_fill(mark.eq(tokens), 0).masked_fill(context.eq(tokens), 0);
        context = context.masked_fill(context.eq(tokens), 0);
        return new(context.DetachFromDisposeScope(), mark.DetachFromDisposeScope());
    }

    /// <summary>
    /// Both positions of the tokens <paramref name="start"/> to <c>start + tokens - 1</c>, <c>[batch, 2, tokens]</c>, int64: i and 0 for
    /// token i of the context, then the blank's index and <c>i - context + 1</c>.
    /// </summary>
    public torch.Tensor Positions(long start, long tokens)
    {
        var places = torch.arange(start, start + tokens, dtype: torch.ScalarType.Int64, device: Context.device);
        var context = Context.unsqueeze(1);
        var inText = Choose(places.lt(context), places, Mark.unsqueeze(1));
        var written = (places - context + 1).clamp_min(0);
        return torch.stack([inText, written], 1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Context.Dispose();
        Mark.Dispose();
    }

    // where() of whole numbers: that of libtorch 1.13 lacks the meta device.
    private static torch.Tensor Choose(torch.Tensor condition, torch.Tensor yes, torch.Tensor no) => no + (condition * (yes - no));
}
