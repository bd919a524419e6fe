using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>What all charts are drawn in: heading, value axis with its grid, marks along the bottom, lines of text below.</summary>
internal sealed class ChartFrame
{
    private const int Left = 64;
    private const int Top = 56;
    private const int Height = 240;
    private const int BelowPlot = 48;
    private const int LineHeight = 15;

    private readonly SvgPicture _picture;
    private readonly ChartAxis _axis;
    private readonly int _captions;
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
        remark = axis.IsLogarithmic ? $"{remark}; logarithmic scale" : remark;
        (_picture, _axis, _captions, _plot) = (new(title, string.Join("; ", captions.Where(line => line.Length > 0).Prepend(remark))), axis, captions.Count, plot);
        Draw($"<text class=\"heading\" x=\"{Left}\" y=\"22\">{Escape(title)}</text>");
        Draw($"<text class=\"remark\" x=\"{Left}\" y=\"40\">{Escape(remark)}</text>");
        Width = Left + Math.Max(plot + margin, new[] { title.Length * 9, remark.Length * 7 }.Concat(captions.Select(line => line.Length * 7)).Max() + 24);
        foreach (var tick in axis.Ticks)
        {
            Draw($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Left + plot}\" y1=\"{Y(tick)}\" y2=\"{Y(tick)}\"/><text class=\"tick\" x=\"{Left - 8}\" y=\"{Y(tick) + 4}\">{tick.ToString("0.######", CultureInfo.InvariantCulture)}</text>");
        }

        Draw($"<path class=\"axis\" d=\"M{Left} {Top} V{Top + Height} H{Left + plot}\"/><text class=\"label\" x=\"{Left + (plot / 2)}\" y=\"{Top + Height + 36}\">{Escape(bottom)}</text>");
        for (var line = 0; line < captions.Count; line++)
        {
            Draw($"<text class=\"remark\" x=\"{Left}\" y=\"{CaptionY(line)}\">{Escape(captions[line])}</text>");
        }
    }

    private int Width { get; }

    /// <summary>The place of a pixel of the plot, counted from its left end.</summary>
    public static int X(int pixel) => Left + pixel;

    /// <summary>Height of a value.</summary>
    public int Y(double value) => Top + Height - (int)Math.Round(_axis.Share(value) * Height);

    /// <summary>Base line of a line of text below.</summary>
    public static int CaptionY(int line) => Top + Height + 54 + (LineHeight * line);

    /// <summary>Adds to the drawing.</summary>
    public void Draw(FormattableString element) => _picture.Draw(element);

    /// <summary>Adds a mark along the bottom.</summary>
    public void DrawMark(int x, string text) => Draw($"<text class=\"label\" x=\"{x}\" y=\"{Top + Height + 16}\">{Escape(text)}</text>");

    /// <summary>Adds a dashed line across the chart.</summary>
    public void DrawLevel(double value) => Draw($"<line class=\"dense\" x1=\"{Left}\" x2=\"{Left + _plot}\" y1=\"{Y(value)}\" y2=\"{Y(value)}\"/>");

    /// <summary>The drawing as a file of its own.</summary>
    public string AsFile() => _picture.AsFile(Width, Bottom);

    /// <summary>The drawing as a part of a page that has <see cref="ChartStyle.Sheet"/>.</summary>
    public string AsElement() => _picture.AsElement(Width, Bottom);

    /// <inheritdoc cref="SvgPicture.Escape"/>
    public static string Escape(string text) => SvgPicture.Escape(text);

    private int Bottom => Top + Height + BelowPlot + (LineHeight * _captions);
}
