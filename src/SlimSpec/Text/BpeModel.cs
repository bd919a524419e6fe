using System.Text;

namespace SlimSpec;

/// <summary>
/// Pieces and merges of a byte-pair encoding (Sennrich et al. 2016), and how text without a piece is spelled.
/// </summary>
internal sealed class BpeModel
{
    private readonly Dictionary<long, (int Rank, int Id)> _merges;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    /// <summary>Takes a vocabulary and its merges, each as ids of the parts and of the result.</summary>
    public BpeModel(Dictionary<string, int> ids, IReadOnlyList<(int Left, int Right, int Result)> merges)
    {
        Ids = ids;
        Merges = merges;
        _lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _merges = new(merges.Count);
        for (var rank = 0; rank < merges.Count; rank++)
        {
            _merges[Key(merges[rank].Left, merges[rank].Right)] = (rank, merges[rank].Result);
        }
    }

    /// <summary>Piece to id.</summary>
    public Dictionary<string, int> Ids { get; }

    /// <summary>The merges by rank, as ids.</summary>
    public IReadOnlyList<(int Left, int Right, int Result)> Merges { get; }

    /// <summary>Ids of the pieces <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>, where a code point without a piece is spelled in bytes.</summary>
    public int[]? ByteIds { get; init; }

    /// <summary>Id for what has no piece.</summary>
    public int? UnknownId { get; init; }

    /// <summary>Whether neighbouring unknown code points become one id.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether a word that is a piece is taken whole, whatever the merges say.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>Id of a piece.</summary>
    public bool TryGetId(ReadOnlySpan<char> piece, out int id) => _lookup.TryGetValue(piece, out id);

    /// <summary>Rank and result of merging two neighbours.</summary>
    public bool TryGetMerge(int left, int right, out (int Rank, int Id) merge) => _merges.TryGetValue(Key(left, right), out merge);

    /// <summary>Whether some merge joins another character with a <paramref name="space"/> behind it.</summary>
    public bool MergesAcross(char space)
    {
        var byId = Ids.ToDictionary(entry => entry.Value, entry => entry.Key);
        return _merges.Keys.Any(key => byId[(int)(key >> 32)][^1] != space && byId[(int)key][0] == space);
    }

    /// <summary>Spells a word: the piece of each code point, or its bytes, or the unknown id.</summary>
    public void Spell(ReadOnlySpan<char> word, List<int> symbols)
    {
        Span<byte> utf8 = stackalloc byte[4];
        while (!word.IsEmpty)
        {
            Rune.DecodeFromUtf16(word, out var rune, out var length);
            if (TryGetId(word[..length], out var id))
            {
                symbols.Add(id);
            }
            else if (ByteIds is not null)
            {
                foreach (var value in utf8[..rune.EncodeToUtf8(utf8)])
                {
                    symbols.Add(ByteIds[value]);
                }
            }
            else if (UnknownId is { } unknown && !(FuseUnknown && symbols.Count > 0 && symbols[^1] == unknown))
            {
                symbols.Add(unknown);
            }

            word = word[length..];
        }
    }

    private static long Key(int left, int right) => ((long)left << 32) | (uint)right;
}
