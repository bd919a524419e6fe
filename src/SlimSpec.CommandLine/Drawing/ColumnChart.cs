using System.Globalization;
using System.Net;
using System.Text;

namespace SlimSpec.CommandLine;

/// <summary>The frame of a chart with a column a layer: heading, value axis with its grid, the columns' numbers, lines of text below.</summary>
internal sealed class ColumnChart
{
    private const int Left = 64;
    private const int Top = 56;
    private const int Height = 240;
    private const int BelowPlot = 48;
    private const int LineHeight = 15;
    private const int MostLabels = 24;

    private readonly StringBuilder _drawn = new();
    private readonly ChartAxis _axis;
    private readonly string _title;
    private readonly IReadOnlyList<string> _captions;
    private readonly int _count;

    /// <summary>An empty chart.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="remark">What is drawn, in which unit.</param>
    /// <param name="axis">The values' axis.</param>
    /// <param name="columns">The columns' numbers.</param>
    /// <param name="columnsAre">What the numbers count.</param>
    /// <param name="captions">The lines below.</param>
    public ColumnChart(string title, string remark, ChartAxis axis, IReadOnlyList<int> columns, string columnsAre, IReadOnlyList<string> captions)
    {
        (_title, _axis, _captions, _count) = (title, axis, captions, columns.Count);
        Column = Math.Clamp(640 / columns.Count, 12, 96);
        Width = Left + Math.Max(Plot, new[] { title.Length * 9, remark.Length * 7 }.Concat(captions.Select(line => line.Length * 7)).Max()) + 24;
        Draw($"<text class=\"heading\" x=\"{Left}\" y=\"22\">{Escape(title)}</text>");
        Draw($"<text class=\"remark\" x=\"{Left}\" y=\"40\">{Escape(remark)}</text>");
        foreach (var tick in axis.Ticks)
        {
            Draw($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Left + Plot}\" y1=\"{Y(tick)}\" y2=\"{Y(tick)}\"/><text class=\"tick\" x=\"{Left - 8}\" y=\"{Y(tick) + 4}\">{tick.ToString("0.######", CultureInfo.InvariantCulture)}</text>");
        }

        var every = (columns.Count + MostLabels - 1) / MostLabels;
        for (var column = 0; column < columns.Count; column += every)
        {
            Draw($"<text class=\"label\" x=\"{Middle(column)}\" y=\"{Top + Height + 16}\">{columns[column]}</text>");
        }

        Draw($"<text class=\"label\" x=\"{Left + (Plot / 2)}\" y=\"{Top + Height + 36}\">{Escape(columnsAre)}</text>");
    }

    /// <summary>Width of a column in pixels.</summary>
    public int Column { get; }

    private int Width { get; }

    private int Plot => Column * _count;

    /// <summary>Left end of a column.</summary>
    public int X(int column) => Left + (Column * column);

    /// <summary>Middle of a column.</summary>
    public int Middle(int column) => X(column) + (Column / 2);

    /// <summary>Height of a value.</summary>
    public int Y(double value) => Top + Height - (int)Math.Round(_axis.Share(value) * Height);

    /// <summary>Adds to the drawing.</summary>
    public void Draw(FormattableString element) => _drawn.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');

    /// <summary>Adds a bar from 0 to a value.</summary>
    /// <param name="style">Its class.</param>
    /// <param name="x">Its left end.</param>
    /// <param name="width">Its width.</param>
    /// <param name="value">Its value.</param>
    /// <param name="hint">What a pointer over it is told.</param>
    public void DrawBar(string style, int x, int width, double value, string hint)
    {
        var (y, ground) = (Y(value), Y(0));
        Draw($"<rect class=\"{style}\" x=\"{x}\" y=\"{Math.Min(y, ground)}\" width=\"{width}\" height=\"{Math.Max(1, Math.Abs(ground - y))}\"><title>{Escape(hint)}</title></rect>");
    }

    /// <summary>Adds a dashed line across the chart.</summary>
    public void DrawLevel(double value) => Draw($"<line class=\"dense\" x1=\"{Left}\" x2=\"{Left + Plot}\" y1=\"{Y(value)}\" y2=\"{Y(value)}\"/>");

    /// <summary>The drawing as a file of its own.</summary>
    public string AsFile() => Text(" xmlns=\"http://www.w3.org/2000/svg\"", $"<style>{ChartStyle.Sheet}</style>\n");

    /// <summary>The drawing as a part of a page that has <see cref="ChartStyle.Sheet"/>.</summary>
    public string AsElement() => Text("", "");

    /// <summary>Text as XML has it.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    private string Text(string attributes, string style)
    {
        var height = Top + Height + BelowPlot + (LineHeight * _captions.Count);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg{attributes} viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" role=\"img\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<title>{Escape(_title)}</title>\n{style}<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n").Append(_drawn);
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"axis\" d=\"M{Left} {Top} V{Top + Height} H{Left + Plot}\"/>\n");
        for (var line = 0; line < _captions.Count; line++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"remark\" x=\"{Left}\" y=\"{Top + Height + 54 + (LineHeight * line)}\">{Escape(_captions[line])}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }
}
