using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>A point of a line: its place along the bottom, its value and the deviation drawn as a bar through it.</summary>
/// <param name="X">Its place.</param>
/// <param name="Value">Its value.</param>
/// <param name="Deviation">Half the length of the bar; 0: none.</param>
internal readonly record struct ChartPoint(double X, double Value, double Deviation);

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Its points, from left to right.</param>
/// <param name="HasMarks">Whether each point has a mark; many points are a line only.</param>
internal sealed record ChartLine(string Name, IReadOnlyList<ChartPoint> Points, bool HasMarks = true);

/// <summary>A dashed line across a chart.</summary>
/// <param name="Name">What is written at its end.</param>
/// <param name="Value">Its height.</param>
internal sealed record ChartLevel(string Name, double Value);

/// <summary>Lines over places along the bottom, which are told apart by colour, dash and mark.</summary>
internal static class LineChart
{
    private const int Plot = 560;
    private const int Inset = 36;
    private const int LetterWidth = 7;

    /// <summary>How many lines have a look of their own.</summary>
    public const int MostLines = 6;

    /// <summary>Draws a chart.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="remark">What is drawn, in which unit.</param>
    /// <param name="bottom">What the places along the bottom are.</param>
    /// <param name="marks">The places to mark, with what is written there.</param>
    /// <param name="lines">The lines, <see cref="MostLines"/> at most.</param>
    /// <param name="levels">Lines across.</param>
    /// <param name="areRatios">Whether values are compared by their ratio, as perplexities are.</param>
    public static ChartFrame Of(
        string title, string remark, string bottom, IReadOnlyList<(double X, string Text)> marks, IReadOnlyList<ChartLine> lines, IReadOnlyList<ChartLevel> levels, bool areRatios = false)
    {
        var points = lines.SelectMany(line => line.Points).ToList();
        var values = points.SelectMany(point => new[] { point.Value - point.Deviation, point.Value + point.Deviation }).Concat(levels.Select(level => level.Value)).ToList();
        var (low, high) = (values.Min(), values.Max());
        var (left, right) = (points.Min(point => point.X), points.Max(point => point.X));
        high = high > low ? high : low + 1;
        var frame = new ChartFrame(title, remark, areRatios ? ChartAxis.OfRatios(low, high) : new(low, high), Plot, bottom, [.. lines.Select(_ => "")], 24 + levels.Select(level => level.Name.Length * LetterWidth).DefaultIfEmpty().Max());
        var free = int.MinValue;
        foreach (var (x, text) in marks.OrderBy(mark => mark.X))
        {
            // One that has no room is left out.
            if (Place(x) - (text.Length * LetterWidth / 2) >= free)
            {
                frame.DrawMark(Place(x), text);
                free = Place(x) + (text.Length * LetterWidth / 2) + LetterWidth;
            }
        }

        foreach (var level in levels)
        {
            frame.DrawLevel(level.Value);
            frame.Draw($"<text class=\"remark\" x=\"{ChartFrame.X(Plot) + 6}\" y=\"{frame.Y(level.Value) + 4}\">{ChartFrame.Escape(level.Name)}</text>");
        }

        for (var i = 0; i < lines.Count; i++)
        {
            Draw(frame, lines[i], i, Place);
        }

        return frame;

        int Place(double x) => ChartFrame.X(Inset + (int)Math.Round(right > left ? (x - left) / (right - left) * (Plot - (2 * Inset)) : (Plot / 2) - Inset));
    }

    private static void Draw(ChartFrame frame, ChartLine line, int series, Func<double, int> place)
    {
        frame.Draw($"<polyline class=\"series s{series}\" points=\"{string.Join(' ', line.Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{place(point.X)},{frame.Y(point.Value)}")))}\"/>");
        foreach (var point in line.HasMarks ? line.Points : [])
        {
            var (x, y) = (place(point.X), frame.Y(point.Value));
            if (point.Deviation > 0)
            {
                frame.Draw($"<path class=\"series s{series} solid\" d=\"M{x} {frame.Y(point.Value - point.Deviation)} V{frame.Y(point.Value + point.Deviation)}\"/>");
            }

            var hint = string.Create(CultureInfo.InvariantCulture, $"{line.Name}: {point.Value:0.###}{(point.Deviation > 0 ? $" +- {point.Deviation:0.###}" : "")}");
            Mark(frame, series, x, y, hint);
        }

        var (at, below) = (ChartFrame.X(Inset), ChartFrame.CaptionY(series));
        frame.Draw($"<path class=\"series s{series}\" d=\"M{at - 24} {below - 4} H{at + 4}\"/>");
        if (line.HasMarks)
        {
            Mark(frame, series, at - 10, below - 4, line.Name);
        }

        frame.Draw($"<text x=\"{at + 14}\" y=\"{below}\">{ChartFrame.Escape(line.Name)}</text>");
    }

    // Six marks: a full and a hollow circle, square and diamond.
    private static void Mark(ChartFrame frame, int series, int x, int y, string hint)
    {
        var style = $"mark-{(series % 2 == 0 ? "full" : "hollow")} s{series}";
        var title = $"<title>{ChartFrame.Escape(hint)}</title>";
        switch (series / 2)
        {
            case 0:
                frame.Draw($"<circle class=\"{style}\" cx=\"{x}\" cy=\"{y}\" r=\"4\">{title}</circle>");
                break;
            case 1:
                frame.Draw($"<rect class=\"{style}\" x=\"{x - 4}\" y=\"{y - 4}\" width=\"8\" height=\"8\">{title}</rect>");
                break;
            default:
                frame.Draw($"<path class=\"{style}\" d=\"M{x} {y - 5} L{x + 5} {y} L{x} {y + 5} L{x - 5} {y} Z\">{title}</path>");
                break;
        }
    }
}
