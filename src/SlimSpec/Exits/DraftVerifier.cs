namespace SlimSpec;

/// <summary>Drafts that wait for the last layer to say whether they stay. Chooses tokens as the settings say: the likeliest, or by sampling.</summary>
/// <param name="settings">How tokens are chosen.</param>
/// <param name="vocabularySize">Number of tokens.</param>
/// <param name="maxDrafts">Drafts that wait at most.</param>
internal sealed class DraftVerifier(GenerationSettings settings, int vocabularySize, int maxDrafts)
{
    private readonly Sampler? _sampler = settings.Temperature > 0 ? new(settings, vocabularySize) : null;
    private readonly SpeculativeSampling? _speculative = settings.Temperature > 0 ? new(vocabularySize) : null;
    private readonly TokenDistribution? _target = settings.Temperature > 0 ? new(vocabularySize) : null;
    private readonly TokenDistribution?[] _draftedFrom = new TokenDistribution?[maxDrafts];
    private readonly int[] _drafts = new int[maxDrafts];
    private readonly int[] _verified = new int[maxDrafts + 1];

    /// <summary>Drafts that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Drafts a token from what an early layer says.</summary>
    /// <param name="head">The head that has read it.</param>
    /// <param name="likeliest">What it finds likeliest.</param>
    public int Draft(ExitHead head, int likeliest)
    {
        var id = likeliest;
        if (_sampler is not null)
        {
            var from = _draftedFrom[Count] ??= new(vocabularySize);
            _sampler.Weigh(head.LastLogits, head.LastIds, from);
            id = from.Draw(_sampler.Uniform());
        }

        return _drafts[Count++] = id;
    }

    /// <summary>
    /// Goes through the drafts in order: those that the last layer confirms stay; at the first that it does not, its own token takes the draft's place,
    /// and all drafts behind are gone. Where all stay, the last row's token follows.
    /// </summary>
    /// <param name="logits">What the last layer says, <c>[rows, vocab]</c>: behind the token before the drafts, and behind each draft that was fed.</param>
    /// <returns>The tokens, and how many of them are drafts. As many rows have seen nothing wrong as there are tokens.</returns>
    public (ArraySegment<int> Tokens, int Accepted) Verify(torch.Tensor logits)
    {
        var rows = (int)logits.size(0);
        var drafts = Count;
        Count = 0;
        if (_sampler is not null)
        {
            return VerifySampled(logits, rows, drafts);
        }

        using var scope = torch.NewDisposeScope();
        var said = logits.argmax(1).cpu().data<long>();
        var accepted = 0;
        while (accepted < drafts && said[accepted] == _drafts[accepted])
        {
            accepted++;
        }

        return Verified(accepted, accepted < rows ? (int)said[accepted] : null);
    }

    private (ArraySegment<int> Tokens, int Accepted) VerifySampled(torch.Tensor logits, int rows, int drafts)
    {
        for (var i = 0; i < drafts; i++)
        {
            Weigh(logits, i);
            if (!SpeculativeSampling.Accepts(_target!, _draftedFrom[i]!, _drafts[i], _sampler!.Uniform()))
            {
                return Verified(i, _speculative!.DrawInstead(_target!, _draftedFrom[i]!, _sampler.Uniform()));
            }
        }

        if (drafts == rows)
        {
            return Verified(drafts, null);
        }

        Weigh(logits, drafts);
        return Verified(drafts, _target!.Draw(_sampler!.Uniform()));
    }

    private void Weigh(torch.Tensor logits, int row)
    {
        using var scope = torch.NewDisposeScope();
        _sampler!.Weigh(logits.select(0, row), _target!);
    }

    private (ArraySegment<int> Tokens, int Accepted) Verified(int accepted, int? next)
    {
        _drafts.AsSpan(0, accepted).CopyTo(_verified);
        var count = accepted;
        if (next is { } id)
        {
            _verified[count++] = id;
        }

        return (new(_verified, 0, count), accepted);
    }
}
