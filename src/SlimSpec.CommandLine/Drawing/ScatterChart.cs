using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>A point of a scatter plot.</summary>
/// <param name="Name">What is written beside it.</param>
/// <param name="Size">Its place along the bottom: parameters.</param>
/// <param name="Value">Its height.</param>
/// <param name="Deviation">Half the length of the bar through it; 0: none.</param>
internal sealed record ScatterPoint(string Name, double Size, double Value, double Deviation = 0);

/// <summary>Models by size and by how good they are, with the frontier: the points that no other one beats in both.</summary>
internal static class ScatterChart
{
    private const int Plot = 640;
    private const int Inset = 40;
    private const int LetterWidth = 7;
    private const int LineHeight = 13;
    private const int Step = 6;

    /// <summary>The points that no other one beats in size and in value, from the smallest.</summary>
    /// <param name="points">The points.</param>
    /// <param name="highIsGood">Whether high values are good.</param>
    public static IReadOnlyList<ScatterPoint> Frontier(IEnumerable<ScatterPoint> points, bool highIsGood)
    {
        var sign = highIsGood ? 1 : -1;
        List<ScatterPoint> frontier = [];
        foreach (var point in points.OrderBy(point => point.Size).ThenByDescending(point => sign * point.Value))
        {
            if (frontier.Count == 0 || sign * point.Value > sign * frontier[^1].Value)
            {
                frontier.Add(point);
            }
        }

        return frontier;
    }

    /// <summary>Draws a chart.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="remark">What is drawn, in which unit.</param>
    /// <param name="points">The points, at least one.</param>
    /// <param name="highIsGood">Whether high values are good, as shares are; else they are compared by their ratio, as perplexities are.</param>
    public static ChartFrame Of(string title, string remark, IReadOnlyList<ScatterPoint> points, bool highIsGood)
    {
        var frontier = Frontier(points, highIsGood);
        var (low, high) = (points.Min(point => point.Value - point.Deviation), points.Max(point => point.Value + point.Deviation));
        var (small, large) = (points.Min(point => point.Size), points.Max(point => point.Size));
        var better = $"dashed: the frontier, whose models no other one beats in both; better is {(highIsGood ? "up" : "down")} and to the left";
        high = high > low ? high : low + 1;
        var frame = new ChartFrame(title, remark, highIsGood ? new(low, high) : ChartAxis.OfRatios(low, high), Plot, "parameters of the model", [better], margin: 160);
        foreach (var tick in Ticks(small, large))
        {
            frame.DrawMark(X(tick), Numbers.Scaled((long)tick));
        }

        frame.Draw($"<polyline class=\"frontier\" points=\"{string.Join(' ', frontier.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Size)},{frame.Y(point.Value)}")))}\"/>");
        List<Room> taken = [.. points.Select(point => new Room(X(point.Size) - 5, frame.Y(point.Value) - 5, 10, 10)), .. Along([.. frontier.Select(point => (X(point.Size), frame.Y(point.Value)))])];
        List<ScatterPoint> others = [.. points.Except(frontier).OrderBy(point => highIsGood ? point.Value : -point.Value)]; // the worst, which stand alone, are named first
        foreach (var point in others.Concat(frontier))
        {
            DrawMark(frame, point, X(point.Size), !others.Contains(point));
        }

        foreach (var point in frontier.Concat(others))
        {
            DrawName(frame, point, X(point.Size), !others.Contains(point), highIsGood, taken);
        }

        return frame;

        int X(double size) => ChartFrame.X(Inset + (int)Math.Round(large > small ? (size - small) / (large - small) * (Plot - (2 * Inset)) : (Plot / 2) - Inset));
    }

    private static IEnumerable<double> Ticks(double small, double large) =>
        large > small ? new ChartAxis(small / 1000, large / 1000).Ticks.Select(tick => 1000 * tick).Where(tick => tick >= small && tick <= large) : [small];

    private static void DrawMark(ChartFrame frame, ScatterPoint point, int x, bool isBest)
    {
        var y = frame.Y(point.Value);
        if (point.Deviation > 0)
        {
            frame.Draw($"<path class=\"whisker\" d=\"M{x} {frame.Y(point.Value - point.Deviation)} V{frame.Y(point.Value + point.Deviation)}\"/>");
        }

        var hint = $"{point.Name}: {Numbers.Scaled((long)point.Size)} parameters, {Numbers.Short(point.Value)}";
        frame.Draw($"<circle class=\"{(isBest ? "mark-full s0" : "mark-hollow s4")}\" cx=\"{x}\" cy=\"{y}\" r=\"{(isBest ? 5 : 4)}\"><title>{ChartFrame.Escape(hint)}</title></circle>");
    }

    // The line of the frontier, as small rooms that names keep clear of.
    private static IEnumerable<Room> Along(IReadOnlyList<(int X, int Y)> corners) => corners.Zip(corners.Skip(1)).SelectMany(pair => Enumerable.Range(0, (pair.Second.X - pair.First.X) / Step).Select(i =>
        new Room(pair.First.X + (Step * i), pair.First.Y + ((pair.Second.Y - pair.First.Y) * Step * i / (pair.Second.X - pair.First.X)), 2, 2)));

    // Of the best on the side where no other one is, of the others to the right, or where there is room; a name that has none is told to a pointer only.
    private static void DrawName(ChartFrame frame, ScatterPoint point, int x, bool isBest, bool highIsGood, List<Room> taken)
    {
        var (y, width) = (frame.Y(point.Value), LetterWidth * point.Name.Length);
        var (side, above, below) = ((x + 9, y - 6), new[] { (x - 6 - width, y - 18), (x - (width / 2), y - 20), (x + 6, y - 18) }, new[] { (x - 6 - width, y + 5), (x - (width / 2), y + 8), (x + 6, y + 5) });
        var places = new[] { isBest ? highIsGood ? above : below : [side], [side], above, below }.SelectMany(some => some).Select(place => new Room(place.Item1, place.Item2, width, LineHeight));
        if (places.FirstOrDefault(place => place.Left >= ChartFrame.X(0) && !taken.Any(place.Overlaps)) is { Width: > 0 } room)
        {
            taken.Add(room);
            frame.Draw($"<text{(isBest ? "" : " class=\"remark\"")} x=\"{room.Left}\" y=\"{room.Top + 10}\">{ChartFrame.Escape(point.Name)}</text>");
        }
    }

    private readonly record struct Room(int Left, int Top, int Width, int Height)
    {
        public bool Overlaps(Room other) => Left < other.Left + other.Width && other.Left < Left + Width && Top < other.Top + other.Height && other.Top < Top + Height;
    }
}
