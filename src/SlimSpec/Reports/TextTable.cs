using System.Globalization;

namespace SlimSpec;

/// <summary>A table in plain text: columns as wide as their content, numbers to the right.</summary>
internal sealed class TextTable
{
    private const string Gap = "  ";
    private readonly List<string[]> _rows = [];
    private readonly bool[] _rightAligned;

    /// <summary>Makes a table; a header that starts with <c>&gt;</c> aligns its column to the right.</summary>
    public TextTable(params string[] headers)
    {
        _rightAligned = [.. headers.Select(header => header.StartsWith('>'))];
        _rows.Add([.. headers.Select(header => header.TrimStart('>'))]);
    }

    /// <summary>Adds a row; numbers are written with thousands separated.</summary>
    public TextTable Add(params object?[] cells)
    {
        _rows.Add([.. cells.Select(Text)]);
        return this;
    }

    /// <summary>Writes the table.</summary>
    public void Write(TextWriter output)
    {
        var widths = Enumerable.Range(0, _rows[0].Length).Select(column => _rows.Max(row => row[column].Length)).ToArray();
        for (var i = 0; i < _rows.Count; i++)
        {
            var cells = _rows[i].Select((cell, column) => _rightAligned[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            output.WriteLine(string.Join(Gap, cells).TrimEnd());
            if (i == 0)
            {
                output.WriteLine(new string('-', widths.Sum() + (Gap.Length * (widths.Length - 1))));
            }
        }
    }

    private static string Text(object? cell) => cell switch
    {
        null => "-",
        int or long => string.Create(CultureInfo.InvariantCulture, $"{cell:N0}"),
        double number => Numbers.Short(number),
        _ => cell.ToString() ?? "",
    };
}
