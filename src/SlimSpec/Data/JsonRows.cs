using System.Text;
using System.Text.Json;

namespace SlimSpec;

/// <summary>Reads objects from JSON: an array of them, or one on each line (JSON Lines).</summary>
internal static class JsonRows
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>The rows of a file.</summary>
    /// <exception cref="SlimException">The file cannot be read, or is an array that is not valid JSON.</exception>
    public static IEnumerable<DataRow> Read(string path, IReadOnlyList<DataColumn> columns) => Texts(path).Select(item => Row(item.Number, item.Line, columns));

    /// <summary>The rows of a file as they are written, each with the line it begins on.</summary>
    /// <exception cref="SlimException">The file cannot be read, or is an array that is not valid JSON.</exception>
    public static IEnumerable<(int Number, string Line)> Texts(string path)
    {
        var text = JsonInput.ReadText(path);
        return text.AsSpan().TrimStart().StartsWith("[") ? Items(path, text) : TextLines.Of(text);
    }

    /// <summary>A row with all its fields.</summary>
    /// <param name="json">The row as it is written.</param>
    /// <param name="read">What to make of the object.</param>
    /// <param name="fault">Why it cannot be read; null: it can.</param>
    public static T? Object<T>(string json, Func<JsonElement, T> read, out string? fault)
        where T : class
    {
        fault = null;
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return read(document.RootElement);
            }

            fault = $"it is {JsonInput.Name(document.RootElement.ValueKind)}, not an object";
        }
        catch (JsonException failure)
        {
            fault = $"it is not valid JSON ({failure.Message})";
        }
        catch (InvalidOperationException failure) // half of a surrogate pair
        {
            fault = failure.Message;
        }

        return null;
    }

    // The items of an array, each with the line it begins on.
    private static List<(int Number, string Line)> Items(string path, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(utf8);
        var items = new List<(int, string)>();
        try
        {
            reader.Read();
            var (line, counted) = (1, 0);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                line += utf8.AsSpan(counted, start - counted).Count((byte)'\n');
                counted = start;
                reader.Skip();
                items.Add((line, Encoding.UTF8.GetString(utf8, start, (int)reader.BytesConsumed - start)));
            }

            reader.Read(); // refuses what follows the array
            return items;
        }
        catch (JsonException failure)
        {
            throw new SlimException($"{path}: line {failure.LineNumber + 1}: not valid JSON ({failure.Message})", failure);
        }
    }

    private static DataRow Row(int line, string json, IReadOnlyList<DataColumn> columns)
    {
        var values = new string[columns.Count];
        string? missing = null;
        Object(json, row => Take(row, columns, values, out missing), out var fault);
        return (fault ?? missing) is { } reason ? DataRow.Malformed(line, reason) : new(line, values);
    }

    private static string[] Take(JsonElement row, IReadOnlyList<DataColumn> columns, string[] values, out string? missing)
    {
        missing = null;
        for (var i = 0; i < values.Length && missing is null; i++)
        {
            missing = Fault(row, columns[i], out values[i]);
        }

        return values;
    }

    // Reads a field as text; says why where it cannot be.
    private static string? Fault(JsonElement row, DataColumn column, out string value)
    {
        value = "";
        if (!row.TryGetProperty(column.Name, out var field))
        {
            return column.Optional ? null : $"there is no field '{column.Name}'{NearestName.Hint(column.Name, row.EnumerateObject().Select(property => property.Name))}";
        }

        switch (field.ValueKind)
        {
            case JsonValueKind.String:
                value = field.GetString()!;
                return null;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                value = field.GetRawText();
                return null;
            case JsonValueKind.Null when column.Optional:
                return null;
            default:
                return $"'{column.Name}' is {JsonInput.Name(field.ValueKind)}, not a string or a number";
        }
    }
}
