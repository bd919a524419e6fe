namespace SlimSpec;

/// <summary>
/// Merges the symbols of words, lowest rank first and leftmost first among equals, in O(n log n): a linked list of
/// symbols and a queue of merges by rank and place. Remembers words, also from one text to the next.
/// </summary>
internal sealed class BpeEncoder(BpeModel model)
{
    // Longer words are rare enough not to be worth remembering.
    private const int LongestRemembered = 64;

    private const int MostRemembered = 1 << 17;

    private const int Gone = -1;

    private readonly Dictionary<string, int[]> _known = [];
    private readonly PriorityQueue<int, long> _queue = new();
    private readonly List<int> _symbols = [];
    private int[] _previous = [];
    private int[] _next = [];

    /// <summary>Appends the ids of one word.</summary>
    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        if (word.Length > LongestRemembered)
        {
            Merge(word, ids);
            return;
        }

        var known = _known.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!known.TryGetValue(word, out var pieces))
        {
            var start = ids.Count;
            Merge(word, ids);
            if (_known.Count == MostRemembered)
            {
                _known.Clear();
            }

            known[word] = [.. ids[start..]];
            return;
        }

        ids.AddRange(pieces);
    }

    private void Merge(ReadOnlySpan<char> word, List<int> ids)
    {
        if (model.IgnoreMerges && model.TryGetId(word, out var whole))
        {
            ids.Add(whole);
            return;
        }

        _symbols.Clear();
        model.Spell(word, _symbols);
        Link(_symbols.Count);
        for (var place = 0; place + 1 < _symbols.Count; place++)
        {
            Offer(place);
        }

        while (_queue.TryDequeue(out var left, out var priority))
        {
            // An entry is stale where a neighbour has changed since; the same rank means the same pair.
            if (_symbols[left] == Gone || _next[left] is not (>= 0 and var right)
                || !model.TryGetMerge(_symbols[left], _symbols[right], out var merge) || merge.Rank != (int)(priority >> 32))
            {
                continue;
            }

            _symbols[left] = merge.Id;
            _symbols[right] = Gone;
            _next[left] = _next[right];
            if (_next[left] >= 0)
            {
                _previous[_next[left]] = left;
                Offer(left);
            }

            if (_previous[left] >= 0)
            {
                Offer(_previous[left]);
            }
        }

        foreach (var symbol in _symbols)
        {
            if (symbol != Gone)
            {
                ids.Add(symbol);
            }
        }
    }

    private void Link(int count)
    {
        if (_next.Length < count)
        {
            var size = Math.Max(64, 2 * count);
            (_previous, _next) = (new int[size], new int[size]);
        }

        for (var place = 0; place < count; place++)
        {
            _previous[place] = place - 1;
            _next[place] = place + 1 < count ? place + 1 : -1;
        }
    }

    private void Offer(int left)
    {
        if (model.TryGetMerge(_symbols[left], _symbols[_next[left]], out var merge))
        {
            _queue.Enqueue(left, ((long)merge.Rank << 32) | (uint)left);
        }
    }
}
