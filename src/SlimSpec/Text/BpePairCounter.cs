using System.Runtime.InteropServices;
using System.Text;

namespace SlimSpec;

/// <summary>
/// Merges the most frequent pair of neighbours again and again. Counts are kept up to date: a merge touches only the words
/// that have the pair.
/// </summary>
internal sealed class BpePairCounter
{
    private readonly List<string> _pieces;
    private readonly Dictionary<string, int> _ids;
    private readonly List<(List<int> Symbols, long Count)> _words = [];
    private readonly Dictionary<(int Left, int Right), long> _counts = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> _places = [];
    private readonly PriorityQueue<(int Left, int Right), (long MinusCount, int Left, int Right)> _queue = new();

    /// <summary>Spells the words in <paramref name="pieces"/>, to which merging adds. A character without a piece divides its word.</summary>
    public BpePairCounter(List<string> pieces, List<(string Word, long Count)> words)
    {
        _pieces = pieces;
        _ids = pieces.Select((piece, id) => (piece, id)).ToDictionary(entry => entry.piece, entry => entry.id, StringComparer.Ordinal);
        foreach (var (word, count) in words)
        {
            Spell(word, count);
        }

        foreach (var pair in _counts.Keys)
        {
            Offer(pair);
        }
    }

    /// <summary>Merges until there are <paramref name="vocabularySize"/> pieces or no pair occurs <paramref name="fewest"/> times.</summary>
    public List<(string Left, string Right)> Merge(int vocabularySize, long fewest)
    {
        var merges = new List<(string Left, string Right)>();
        while (_pieces.Count < vocabularySize && _queue.TryDequeue(out var pair, out var priority))
        {
            // Counts have changed since an entry was made; the current one is in the queue too.
            if (_counts.GetValueOrDefault(pair) != -priority.MinusCount)
            {
                continue;
            }

            if (-priority.MinusCount < fewest)
            {
                break;
            }

            merges.Add((_pieces[pair.Left], _pieces[pair.Right]));
            Apply(pair, IdOf(_pieces[pair.Left] + _pieces[pair.Right]));
        }

        return merges;
    }

    // Two different pairs can spell one piece.
    private int IdOf(string piece)
    {
        if (!_ids.TryGetValue(piece, out var id))
        {
            id = _pieces.Count;
            _pieces.Add(piece);
            _ids.Add(piece, id);
        }

        return id;
    }

    private void Apply((int Left, int Right) pair, int result)
    {
        var changed = new HashSet<(int Left, int Right)>();
        foreach (var place in _places[pair])
        {
            var (symbols, count) = _words[place];
            Tally(place, -count, changed);
            var length = 0;
            for (var i = 0; i < symbols.Count; i++)
            {
                var joined = i + 1 < symbols.Count && symbols[i] == pair.Left && symbols[i + 1] == pair.Right;
                symbols[length++] = joined ? result : symbols[i];
                i += joined ? 1 : 0;
            }

            CollectionsMarshal.SetCount(symbols, length);
            Tally(place, count, changed);
        }

        foreach (var touched in changed)
        {
            Offer(touched);
        }
    }

    private void Offer((int Left, int Right) pair)
    {
        if (_counts[pair] is > 0 and var count)
        {
            _queue.Enqueue(pair, (-count, pair.Left, pair.Right));
        }
        else
        {
            _counts.Remove(pair);
            _places.Remove(pair);
        }
    }

    // Adds a word's pairs to the counts, or takes them away.
    private void Tally(int place, long count, HashSet<(int Left, int Right)>? changed)
    {
        var symbols = _words[place].Symbols;
        for (var i = 0; i + 1 < symbols.Count; i++)
        {
            var pair = (symbols[i], symbols[i + 1]);
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, pair, out _) += count;
            changed?.Add(pair);
            if (count > 0)
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(_places, pair, out _) ??= []).Add(place);
            }
        }
    }

    private void Spell(string word, long count)
    {
        var symbols = new List<int>(word.Length);
        foreach (var rune in word.EnumerateRunes())
        {
            if (_ids.TryGetValue(rune.ToString(), out var id))
            {
                symbols.Add(id);
                continue;
            }

            AddWord(symbols, count);
            symbols = [];
        }

        AddWord(symbols, count);
    }

    private void AddWord(List<int> symbols, long count)
    {
        if (symbols.Count > 1)
        {
            _words.Add((symbols, count));
            Tally(_words.Count - 1, count, null);
        }
    }
}
