namespace SlimSpec.CommandLine;

/// <summary>Where a node stands: row and lane, both from 0.</summary>
internal readonly record struct Cell(int Row, int Lane);

/// <summary>A line from a node to one that reads it: down from its source, across to <paramref name="Lane"/>, down that lane, across to the reader.</summary>
/// <param name="From">Name of the node read.</param>
/// <param name="To">Name of the reader.</param>
/// <param name="Lane">The lane it runs down.</param>
/// <param name="EntersAbove">Whether it enters the reader from above; else from the side, level with it.</param>
internal sealed record Wire(string From, string To, int Lane, bool EntersAbove);

/// <summary>
/// A layered layout of one part of a graph: rows by longest path, so that every line goes down; the residual stream, which is
/// the shortest path through the part, in lane 0; each branch in a lane of its own as long as something still reads it.
/// </summary>
internal sealed class GraphLayout
{
    private readonly Dictionary<string, Cell> _cells = [];
    private readonly List<Wire> _wires = [];
    private readonly List<(int Lane, int First, int Last, string Owner)> _taken = [];
    private readonly HashSet<string> _continued = [];
    private readonly HashSet<string> _stream;
    private readonly GraphPart _part;

    public GraphLayout(GraphPart part)
    {
        _part = part;
        var rows = Rows(part);
        _stream = Stream(part);
        var lastRead = part.Inputs.Select(input => input.Name).Concat(part.Nodes.Select(node => node.Name))
            .ToDictionary(name => name, name => part.Nodes.Where(node => node.Inputs.Contains(name)).Select(node => rows[node.Name]).DefaultIfEmpty(rows[name]).Max());
        foreach (var input in part.Inputs)
        {
            Place(input.Name, rows, lastRead, []);
        }

        foreach (var node in part.Nodes.OrderBy(node => rows[node.Name]))
        {
            Place(node.Name, rows, lastRead, node.Inputs);
        }

        foreach (var node in part.Nodes)
        {
            _wires.AddRange(node.Inputs.Distinct().Select(input => Route(input, node.Name)));
        }
    }

    /// <summary>Where each node and input stands.</summary>
    public IReadOnlyDictionary<string, Cell> Cells => _cells;

    /// <summary>The lines, reader by reader.</summary>
    public IReadOnlyList<Wire> Wires => _wires;

    /// <summary>Whether a node is on the residual stream.</summary>
    public bool IsOnStream(string name) => _stream.Contains(name);

    /// <summary>Number of rows.</summary>
    public int RowCount => _cells.Values.Max(cell => cell.Row) + 1;

    /// <summary>Number of lanes, those of lines alone included.</summary>
    public int LaneCount => Math.Max(_cells.Values.Max(cell => cell.Lane), _wires.Select(wire => wire.Lane).DefaultIfEmpty().Max()) + 1;

    private static Dictionary<string, int> Rows(GraphPart part)
    {
        var rows = part.Inputs.ToDictionary(input => input.Name, _ => 0);
        foreach (var node in part.Nodes)
        {
            rows[node.Name] = 1 + node.Inputs.Select(input => rows[input]).DefaultIfEmpty(-1).Max();
        }

        return rows;
    }

    // The shortest path from the first input to the last node.
    private static HashSet<string> Stream(GraphPart part)
    {
        var distance = part.Inputs.Select((input, i) => (input.Name, Length: i == 0 ? 0 : 1000)).ToDictionary(input => input.Name, input => input.Length);
        var nearest = new Dictionary<string, string>();
        foreach (var node in part.Nodes.Where(node => node.Inputs.Count > 0))
        {
            nearest[node.Name] = node.Inputs.MinBy(input => distance[input])!;
            distance[node.Name] = distance[nearest[node.Name]] + 1;
        }

        var path = new HashSet<string>();
        for (var name = part.Nodes[^1].Name; name is not null; name = nearest.GetValueOrDefault(name))
        {
            path.Add(name);
        }

        return path;
    }

    private void Place(string name, Dictionary<string, int> rows, Dictionary<string, int> lastRead, IReadOnlyList<string> inputs)
    {
        var (row, last) = (rows[name], lastRead[name]);
        var lane = 0;
        if (_stream.Contains(name))
        {
            // Only the stream goes on in lane 0; other readers' lines leave it.
            last = _part.Nodes.Where(node => _stream.Contains(node.Name) && node.Inputs.Contains(name)).Select(node => rows[node.Name]).DefaultIfEmpty(row).Max();
        }
        else
        {
            // It goes on in the lane of what it reads, where nothing else has and its input is not read any further down.
            var before = inputs.Where(input => !_stream.Contains(input) && !_continued.Contains(input) && lastRead[input] <= row).OrderBy(input => _cells[input].Lane).FirstOrDefault();
            if (before is not null && IsFree(_cells[before].Lane, row, last, before))
            {
                lane = _cells[before].Lane;
                _continued.Add(before);
            }
            else
            {
                lane = Enumerable.Range(1, int.MaxValue - 1).First(candidate => IsFree(candidate, row, last, null));
            }
        }

        _cells[name] = new(row, lane);
        _taken.Add((lane, row, last, name));
    }

    private bool IsFree(int lane, int first, int last, string? except) =>
        !_taken.Any(taken => taken.Lane == lane && taken.Owner != except && taken.First <= last && first <= taken.Last);

    private Wire Route(string from, string to)
    {
        var (source, target) = (_cells[from], _cells[to]);

        // A line that joins another comes down its own lane as far as it can; one that branches off goes over at once.
        var joins = _part.Nodes.First(node => node.Name == to).Inputs.Any(other => other != from && _cells[other].Lane == target.Lane);
        int[] preferred = joins ? [source.Lane, target.Lane] : [target.Lane, source.Lane];
        var lane = preferred.Cast<int?>().FirstOrDefault(candidate => IsClear(candidate!.Value, source.Row + 1, target.Row - 1, from) && (!joins || candidate == source.Lane));
        if (lane is null)
        {
            lane = Enumerable.Range(1, int.MaxValue - 1).First(candidate => IsFree(candidate, source.Row + 1, target.Row, from));
            _taken.Add((lane.Value, source.Row + 1, target.Row, from));
        }

        return new(from, to, lane.Value, lane == target.Lane || !IsOpen(target, lane.Value));
    }

    // No node stands in the rows between, and no other line runs there.
    private bool IsClear(int lane, int first, int last, string from) =>
        !_cells.Any(cell => cell.Value.Lane == lane && cell.Value.Row >= first && cell.Value.Row <= last)
        && (first > last || IsFree(lane, first, last, from));

    // Level with the reader, no node stands between the line and it, nor where the line comes down.
    private bool IsOpen(Cell target, int lane) =>
        !_cells.Values.Any(cell => cell.Row == target.Row && cell != target && cell.Lane >= Math.Min(lane, target.Lane) && cell.Lane <= Math.Max(lane, target.Lane));
}
