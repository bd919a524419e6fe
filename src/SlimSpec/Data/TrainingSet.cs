namespace SlimSpec;

/// <summary>One example to train or to measure with.</summary>
/// <param name="Ids">Token ids.</param>
/// <param name="FirstTarget">Of text: the first token that is predicted in the loss; those before are only read. At least 1.</param>
/// <param name="Label">Of a classification: the class, from 0; the classifier reads the last token. -1: it is text.</param>
public sealed record TrainingExample(int[] Ids, int FirstTarget = 1, int Label = -1)
{
    /// <summary>Parts of the tokens that are no targets either, where several examples share a sequence.</summary>
    public IReadOnlyList<Range> Ignored { get; init; } = [];
}

/// <summary>What a recovery step trains with.</summary>
/// <param name="Training">The examples to train on.</param>
/// <param name="Validation">The examples held out.</param>
public sealed record TrainingSet(IReadOnlyList<TrainingExample> Training, IReadOnlyList<TrainingExample> Validation)
{
    /// <summary>Of a classification: the classes, in order.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Of a prompted classification: the first token of each class's label word.</summary>
    public IReadOnlyList<int> LabelTokens { get; init; } = [];

    /// <summary>What was found while reading.</summary>
    public DataNotes Notes { get; init; } = new(0, 0, [], 0, 0);
}

/// <summary>What was found while reading data.</summary>
/// <param name="Rows">Rows read.</param>
/// <param name="Malformed">Rows that could not be used.</param>
/// <param name="FirstMalformed">The first few of them: <c>file(line): reason</c>.</param>
/// <param name="OtherLabels">Rows left out because the dataset's <c>labels</c> do not list theirs.</param>
/// <param name="Truncated">Texts, of examples or demonstrations, cut to <c>max_seq_length</c>.</param>
public sealed record DataNotes(long Rows, long Malformed, IReadOnlyList<string> FirstMalformed, long OtherLabels, long Truncated)
{
    /// <summary>What a user should know, a sentence a line; none where everything was used as it is.</summary>
    public IEnumerable<string> Lines
    {
        get
        {
            if (Malformed > 0)
            {
                yield return FormattableString.Invariant($"{Malformed:#,0} of {Rows:#,0} rows cannot be used: {string.Join("; ", FirstMalformed)}{(Malformed > FirstMalformed.Count ? "; ..." : "")}");
            }

            if (OtherLabels > 0)
            {
                yield return FormattableString.Invariant($"{OtherLabels:#,0} of {Rows:#,0} rows are left out: 'labels' does not list their label");
            }

            if (Truncated > 0)
            {
                yield return FormattableString.Invariant($"{Truncated:#,0} texts are cut to max_seq_length");
            }
        }
    }
}
