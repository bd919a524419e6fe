namespace SlimSpec;

/// <summary>Reads the files behind a <see cref="TokenDataset"/>.</summary>
internal static class TokenDatasetFile
{
    /// <summary>The asked part of a text file; both ends lie where a line ends.</summary>
    public static string ReadPart(DatasetReference reference)
    {
        if (!(reference.From >= 0 && reference.From < reference.To && reference.To <= 1))
        {
            throw new SlimException($"{reference.Path}: {reference.From} to {reference.To} is not a part of a text; it takes 0 <= from < to <= 1");
        }

        var text = JsonInput.ReadText(reference.Path);
        if (text.Length == 0)
        {
            throw new SlimException($"{reference.Path}: the file is empty");
        }

        var part = text[NearestLineEnd(text, reference.From)..NearestLineEnd(text, reference.To)];
        return part.Length > 0
            ? part
            : throw new SlimException($"{reference.Path}: there is no line end between {reference.From} and {reference.To} of its {text.Length} characters, so that part is empty");
    }

    /// <summary>The rows of <c>{"ids": [[...], ...]}</c>.</summary>
    public static int[][] ReadRows(DatasetReference reference, int vocabularySize)
    {
        if (reference is not { From: 0, To: 1 })
        {
            throw new SlimException($"{reference.Path}: ready token ids have no parts; only a text can be split");
        }

        using var document = JsonInput.Read(reference.Path);
        int[][] rows = [.. new JsonPlace(reference.Path, "", document.RootElement).Array("ids").Items().Select(row => row.Items().Select(id => id.Integer(0, vocabularySize - 1)).ToArray())];
        var empty = Array.FindIndex(rows, row => row.Length == 0);
        return rows.Length == 0 ? throw new SlimException($"{reference.Path}: 'ids' has no rows")
            : empty >= 0 ? throw new SlimException($"{reference.Path}: ids[{empty}] is empty")
            : rows;
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
