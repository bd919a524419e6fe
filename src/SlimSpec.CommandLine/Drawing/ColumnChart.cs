using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>A chart with a column a layer.</summary>
internal sealed class ColumnChart
{
    private const int MostLabels = 24;

    private readonly ChartFrame _frame;

    /// <summary>An empty chart.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="remark">What is drawn, in which unit.</param>
    /// <param name="axis">The values' axis.</param>
    /// <param name="columns">The columns' numbers.</param>
    /// <param name="columnsAre">What the numbers count.</param>
    /// <param name="captions">The lines below.</param>
    public ColumnChart(string title, string remark, ChartAxis axis, IReadOnlyList<int> columns, string columnsAre, IReadOnlyList<string> captions)
    {
        Column = Math.Clamp(640 / columns.Count, 12, 96);
        _frame = new(title, remark, axis, Column * columns.Count, columnsAre, captions);
        var every = (columns.Count + MostLabels - 1) / MostLabels;
        for (var column = 0; column < columns.Count; column += every)
        {
            _frame.DrawMark(Middle(column), columns[column].ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Width of a column in pixels.</summary>
    public int Column { get; }

    /// <summary>Left end of a column.</summary>
    public int X(int column) => ChartFrame.X(Column * column);

    /// <summary>Middle of a column.</summary>
    public int Middle(int column) => X(column) + (Column / 2);

    /// <inheritdoc cref="ChartFrame.Y"/>
    public int Y(double value) => _frame.Y(value);

    /// <inheritdoc cref="ChartFrame.Draw"/>
    public void Draw(FormattableString element) => _frame.Draw(element);

    /// <summary>Adds a bar from 0 to a value.</summary>
    /// <param name="style">Its class.</param>
    /// <param name="x">Its left end.</param>
    /// <param name="width">Its width.</param>
    /// <param name="value">Its value.</param>
    /// <param name="hint">What a pointer over it is told.</param>
    public void DrawBar(string style, int x, int width, double value, string hint)
    {
        var (y, ground) = (Y(value), Y(0));
        Draw($"<rect class=\"{style}\" x=\"{x}\" y=\"{Math.Min(y, ground)}\" width=\"{width}\" height=\"{Math.Max(1, Math.Abs(ground - y))}\"><title>{ChartFrame.Escape(hint)}</title></rect>");
    }

    /// <inheritdoc cref="ChartFrame.DrawLevel"/>
    public void DrawLevel(double value) => _frame.DrawLevel(value);

    /// <inheritdoc cref="ChartFrame.AsFile"/>
    public string AsFile() => _frame.AsFile();

    /// <inheritdoc cref="ChartFrame.AsElement"/>
    public string AsElement() => _frame.AsElement();
}
