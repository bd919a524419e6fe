namespace SlimSpec;

/// <summary>Counts what is found while reading data.</summary>
internal sealed class DataCounts
{
    private const int Shown = 5;
    private readonly List<string> _firstMalformed = [];

    /// <summary>Rows read.</summary>
    public long Rows { get; set; }

    /// <summary>Rows left out because the dataset's <c>labels</c> do not list theirs.</summary>
    public long OtherLabels { get; set; }

    /// <summary>Examples cut to <c>max_seq_length</c>.</summary>
    public long Truncated { get; set; }

    /// <summary>Rows that could not be used.</summary>
    public long Malformed { get; private set; }

    /// <summary>The first few of them.</summary>
    public IReadOnlyList<string> FirstMalformed => _firstMalformed;

    /// <summary>Counts a row that cannot be used.</summary>
    /// <param name="what"><c>file(line): reason</c>.</param>
    public void AddMalformed(string what)
    {
        Malformed++;
        if (_firstMalformed.Count < Shown)
        {
            _firstMalformed.Add(what);
        }
    }

    /// <summary>Adds what was counted elsewhere.</summary>
    public void Add(DataCounts other)
    {
        (Rows, OtherLabels, Truncated, Malformed) = (Rows + other.Rows, OtherLabels + other.OtherLabels, Truncated + other.Truncated, Malformed + other.Malformed);
        _firstMalformed.AddRange(other._firstMalformed.Take(Shown - _firstMalformed.Count));
    }

    /// <summary>All that was counted.</summary>
    public DataNotes ToNotes() => new(Rows, Malformed, [.. _firstMalformed], OtherLabels, Truncated);
}
