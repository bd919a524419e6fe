namespace SlimSpec.CommandLine;

/// <summary>A point of the drawing, in pixels, downwards from the top left.</summary>
internal readonly record struct Point(double X, double Y);

/// <summary>A box at its place.</summary>
internal sealed record PlacedBox(NodeBox Box, Point Centre)
{
    public double Left => Centre.X - (Box.Width / 2);

    public double Right => Centre.X + (Box.Width / 2);

    public double Top => Centre.Y - (Box.Height / 2);

    public double Bottom => Centre.Y + (Box.Height / 2);
}

/// <summary>A line at its place.</summary>
/// <param name="Structure">Letter of the structure of the channels that it carries, or null.</param>
/// <param name="IsStream">Whether it is the residual stream.</param>
/// <param name="Points">Its corners, from source to reader.</param>
internal sealed record PlacedWire(string? Structure, bool IsStream, IReadOnlyList<Point> Points);

/// <summary>A part of a graph with every box and line at its place.</summary>
internal sealed class PartDrawing
{
    private const double LaneGap = 24;
    private const double RowGap = 20;
    private const double TrackGap = 8;
    private const double LineLaneWidth = 8;

    private readonly GraphPart _part;
    private readonly GraphLayout _layout;
    private readonly Dictionary<string, NodeBox> _boxes;
    private readonly Dictionary<string, PlacedBox> _placed = [];
    private readonly double[] _laneCentres;
    private readonly double[] _rowBottoms;
    private readonly double[] _rowTops;

    /// <summary>Draws a part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="streamWidth">Width of lane 0, where it is to be wider than its boxes: the stream runs straight through all parts.</param>
    /// <param name="left">Left end of lane 0.</param>
    /// <param name="top">Top of the first row.</param>
    public PartDrawing(GraphPart part, double streamWidth, double left, double top)
    {
        _part = part;
        _layout = new(part);
        _boxes = part.Inputs.Select(input => new NodeBox(input)).Concat(part.Nodes.Select(node => new NodeBox(node))).ToDictionary(box => box.Name);
        _laneCentres = Lanes(streamWidth, left, out var right);
        Right = right;
        (_rowTops, _rowBottoms) = Rows(top);
        Bottom = _rowBottoms[^1];
        foreach (var (name, cell) in _layout.Cells)
        {
            _placed[name] = new(_boxes[name], new(_laneCentres[cell.Lane], (_rowTops[cell.Row] + _rowBottoms[cell.Row]) / 2));
        }

        Wires = [.. _layout.Wires.Select(Place)];
    }

    /// <summary>The boxes, inputs first.</summary>
    public IEnumerable<PlacedBox> Boxes => _placed.Values;

    /// <summary>The lines.</summary>
    public IReadOnlyList<PlacedWire> Wires { get; }

    /// <summary>Points where a line forks.</summary>
    public IEnumerable<(Point At, string? Structure)> Forks =>
        _layout.Cells.Keys.Where(name => _layout.Wires.Count(wire => wire.From == name) > 1 && Track(name) >= 0)
            .Select(name => (new Point(_placed[name].Centre.X, TrackBelow(name)), Structure(name)));

    /// <summary>Right end of the last lane.</summary>
    public double Right { get; }

    /// <summary>Bottom of the last row.</summary>
    public double Bottom { get; }

    /// <summary>The box where the stream comes in.</summary>
    public PlacedBox First => _placed[_part.Inputs[0].Name];

    /// <summary>The box where it goes out.</summary>
    public PlacedBox Last => _placed[_part.Nodes[^1].Name];

    /// <summary>Width that the boxes on the stream need.</summary>
    public static double StreamWidth(GraphPart part)
    {
        var layout = new GraphLayout(part);
        return part.Inputs.Select(input => new NodeBox(input)).Concat(part.Nodes.Select(node => new NodeBox(node)))
            .Where(box => layout.Cells[box.Name].Lane == 0).Max(box => box.Width);
    }

    /// <summary>Letter of the structure that a node's channels belong to, the first where there are several.</summary>
    public string? Structure(string name)
    {
        var structures = _part.Inputs.FirstOrDefault(input => input.Name == name)?.Structures ?? _part.Nodes.First(node => node.Name == name).Structures;
        return structures.Count > 0 ? structures[0] : null;
    }

    private double[] Lanes(double streamWidth, double left, out double right)
    {
        var widths = new double[_layout.LaneCount];
        Array.Fill(widths, LineLaneWidth);
        widths[0] = streamWidth;
        foreach (var (name, cell) in _layout.Cells)
        {
            widths[cell.Lane] = Math.Max(widths[cell.Lane], _boxes[name].Width);
        }

        var centres = new double[widths.Length];
        right = left - LaneGap;
        for (var lane = 0; lane < widths.Length; lane++)
        {
            centres[lane] = right + LaneGap + (widths[lane] / 2);
            right = centres[lane] + (widths[lane] / 2);
        }

        return centres;
    }

    private (double[] Tops, double[] Bottoms) Rows(double top)
    {
        var (tops, bottoms) = (new double[_layout.RowCount], new double[_layout.RowCount]);
        for (var row = 0; row < tops.Length; row++)
        {
            tops[row] = row == 0 ? top : bottoms[row - 1] + RowGap + (TrackGap * (Forking(row - 1).Count + EnteringAbove(row).Count));
            bottoms[row] = tops[row] + _layout.Cells.Where(cell => cell.Value.Row == row).Max(cell => _boxes[cell.Key].Height);
        }

        return (tops, bottoms);
    }

    // Nodes of a row from which some line goes to another lane: each has a level of its own below the row.
    private List<string> Forking(int row) =>
        [.. _layout.Cells.Where(cell => cell.Value.Row == row && _layout.Wires.Any(wire => wire.From == cell.Key && wire.Lane != cell.Value.Lane)).Select(cell => cell.Key)];

    // Lines that come to a row's nodes from above and from another lane: each has a level of its own above the row.
    private List<Wire> EnteringAbove(int row) =>
        [.. _layout.Wires.Where(wire => _layout.Cells[wire.To].Row == row && wire.EntersAbove && wire.Lane != _layout.Cells[wire.To].Lane)];

    private int Track(string name) => Forking(_layout.Cells[name].Row).IndexOf(name);

    private double TrackBelow(string name) => _rowBottoms[_layout.Cells[name].Row] + TrackGap + (TrackGap * Track(name));

    private PlacedWire Place(Wire wire)
    {
        var (source, target) = (_placed[wire.From], _placed[wire.To]);
        var lane = _laneCentres[wire.Lane];
        var points = new List<Point> { new(source.Centre.X, source.Bottom) };
        if (wire.Lane != _layout.Cells[wire.From].Lane)
        {
            var level = TrackBelow(wire.From);
            points.Add(new(source.Centre.X, level));
            points.Add(new(lane, level));
        }

        if (wire.Lane == _layout.Cells[wire.To].Lane)
        {
            points.Add(new(lane, target.Top));
        }
        else if (wire.EntersAbove)
        {
            var row = _layout.Cells[wire.To].Row;
            var entering = EnteringAbove(row);
            var level = _rowTops[row] - TrackGap - (TrackGap * (entering.Count - 1 - entering.IndexOf(wire)));
            var port = target.Centre.X + (Math.Sign(lane - target.Centre.X) * Math.Min(target.Box.Width / 2 * 0.8, 14 * (1 + entering.Where(other => other.To == wire.To).ToList().IndexOf(wire))));
            points.AddRange([new(lane, level), new(port, level), new(port, target.Top)]);
        }
        else
        {
            var level = target.Centre.Y + Side(wire, target);
            points.AddRange([new(lane, level), new(lane > target.Centre.X ? target.Right : target.Left, level)]);
        }

        return new(Structure(wire.From), _layout.IsOnStream(wire.From) && _layout.IsOnStream(wire.To), points);
    }

    // Several lines at one side of a box: the nearest lane's comes in at the top, so that they do not cross.
    private double Side(Wire wire, PlacedBox target)
    {
        var lane = _layout.Cells[wire.To].Lane;
        var same = _layout.Wires.Where(other => other.To == wire.To && !other.EntersAbove && other.Lane > lane == wire.Lane > lane)
            .OrderBy(other => Math.Abs(other.Lane - lane)).ToList();
        var step = Math.Min(14, (target.Box.Height - 8) / same.Count);
        return step * (same.IndexOf(wire) - ((same.Count - 1) / 2.0));
    }
}
