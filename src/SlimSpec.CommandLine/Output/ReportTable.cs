namespace SlimSpec.CommandLine;

/// <summary>A table of a report, for a terminal and for a page.</summary>
/// <param name="Title">What it is of; mode and scope included.</param>
/// <param name="Headers">Its columns; one that starts with <c>&gt;</c> is aligned to the right.</param>
/// <param name="Rows">Its cells.</param>
/// <param name="Notes">Sentences below it.</param>
internal sealed record ReportTable(string Title, string[] Headers, IReadOnlyList<string[]> Rows, IReadOnlyList<string> Notes)
{
    /// <summary>Writes it as text.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine(Title);
        var table = new TextTable(Headers);
        foreach (var row in Rows)
        {
            table.Add([.. row]);
        }

        table.Write(output);
        foreach (var note in Notes)
        {
            output.WriteLine(note);
        }

        output.WriteLine();
    }
}
