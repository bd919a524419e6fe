namespace SlimSpec;

/// <summary>Rows of features with labels, in float64. Rows with a feature that is not a finite number are left out.</summary>
internal sealed class TrainingRows
{
    private TrainingRows(int width, double[] values, bool[] labels, int[] documents) => (Width, Values, Labels, Documents) = (width, values, labels, documents);

    /// <summary>Numbers of a row.</summary>
    public int Width { get; }

    /// <summary><c>[rows, width]</c>.</summary>
    public double[] Values { get; }

    /// <summary>Whether a row is one to leave at.</summary>
    public bool[] Labels { get; }

    /// <summary>Which document a row is from.</summary>
    public int[] Documents { get; }

    /// <summary>Number of rows.</summary>
    public int Count => Labels.Length;

    /// <summary>A row.</summary>
    public ReadOnlySpan<double> this[int row] => Values.AsSpan(row * Width, Width);

    /// <summary>The rows of some checks of all tokens.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="checks">The checks, one after the other.</param>
    /// <param name="label">Which tokens are labelled.</param>
    /// <param name="wholeTokens">Whether a token with a number that is not finite at any check is left out of all.</param>
    public static TrainingRows Of(IReadOnlyList<ExitDocument> documents, IEnumerable<int> checks, ExitLabel label, bool wholeTokens = false)
    {
        var (values, labels, sources) = (new List<double>(), new List<bool>(), new List<int>());
        foreach (var check in checks)
        {
            for (var document = 0; document < documents.Count; document++)
            {
                for (var token = 0; token < documents[document].Tokens; token++)
                {
                    var features = documents[document].At(token, check);
                    if (IsFinite(wholeTokens ? documents[document].Of(token) : features))
                    {
                        foreach (var feature in features)
                        {
                            values.Add(feature);
                        }

                        labels.Add(documents[document].IsLabelled(token, check, label));
                        sources.Add(document);
                    }
                }
            }
        }

        return new(documents[0].Width, [.. values], [.. labels], [.. sources]);
    }

    /// <summary>One number a row, without labels.</summary>
    public static TrainingRows Of(double[] values) => new(1, values, new bool[values.Length], new int[values.Length]);

    /// <summary>Other numbers for the same rows.</summary>
    public TrainingRows With(int width, double[] values) => new(width, values, Labels, Documents);

    /// <summary>Some of the rows.</summary>
    public TrainingRows Take(IReadOnlyList<int> rows)
    {
        var values = new double[rows.Count * Width];
        for (var i = 0; i < rows.Count; i++)
        {
            this[rows[i]].CopyTo(values.AsSpan(i * Width));
        }

        return new(Width, values, [.. rows.Select(row => Labels[row])], [.. rows.Select(row => Documents[row])]);
    }

    /// <summary>What each row weighs so that both labels weigh the same: rows / (2 rows of its label).</summary>
    public double[] Balance()
    {
        var leaving = Labels.Count(label => label);
        return [.. Labels.Select(label => Count / (2.0 * (label ? leaving : Count - leaving)))];
    }

    /// <summary>Whether all rows have one label.</summary>
    public bool IsOneSided => Labels.Length == 0 || Labels.All(label => label == Labels[0]);

    private static bool IsFinite(ReadOnlySpan<float> features)
    {
        foreach (var feature in features)
        {
            if (!float.IsFinite(feature))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Brings features to mean 0 and deviation 1; those that do not vary are left out.</summary>
internal sealed class Standardization
{
    private readonly int _width;
    private readonly double[] _mean;
    private readonly double[] _deviation;

    /// <summary>Takes mean and deviation from rows.</summary>
    public Standardization(TrainingRows rows)
    {
        _width = rows.Width;
        _mean = new double[_width];
        _deviation = new double[_width];
        for (var i = 0; i < _width; i++)
        {
            var feature = i;
            double Value(int row) => rows.Values[(row * _width) + feature];
            _mean[i] = Enumerable.Range(0, rows.Count).Sum(Value) / Math.Max(1, rows.Count);
            _deviation[i] = Math.Sqrt(Enumerable.Range(0, rows.Count).Sum(row => Math.Pow(Value(row) - _mean[i], 2)) / Math.Max(1, rows.Count));
        }

        // Equal numbers need not sum to a deviation of exactly 0.
        Used = [.. Enumerable.Range(0, _width).Where(i => _deviation[i] > 1e-12 * (1 + Math.Abs(_mean[i])))];
    }

    /// <summary>The features that vary.</summary>
    public IReadOnlyList<int> Used { get; }

    /// <summary>The rows' features that vary, standardised.</summary>
    public TrainingRows Apply(TrainingRows rows)
    {
        var values = new double[rows.Count * Used.Count];
        for (var row = 0; row < rows.Count; row++)
        {
            for (var i = 0; i < Used.Count; i++)
            {
                values[(row * Used.Count) + i] = (rows[row][Used[i]] - _mean[Used[i]]) / _deviation[Used[i]];
            }
        }

        return rows.With(Used.Count, values);
    }

    /// <summary>A linear form of standardised features as one of features as they are read.</summary>
    public (double[] Weights, double Bias) Fold(ReadOnlySpan<double> weights, double bias)
    {
        var raw = new double[_width];
        for (var i = 0; i < Used.Count; i++)
        {
            raw[Used[i]] = weights[i] / _deviation[Used[i]];
            bias -= raw[Used[i]] * _mean[Used[i]];
        }

        return (raw, bias);
    }
}
