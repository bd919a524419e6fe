namespace SlimSpec;

/// <summary>
/// Token ids to calibrate, train or measure with: a text file, tokenized whole as one stream with BOS once at its start, or
/// a <c>.json</c> file <c>{"ids": [[...], ...]}</c>, each row a ready sample. Data in rows are a text too: that of all rows, joined by blank lines.
/// </summary>
public sealed class TokenDataset
{
    private readonly int[][]? _rows;
    private readonly int[] _ids;

    private TokenDataset(string name, int[] ids, int[][]? rows) => (Name, _ids, _rows) = (name, ids, rows);

    /// <summary>The file, and which part of it.</summary>
    public string Name { get; }

    /// <summary>What was found while reading rows.</summary>
    public DataNotes Notes { get; private init; } = new(0, 0, [], 0, 0);

    /// <summary>All ids in order; ready rows one behind the other.</summary>
    public IReadOnlyList<int> Ids => _ids;

    /// <summary>Reads and tokenizes a dataset.</summary>
    /// <param name="reference">The file, its path as it can be opened from here, and the part of it.</param>
    /// <param name="tokenizer">Tokenizes a text; may be null for ready ids.</param>
    /// <param name="vocabularySize">Number of ids the model knows.</param>
    /// <exception cref="SlimException">The file is missing, empty, malformed, or has ids that the model does not know.</exception>
    public static TokenDataset Load(DatasetReference reference, Tokenizer? tokenizer, int vocabularySize)
    {
        var name = reference is { From: 0, To: 1 } ? reference.Path : $"{reference.Path} ({reference.From:0.###%} to {reference.To:0.###%})";
        return DatasetFormats.Of(reference) == DatasetFormat.Ids
            ? FromRows(name, TokenDatasetFile.ReadRows(reference, vocabularySize))
            : FromText(name, reference, tokenizer, vocabularySize);
    }

    /// <summary>What the tokenizer puts in front of a text; null: nothing, or it is not known.</summary>
    public int? Bos { get; private init; }

    /// <summary>A stream of ids that are there already.</summary>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="ids">The ids, BOS first where the model has one.</param>
    /// <param name="bos">What a text begins with; null: nothing, or it is not known.</param>
    public static TokenDataset FromStream(string name, int[] ids, int? bos = null) => new(name, ids, null) { Bos = bos };

    /// <summary>
    /// Samples for calibration: windows of the stream at random, none twice and none overlapping where the text is long
    /// enough; the same on every machine for one seed. Ready rows are taken from the first on, cut to the length. Each round
    /// gives others than those before it, until all have been given.
    /// </summary>
    /// <param name="count">Number of samples.</param>
    /// <param name="length">Tokens a sample.</param>
    /// <param name="seed">Seed of the choice.</param>
    /// <param name="round">Number of the round, from 0.</param>
    /// <exception cref="SlimException">The data is too short.</exception>
    public int[][] SampleWindows(int count, int length, int seed, int round = 0)
    {
        var first = (long)round * count;
        if (_rows is not null)
        {
            return SampleRows(_rows, first, count, length);
        }

        RequireTokens(length);
        var random = new SeededRandom(seed);
        // Starts may be anywhere where even a grid has no room for as many samples.
        var (starts, step) = _ids.Length / length >= count ? (_ids.Length / length, length) : (_ids.Length - length + 1, 1);
        var places = new int[starts];
        for (var i = 0; i < starts; i++)
        {
            places[i] = i * step;
        }

        random.Shuffle<int>(places);
        return [.. Enumerable.Range(0, count).Select(sample => Window(places[(first + sample) % starts], length))];
    }

    /// <summary>
    /// Sequences to train on: the stream cut into windows that do not overlap, an incomplete last one dropped. Ready rows
    /// stay rows, cut to the length.
    /// </summary>
    /// <param name="length">Tokens a sequence; a ready row may have fewer.</param>
    /// <exception cref="SlimException">The text does not fill one window.</exception>
    public int[][] Sequences(int length)
    {
        if (_rows is not null)
        {
            return [.. _rows.Select(row => row.Length > length ? row[..length] : row)];
        }

        RequireTokens(length);
        return [.. Enumerable.Range(0, _ids.Length / length).Select(window => Window(window * length, length))];
    }

    /// <summary>
    /// Sequences to train a model from nothing: those of <see cref="Sequences"/>, and one from the start of each document
    /// with BOS in front, so that the model learns both to go on in the middle and to begin. Documents are what blank lines
    /// separate. Ready rows stay as they are.
    /// </summary>
    /// <param name="length">Tokens a sequence.</param>
    /// <param name="tokenizer">The tokenizer the text was read with.</param>
    public int[][] PretrainingSequences(int length, Tokenizer tokenizer)
    {
        var windows = Sequences(length);
        if (_rows is not null || tokenizer.BosId is not { } bos)
        {
            return windows;
        }

        var newline = tokenizer.Encode("\n")[^1];
        var starts = Enumerable.Range(2, Math.Max(0, _ids.Length - length - 1)).Where(i => _ids[i] != newline && _ids[i - 1] == newline && _ids[i - 2] == newline);
        return [.. windows, .. starts.Select(start => (int[])[bos, .. Window(start, length - 1)])];
    }

    private static TokenDataset FromRows(string name, int[][] rows) => new(name, [.. rows.SelectMany(row => row)], rows);

    private static TokenDataset FromText(string name, DatasetReference reference, Tokenizer? tokenizer, int vocabularySize)
    {
        var counts = new DataCounts();
        var text = TokenDatasetFile.ReadText(reference, counts);
        if (tokenizer is null)
        {
            throw new SlimException($"{name}: a text needs a tokenizer; the checkpoint has none");
        }

        var ids = tokenizer.Encode(text, tokenizer.AddsBos);
        TokenDatasetFile.CheckIds(name, ids, tokenizer, vocabularySize);
        return new(name, ids, null) { Notes = counts.ToNotes(), Bos = tokenizer.AddsBos ? tokenizer.BosId : null };
    }

    private int[][] SampleRows(int[][] rows, long first, int count, int length)
    {
        if (rows.Length < count)
        {
            throw new SlimException($"{Name}: there are {rows.Length} rows, but {count} samples were asked for");
        }

        var taken = Enumerable.Range(0, count).Select(sample => (int)((first + sample) % rows.Length)).ToArray();
        foreach (var row in taken.Where(row => rows[row].Length < length))
        {
            throw new SlimException($"{Name}: ids[{row}] has {rows[row].Length} tokens, but {length} were asked for");
        }

        return [.. taken.Select(number => rows[number][..length])];
    }

    private int[] Window(int start, int length) => _ids[start..(start + length)];

    private void RequireTokens(int length)
    {
        if (_ids.Length < length)
        {
            throw new SlimException($"{Name}: {_ids.Length} tokens are too few for one window of {length}");
        }
    }
}
