using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace SlimSpec;

/// <summary>
/// A byte-pair tokenizer, SentencePiece style (LLaMA) or byte-level (GPT-2), as Hugging Face's <c>tokenizer.json</c> or
/// <c>vocab.json</c> and <c>merges.txt</c> describe it. May be used from several threads at once.
/// </summary>
public sealed class Tokenizer
{
    private const char SentencePieceSpace = '\u2581';

    private readonly BpeModel _model;
    private readonly TokenizerPipeline _pipeline;
    private readonly PreTokenizer? _words;
    private readonly Dictionary<int, AddedToken> _added;
    private readonly Dictionary<string, AddedToken> _addedByContent;
    private readonly Dictionary<int, string> _pieces;
    private readonly ConcurrentBag<BpeEncoder> _encoders = []; // those that no thread uses now, with the words they know
    private readonly Regex? _allAdded;
    private readonly Regex? _ordinaryAdded;

    internal Tokenizer(BpeModel model, TokenizerPipeline pipeline, IReadOnlyList<AddedToken> added)
    {
        _model = model;
        _pipeline = pipeline;
        _added = added.ToDictionary(token => token.Id);
        _addedByContent = added.ToDictionary(token => token.Content, StringComparer.Ordinal);
        _pieces = model.Ids.ToDictionary(entry => entry.Value, entry => entry.Key);
        foreach (var token in added)
        {
            _pieces[token.Id] = token.Content;
        }

        _allAdded = Finder(added);
        _ordinaryAdded = Finder(added.Where(token => !token.Special));
        var undivided = pipeline.PreTokenizer is null or MetaspacePreTokenizer { Split: false } && !model.IgnoreMerges;
        _words = undivided && !model.MergesAcross(SentencePieceSpace) ? new SpaceRunSplit(SentencePieceSpace) : pipeline.PreTokenizer;
        VocabularySize = _pieces.Keys.DefaultIfEmpty(-1).Max() + 1;
    }

    /// <summary>One more than the largest id.</summary>
    public int VocabularySize { get; }

    /// <summary>Id of the beginning-of-sequence token, if there is one.</summary>
    public int? BosId { get; init; }

    /// <summary>Id of the end-of-sequence token, if there is one.</summary>
    public int? EosId { get; init; }

    /// <summary>Tokens behind which a text is over: <see cref="EosId"/>, and <see cref="BosId"/>, which inside a text begins the next one.</summary>
    public IReadOnlyList<int> EndIds => [.. new[] { EosId, BosId }.OfType<int>()];

    /// <summary>Whether a text normally gets <see cref="BosId"/> in front: true for LLaMA, false for GPT-2.</summary>
    public bool AddsBos { get; init; }

    /// <summary>Reads <c>tokenizer.json</c>, or a folder with that or with <c>vocab.json</c> and <c>merges.txt</c>.</summary>
    /// <exception cref="SlimException">A file is missing, malformed or describes something that is not served.</exception>
    public static Tokenizer Load(string path)
    {
        if (!Directory.Exists(path))
        {
            return TokenizerFile.Read(path);
        }

        var file = Path.Combine(path, "tokenizer.json");
        var (vocabulary, merges) = (Path.Combine(path, "vocab.json"), Path.Combine(path, "merges.txt"));
        if (File.Exists(file))
        {
            return TokenizerFile.Read(file);
        }

        return File.Exists(vocabulary)
            ? TokenizerFile.ReadVocabularyAndMerges(vocabulary, merges)
            : throw new SlimException($"{path}: there is neither tokenizer.json nor vocab.json with merges.txt{(File.Exists(Path.Combine(path, "tokenizer.model")) ? "; tokenizer.model alone is not read: save the tokenizer with transformers (AutoTokenizer.from_pretrained(...).save_pretrained(...)) to get tokenizer.json" : "")}");
    }

    /// <summary>Whether a folder has a file that <see cref="Load"/> would read.</summary>
    internal static bool IsIn(string folder) => File.Exists(Path.Combine(folder, "tokenizer.json")) || File.Exists(Path.Combine(folder, "vocab.json"));

    /// <summary>The piece of an id, as the vocabulary writes it, or null.</summary>
    public string? Piece(int id) => _pieces.GetValueOrDefault(id);

    /// <summary>The id of a piece as the vocabulary writes it, or null.</summary>
    public int? Id(string piece) => _addedByContent.TryGetValue(piece, out var token) ? token.Id : _model.Ids.TryGetValue(piece, out var id) ? id : null;

    /// <summary>Text to token ids.</summary>
    /// <param name="text">The text.</param>
    /// <param name="addBos">Whether <see cref="BosId"/> comes first, where there is one.</param>
    /// <param name="parseSpecial">Whether the text of a special token (<c>&lt;s&gt;</c>) is that token; otherwise it is text like any other.</param>
    public int[] Encode(string text, bool addBos = false, bool parseSpecial = false)
    {
        var ids = new List<int>(text.Length / 3);
        if (addBos && BosId is { } bos)
        {
            ids.Add(bos);
        }

        var encoder = _encoders.TryTake(out var idle) ? idle : new(_model);
        var start = 0;
        foreach (Match match in (parseSpecial ? _allAdded : _ordinaryAdded)?.Matches(text) ?? Enumerable.Empty<Match>())
        {
            if (match.Index < start)
            {
                continue;
            }

            var token = _addedByContent[match.Value];
            var before = text[start..match.Index];
            EncodeText(token.TakesSpaceBefore ? before.TrimEnd() : before, start == 0, encoder, ids);
            ids.Add(token.Id);
            start = match.Index + match.Length;
            while (token.TakesSpaceBehind && start < text.Length && char.IsWhiteSpace(text[start]))
            {
                start++;
            }
        }

        EncodeText(start == 0 ? text : text[start..], start == 0, encoder, ids);
        _encoders.Add(encoder);
        return [.. ids];
    }

    /// <summary>Token ids to text. Bytes that are not UTF-8 become U+FFFD; ids outside the vocabulary are nothing.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="skipSpecial">Whether special tokens are left out.</param>
    public string Decode(IEnumerable<int> ids, bool skipSpecial = true)
    {
        var decoder = new TokenStreamDecoder(this, skipSpecial);
        var text = new StringBuilder();
        foreach (var id in ids)
        {
            text.Append(decoder.Append(id));
        }

        return text.Append(decoder.Finish()).ToString();
    }

    /// <summary>Decodes ids one by one as they are generated.</summary>
    /// <param name="skipSpecial">Whether special tokens are left out.</param>
    public TokenStreamDecoder CreateStreamDecoder(bool skipSpecial = true) => new(this, skipSpecial);

    /// <summary>Pieces and merges.</summary>
    internal BpeModel Model => _model;

    /// <summary>What happens around them.</summary>
    internal TokenizerPipeline Pipeline => _pipeline;

    /// <summary>The added token of an id, or null.</summary>
    internal AddedToken? Added(int id) => _added.GetValueOrDefault(id);

    internal int StripLeadingSpaces => _pipeline.StripLeadingSpaces;

    /// <summary>The UTF-8 bytes that an id adds to decoded text.</summary>
    internal byte[] Bytes(int id, bool skipSpecial)
    {
        if (_added.TryGetValue(id, out var token))
        {
            return token.Special && skipSpecial ? [] : Encoding.UTF8.GetBytes(token.Content);
        }

        if (!_pieces.TryGetValue(id, out var piece))
        {
            return [];
        }

        if (_pipeline.ByteLevel && ByteLevelAlphabet.Decode(piece) is { } bytes)
        {
            return bytes;
        }

        if (_pipeline.ByteFallback && BytePiece.Value(piece) is { } value)
        {
            return [value];
        }

        foreach (var (from, to) in _pipeline.Replacements)
        {
            piece = piece.Replace(from, to, StringComparison.Ordinal);
        }

        return Encoding.UTF8.GetBytes(piece);
    }

    private void EncodeText(string text, bool first, BpeEncoder encoder, List<int> ids)
    {
        foreach (var step in _pipeline.Normalizer)
        {
            text = step.Apply(text);
        }

        if (text.Length == 0)
        {
            return;
        }

        text = _pipeline.PreTokenizer?.Prepare(text, first) ?? text;
        Span<char> stand = stackalloc char[256];
        for (var start = 0; start < text.Length;)
        {
            var end = _words?.WordEnd(text, start) ?? text.Length;
            var word = text.AsSpan(start, end - start);
            encoder.Encode(_pipeline.ByteLevel ? ToAlphabet(word, stand) : word, ids);
            start = end;
        }
    }

    private static ReadOnlySpan<char> ToAlphabet(ReadOnlySpan<char> word, Span<char> stand)
    {
        const int LongestCharacter = 3; // UTF-8 bytes a UTF-16 unit can need
        Span<byte> utf8 = word.Length * LongestCharacter <= stand.Length ? stackalloc byte[stand.Length] : new byte[word.Length * LongestCharacter];
        utf8 = utf8[..Encoding.UTF8.GetBytes(word, utf8)];
        var characters = utf8.Length <= stand.Length ? stand : new char[utf8.Length];
        for (var i = 0; i < utf8.Length; i++)
        {
            characters[i] = ByteLevelAlphabet.Character(utf8[i]);
        }

        return characters[..utf8.Length];
    }

    // The longest token wins where several start at one place.
    private static Regex? Finder(IEnumerable<AddedToken> tokens)
    {
        var contents = tokens.Select(token => token.Content).OrderByDescending(content => content.Length).Select(Regex.Escape).ToArray();
        return contents.Length == 0 ? null : new Regex(string.Join('|', contents), RegexOptions.CultureInvariant);
    }
}
