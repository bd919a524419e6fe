namespace SlimSpec;

/// <summary>A row with all its fields, which may hold lists and mappings.</summary>
/// <param name="Line">The line it begins on, from 1.</param>
/// <param name="Fields">Its fields, as templates see them (<see cref="TemplateValues"/>).</param>
internal sealed record DocumentRow(int Line, IReadOnlyDictionary<string, object?> Fields);

/// <summary>Reads rows whole, for whoever decides later what of them is needed.</summary>
internal static class DocumentRows
{
    /// <summary>The rows of a dataset, in the order of the file.</summary>
    /// <param name="reference">The dataset, its path as it can be opened from here.</param>
    /// <exception cref="SlimException">The file cannot be read, is not of objects, or has a row that is none.</exception>
    public static IReadOnlyList<DocumentRow> Read(DatasetReference reference)
    {
        var format = reference.Format ?? (Path.GetExtension(reference.Path).Equals(".json", StringComparison.OrdinalIgnoreCase) ? DatasetFormat.Json : DatasetFormats.Of(reference));
        if (format != DatasetFormat.Json)
        {
            throw new SlimException($"{reference.Path}: a task's rows are JSON objects, one a line or in an array, not '{SpecWords.Of(format)}'; if it has them whatever its name, say 'format: json'");
        }

        var rows = JsonRows.Texts(reference.Path).Select(item => Row(reference.Path, item.Number, item.Line)).ToList();
        return DataFile.Limited(reference, DataFile.Part(reference, rows));
    }

    private static DocumentRow Row(string path, int line, string json)
    {
        var fields = JsonRows.Object(json, row => row.EnumerateObject().ToDictionary(field => field.Name, field => TemplateValues.Of(field.Value), StringComparer.Ordinal), out var fault);
        return fields is not null ? new(line, fields) : throw new SlimException($"{path}({line}): {fault}");
    }
}
