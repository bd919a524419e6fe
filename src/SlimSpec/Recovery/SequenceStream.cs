namespace SlimSpec;

/// <summary>
/// An endless stream of token sequences: pass after pass over the data, each in an order of its own that follows from
/// the seed alone. Only the position moves, so a stream can be set to any place.
/// </summary>
internal sealed class SequenceStream
{
    private readonly IReadOnlyList<int[]> _sequences;
    private readonly int _seed;
    private readonly int[] _order;
    private long _pass = -1;

    /// <summary>Starts at the first sequence of the first pass.</summary>
    /// <exception cref="SlimException">There is no sequence, or one with fewer than two tokens or an unknown id.</exception>
    public SequenceStream(IReadOnlyList<int[]> sequences, int vocabularySize, int seed)
    {
        Check(sequences, vocabularySize);
        (_sequences, _seed) = (sequences, seed);
        _order = new int[sequences.Count];
    }

    /// <summary>Sequences drawn so far.</summary>
    public long Position { get; set; }

    /// <summary>
    /// The next <paramref name="count"/> sequences as inputs and targets, each <c>[count, longest - 1]</c>, int64: the
    /// target of a position is the token after it. Shorter sequences are padded on the right and
    /// <see cref="Loss.Ignored"/> there.
    /// </summary>
    public (torch.Tensor Inputs, torch.Tensor Targets) Next(int count, torch.Device device)
    {
        var rows = new int[count][];
        for (var i = 0; i < count; i++)
        {
            rows[i] = Draw();
        }

        var length = rows.Max(row => row.Length) - 1;
        var inputs = new long[count * length];
        var targets = new long[count * length];
        Array.Fill(targets, Loss.Ignored);
        for (var i = 0; i < count; i++)
        {
            for (var t = 0; t < rows[i].Length - 1; t++)
            {
                inputs[(i * length) + t] = rows[i][t];
                targets[(i * length) + t] = rows[i][t + 1];
            }
        }

        return (torch.tensor(inputs, [count, length], device: device), torch.tensor(targets, [count, length], device: device));
    }

    private int[] Draw()
    {
        var (pass, index) = Math.DivRem(Position++, _sequences.Count);
        if (pass != _pass)
        {
            for (var i = 0; i < _order.Length; i++)
            {
                _order[i] = i;
            }

            new SeededRandom(_seed, pass + 1).Shuffle<int>(_order);
            _pass = pass;
        }

        return _sequences[_order[index]];
    }

    private static void Check(IReadOnlyList<int[]> sequences, int vocabularySize)
    {
        if (sequences.Count == 0)
        {
            throw new SlimException("The training data has no sequence: the text is shorter than max_seq_length tokens.");
        }

        for (var i = 0; i < sequences.Count; i++)
        {
            if (sequences[i].Length < 2)
            {
                throw new SlimException($"Training sequence {i} has {sequences[i].Length} tokens; it takes two to predict one.");
            }

            foreach (var id in sequences[i])
            {
                if (id < 0 || id >= vocabularySize)
                {
                    throw new SlimException($"Training sequence {i} holds token id {id}, but the model knows ids 0 to {vocabularySize - 1}: the tokenizer belongs to another model.");
                }
            }
        }
    }
}
