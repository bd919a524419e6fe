namespace SlimSpec;

/// <summary>
/// An endless stream of training examples: pass after pass over the data, each in an order of its own that follows from
/// the seed alone. Only the position moves, so a stream can be set to any place.
/// </summary>
/// <param name="examples">The examples.</param>
/// <param name="seed">Seed of the orders.</param>
/// <param name="group">Examples of similar length come together, so many at a time; 1: the order does not look at lengths.</param>
internal sealed class ExampleOrder(IReadOnlyList<TrainingExample> examples, int seed, int group = 1)
{
    // Lengths are sorted within so many groups, which keeps each pass different from the others.
    private const int GroupsSortedTogether = 50;

    private int[] _order = [];
    private long _pass = -1;

    /// <summary>Examples drawn so far.</summary>
    public long Position { get; set; }

    /// <summary>The next examples, by their numbers in the data.</summary>
    public int[] Next(int count)
    {
        var drawn = new int[count];
        for (var i = 0; i < count; i++)
        {
            var (pass, place) = Math.DivRem(Position++, examples.Count);
            if (pass != _pass)
            {
                (_pass, _order) = (pass, OrderOf(pass));
            }

            drawn[i] = _order[place];
        }

        return drawn;
    }

    private int[] OrderOf(long pass)
    {
        var random = new SeededRandom(seed, pass + 1);
        int[] order = [.. Enumerable.Range(0, examples.Count)];
        random.Shuffle<int>(order);
        return group == 1 ? order : Grouped(order, pass, random);
    }

    // Groups begin where a batch does, though a pass may begin in the middle of one; whole groups come in random order.
    private int[] Grouped(int[] order, long pass, SeededRandom random)
    {
        var sorted = order.Chunk(group * GroupsSortedTogether).SelectMany(chunk => chunk.OrderByDescending(example => examples[example].Ids.Length)).ToArray();
        var first = (int)Math.Min((group - (pass * order.Length % group)) % group, order.Length);
        int[][] groups = [.. sorted[first..].Chunk(group)];
        var whole = groups.Count(each => each.Length == group);
        random.Shuffle(groups.AsSpan(0, whole));
        return [.. sorted[..first], .. groups.SelectMany(each => each)];
    }
}
