namespace SlimSpec;

/// <summary>Reads the files behind a <see cref="TokenDataset"/>.</summary>
internal static class TokenDatasetFile
{
    /// <summary>The asked part of a dataset as a text: of a text file, both ends lie where a line ends; of rows, their texts joined by blank lines.</summary>
    /// <param name="reference">The dataset.</param>
    /// <param name="counts">Counts rows, where it has any.</param>
    public static string ReadText(DatasetReference reference, DataCounts counts)
    {
        if (DatasetFormats.HasRows(reference))
        {
            return RowTexts.Read(reference, counts);
        }

        CheckPart(reference);
        RefuseLimit(reference);
        var text = JsonInput.ReadText(reference.Path);
        if (text.Length == 0)
        {
            throw new SlimException($"{reference.Path}: the file is empty");
        }

        var part = text[NearestLineEnd(text, reference.From)..NearestLineEnd(text, reference.To)];
        return part.Length > 0
            ? RowsOfLines.Join(DatasetFormats.Of(reference), part)
            : throw new SlimException($"{reference.Path}: there is no line end between {reference.From} and {reference.To} of its {text.Length} characters, so that part is empty");
    }

    /// <summary>The rows of <c>{"ids": [[...], ...]}</c>.</summary>
    public static int[][] ReadRows(DatasetReference reference, int vocabularySize)
    {
        if (reference is not { From: 0, To: 1 })
        {
            throw new SlimException($"{reference.Path}: ready token ids have no parts; only a text can be split");
        }

        RefuseLimit(reference);
        using var document = JsonInput.Read(reference.Path);
        int[][] rows = [.. new JsonPlace(reference.Path, "", document.RootElement).Array("ids").Items().Select(row => row.Items().Select(id => id.Integer(0, vocabularySize - 1)).ToArray())];
        var empty = Array.FindIndex(rows, row => row.Length == 0);
        return rows.Length == 0 ? throw new SlimException($"{reference.Path}: 'ids' has no rows")
            : empty >= 0 ? throw new SlimException($"{reference.Path}: ids[{empty}] is empty")
            : rows;
    }

    /// <summary>Refuses ids that the model does not know.</summary>
    /// <param name="place">Where they come from, for the message.</param>
    /// <param name="ids">The ids of a tokenized text.</param>
    /// <param name="tokenizer">The tokenizer that gave them.</param>
    /// <param name="vocabularySize">Number of ids the model knows.</param>
    public static void CheckIds(string place, IEnumerable<int> ids, Tokenizer tokenizer, int vocabularySize)
    {
        var largest = ids.Max();
        if (largest >= vocabularySize)
        {
            throw new SlimException($"{place}: the tokenizer gives id {largest} ('{tokenizer.Piece(largest)}'), but the model knows ids 0 to {vocabularySize - 1}: the tokenizer belongs to another model");
        }
    }

    /// <summary>Refuses a part that is none.</summary>
    public static void CheckPart(DatasetReference reference)
    {
        if (!(reference.From >= 0 && reference.From < reference.To && reference.To <= 1))
        {
            throw new SlimException($"{reference.Path}: {reference.From} to {reference.To} is not a part of a dataset; it takes 0 <= from < to <= 1");
        }
    }

    private static void RefuseLimit(DatasetReference reference)
    {
        if (reference.Limit is not null)
        {
            throw new SlimException($"{reference.Path}: 'limit' is for rows with texts; format '{SpecWords.Of(DatasetFormats.Of(reference))}' has none");
        }
    }

    // The place behind the line feed that is nearest to a fraction of the text; its start and end count as such.
    private static int NearestLineEnd(string text, double fraction)
    {
        var wanted = (int)Math.Round(fraction * text.Length);
        var before = wanted == 0 ? 0 : text.LastIndexOf('\n', wanted - 1) + 1;
        var next = wanted == text.Length ? -1 : text.IndexOf('\n', wanted);
        var behind = next < 0 ? text.Length : next + 1;
        return wanted - before <= behind - wanted ? before : behind;
    }
}
