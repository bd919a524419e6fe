using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>A bar: its value, and how far it may be off.</summary>
/// <param name="Value">Its height.</param>
/// <param name="Low">Lower end of the line through its top.</param>
/// <param name="High">Upper end of it.</param>
internal readonly record struct ChartBar(double Value, double Low, double High);

/// <summary>Bars that stand side by side.</summary>
/// <param name="Name">What is written below them.</param>
/// <param name="Bars">A bar for each series; null: it has none here.</param>
/// <param name="Level">A dashed line across them; null: none.</param>
internal sealed record BarGroup(string Name, IReadOnlyList<ChartBar?> Bars, double? Level = null);

/// <summary>Groups of bars, a series of them for each thing that is compared: the first hollow, the last filled.</summary>
internal static class BarGroups
{
    private const int LetterWidth = 7;
    private const int LabelWidth = 34;

    /// <summary>Draws a chart.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="remark">What is drawn, in which unit.</param>
    /// <param name="bottom">What the groups are.</param>
    /// <param name="series">What each bar of a group is.</param>
    /// <param name="groups">The groups, at least one.</param>
    public static ChartFrame Of(string title, string remark, string bottom, IReadOnlyList<string> series, IReadOnlyList<BarGroup> groups)
    {
        var highest = groups.Max(group => group.Bars.Max(bar => Math.Max(bar?.High ?? 0, group.Level ?? 0)));
        var bar = Math.Clamp(640 / (groups.Count * (series.Count + 1)), 8, 44);
        var width = Math.Max((series.Count * bar) + 16, (LetterWidth * groups.Max(group => group.Name.Length)) + 16);
        var frame = new ChartFrame(title, remark, new ChartAxis(0, highest > 0 ? highest : 1), Math.Max(width * groups.Count, 320), bottom, [.. series.Select(_ => "")]);
        for (var i = 0; i < groups.Count; i++)
        {
            Draw(frame, groups[i], series, width * i, width, bar);
        }

        for (var i = 0; i < series.Count; i++)
        {
            var y = ChartFrame.CaptionY(i);
            frame.Draw($"<rect class=\"{Style(i, series.Count)}\" x=\"{ChartFrame.X(12)}\" y=\"{y - 9}\" width=\"24\" height=\"9\"/><text x=\"{ChartFrame.X(46)}\" y=\"{y}\">{ChartFrame.Escape(series[i])}</text>");
        }

        return frame;
    }

    private static void Draw(ChartFrame frame, BarGroup group, IReadOnlyList<string> series, int left, int width, int bar)
    {
        var first = ChartFrame.X(left + ((width - (series.Count * bar)) / 2));
        frame.DrawMark(ChartFrame.X(left + (width / 2)), group.Name);
        for (var i = 0; i < series.Count; i++)
        {
            if (group.Bars[i] is not { } drawn)
            {
                continue;
            }

            var (x, y) = (first + (bar * i), frame.Y(drawn.Value));
            var value = Numbers.Short(drawn.Value);
            frame.Draw($"<rect class=\"{Style(i, series.Count)}\" x=\"{x + 1}\" y=\"{y}\" width=\"{bar - 2}\" height=\"{Math.Max(1, frame.Y(0) - y)}\"><title>{ChartFrame.Escape($"{group.Name}, {series[i]}: {value}")}</title></rect>");
            if (drawn.High > drawn.Low)
            {
                frame.Draw($"<path class=\"whisker\" d=\"M{x + (bar / 2)} {frame.Y(drawn.Low)} V{frame.Y(drawn.High)}\"/>");
            }

            if (bar >= LabelWidth)
            {
                frame.Draw($"<text class=\"label\" x=\"{x + (bar / 2)}\" y=\"{Math.Min(y, frame.Y(drawn.High)) - 4}\">{value}</text>");
            }
        }

        if (group.Level is { } level)
        {
            frame.Draw($"<path class=\"dense\" d=\"M{first - 4} {frame.Y(level)} H{first + (series.Count * bar) + 4}\"><title>{ChartFrame.Escape(string.Create(CultureInfo.InvariantCulture, $"{group.Name}: {level:0.0}"))}</title></path>");
        }
    }

    private static string Style(int series, int count) => series == 0 ? "first" : series == count - 1 ? "last" : "between";
}
