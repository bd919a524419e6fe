using System.Globalization;
using System.Net;
using System.Text;

namespace SlimSpec.CommandLine;

/// <summary>What all charts are drawn in: heading, value axis with its grid, marks along the bottom, lines of text below.</summary>
internal sealed class ChartFrame
{
    private const int Left = 64;
    private const int Top = 56;
    private const int Height = 240;
    private const int BelowPlot = 48;
    private const int LineHeight = 15;

    private readonly StringBuilder _drawn = new();
    private readonly ChartAxis _axis;
    private readonly string _title;
    private readonly IReadOnlyList<string> _captions;
    private readonly int _plot;

    /// <summary>An empty chart.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="remark">What is drawn, in which unit.</param>
    /// <param name="axis">The values' axis.</param>
    /// <param name="plot">Width of the plot in pixels.</param>
    /// <param name="bottom">What the marks along the bottom are.</param>
    /// <param name="captions">The lines below.</param>
    /// <param name="margin">Room on the right of the plot in pixels.</param>
    public ChartFrame(string title, string remark, ChartAxis axis, int plot, string bottom, IReadOnlyList<string> captions, int margin = 24)
    {
        (_title, _axis, _captions, _plot) = (title, axis, captions, plot);
        Draw($"<text class=\"heading\" x=\"{Left}\" y=\"22\">{Escape(title)}</text>");
        Draw($"<text class=\"remark\" x=\"{Left}\" y=\"40\">{Escape(remark)}</text>");
        Width = Left + Math.Max(plot + margin, new[] { title.Length * 9, remark.Length * 7 }.Concat(captions.Select(line => line.Length * 7)).Max() + 24);
        foreach (var tick in axis.Ticks)
        {
            Draw($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Left + plot}\" y1=\"{Y(tick)}\" y2=\"{Y(tick)}\"/><text class=\"tick\" x=\"{Left - 8}\" y=\"{Y(tick) + 4}\">{tick.ToString("0.######", CultureInfo.InvariantCulture)}</text>");
        }

        Draw($"<text class=\"label\" x=\"{Left + (plot / 2)}\" y=\"{Top + Height + 36}\">{Escape(bottom)}</text>");
    }

    private int Width { get; }

    /// <summary>The place of a pixel of the plot, counted from its left end.</summary>
    public static int X(int pixel) => Left + pixel;

    /// <summary>Height of a value.</summary>
    public int Y(double value) => Top + Height - (int)Math.Round(_axis.Share(value) * Height);

    /// <summary>Base line of a line of text below.</summary>
    public static int CaptionY(int line) => Top + Height + 54 + (LineHeight * line);

    /// <summary>Adds to the drawing.</summary>
    public void Draw(FormattableString element) => _drawn.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');

    /// <summary>Adds a mark along the bottom.</summary>
    public void DrawMark(int x, string text) => Draw($"<text class=\"label\" x=\"{x}\" y=\"{Top + Height + 16}\">{Escape(text)}</text>");

    /// <summary>Adds a dashed line across the chart.</summary>
    public void DrawLevel(double value) => Draw($"<line class=\"dense\" x1=\"{Left}\" x2=\"{Left + _plot}\" y1=\"{Y(value)}\" y2=\"{Y(value)}\"/>");

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
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"axis\" d=\"M{Left} {Top} V{Top + Height} H{Left + _plot}\"/>\n");
        for (var line = 0; line < _captions.Count; line++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"remark\" x=\"{Left}\" y=\"{CaptionY(line)}\">{Escape(_captions[line])}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }
}
