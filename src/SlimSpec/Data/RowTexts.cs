namespace SlimSpec;

/// <summary>Reads a dataset of rows as one text.</summary>
internal static class RowTexts
{
    /// <summary>The rows' texts, joined by blank lines. An instruction's text is its prompt with the answer, unless the reference names columns.</summary>
    /// <exception cref="SlimException">The file cannot be read, has not the columns, or has no row that can be used.</exception>
    public static string Read(DatasetReference reference, DataCounts counts)
    {
        var instructions = DatasetFormats.Of(reference) == DatasetFormat.Alpaca && reference.Text is null;
        var columns = instructions ? DatasetFormats.Instruction(reference) : DatasetFormats.Text(reference);
        return string.Join("\n\n", DataFile.Read<string>(reference, columns, counts, Use));

        string? Use(string[] values, out string? fault)
        {
            var text = instructions ? (AlpacaTemplate.Prompt(values[0], values[1]) + values[2]).Trim() : string.Join(' ', values).Trim();
            fault = text.Length == 0 ? "its text is empty" : null;
            return fault is null ? text : null;
        }
    }
}
