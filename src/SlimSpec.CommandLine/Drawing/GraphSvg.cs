using System.Globalization;
using System.Xml.Linq;

namespace SlimSpec.CommandLine;

/// <summary>Draws a graph as SVG: parts from top to bottom, the residual stream a straight line through all of them.</summary>
internal sealed class GraphSvg
{
    private const double Margin = 16;
    private const double Inset = 16;
    private const double CaptionHeight = 26;
    private const double LegendLine = 20;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly LayerGraph _graph;
    private readonly Dictionary<string, int> _looks;
    private readonly XElement _root = new(Svg + "svg");

    private GraphSvg(LayerGraph graph)
    {
        _graph = graph;
        _looks = graph.Structures.Zip(SvgStyle.LooksOf([.. graph.Structures.Select(structure => structure.Unit)]))
            .Where(pair => pair.Second >= 0).ToDictionary(pair => pair.First.Letter, pair => pair.Second);
    }

    /// <summary>The drawing, as the text of a file.</summary>
    public static string Of(LayerGraph graph) => new GraphSvg(graph).Draw();

    private string Draw()
    {
        var top = Margin + 26 + (LegendLine * _graph.Structures.Count) + 12;
        var streamWidth = _graph.Parts.Max(PartDrawing.StreamWidth);
        var drawings = new List<(GraphPart Part, PartDrawing Drawing, double Top)>();
        foreach (var part in _graph.Parts)
        {
            var drawing = new PartDrawing(part, streamWidth, Margin + Inset, top + CaptionHeight);
            drawings.Add((part, drawing, top));
            top = drawing.Bottom + Inset + 30;
        }

        var captions = _graph.Parts.Max(part => part.Heading.Length * NodeBox.Character) + (Margin * 2) + streamWidth;
        var legend = _graph.Structures.Select(structure => Legend(structure).Length * NodeBox.Character).DefaultIfEmpty().Max() + 60;
        var right = new[] { drawings.Max(part => part.Drawing.Right) + Inset, captions + Inset, legend + Margin }.Max();
        var (width, height) = (right + Margin, top - 30 + Margin);
        _root.Add(
            new XAttribute("width", Number(width)),
            new XAttribute("height", Number(height)),
            new XAttribute("viewBox", $"0 0 {Number(width)} {Number(height)}"),
            new XAttribute("role", "img"),
            new XElement(Svg + "title", Heading()),
            new XElement(Svg + "style", SvgStyle.Sheet(_looks.Values)),
            new XElement(Svg + "defs", _looks.Values.Select(Pattern)));
        Rectangle("page", 0, 0, width, height);
        DrawHeader();
        foreach (var (part, drawing, partTop) in drawings)
        {
            DrawFrame(part, drawing, partTop, right);
        }

        foreach (var (before, after) in drawings.Zip(drawings.Skip(1)))
        {
            DrawWire(new(after.Drawing.Structure(after.Part.Inputs[0].Name), true, [new(before.Drawing.Last.Centre.X, before.Drawing.Last.Bottom), new(after.Drawing.First.Centre.X, after.Drawing.First.Top)]));
        }

        foreach (var (_, drawing, _) in drawings)
        {
            DrawPart(drawing);
        }

        return new XDocument(_root).ToString() + "\n";
    }

    private string Heading() => _graph.Name == _graph.Architecture ? $"{_graph.Name} ({_graph.Class})" : $"{_graph.Name}: {_graph.Architecture} ({_graph.Class})";

    private static string Legend(ShownStructure structure) => $"{structure.Unit}: {structure.Description}";

    private void DrawHeader()
    {
        Text("heading", Margin, Margin + 14, Heading());
        for (var i = 0; i < _graph.Structures.Count; i++)
        {
            var y = Margin + 30 + (LegendLine * i);
            var letters = DrawLetters([_graph.Structures[i].Letter], Margin, y);
            Text("", Margin + letters + 8, y + 12.5, Legend(_graph.Structures[i]));
        }
    }

    private void DrawFrame(GraphPart part, PartDrawing drawing, double top, double right)
    {
        // The layer's frame is doubled behind: there are many of them.
        for (var copy = part.Name == "layer" ? 2 : 0; copy >= 0; copy--)
        {
            Rectangle("frame", Margin + (copy * 3), top + (copy * 3), right - Margin, drawing.Bottom + Inset - top, 8);
        }

        Text("caption", right - 10, top + 17, part.Heading, "end");
    }

    private void DrawPart(PartDrawing drawing)
    {
        foreach (var wire in drawing.Wires.OrderByDescending(wire => wire.IsStream))
        {
            DrawWire(wire);
        }

        foreach (var (at, structure) in drawing.Forks)
        {
            _root.Add(Element("circle", ("class", Class("head", structure)), ("cx", at.X), ("cy", at.Y), ("r", 3)));
        }

        foreach (var box in drawing.Boxes)
        {
            DrawBox(box);
        }
    }

    private void DrawWire(PlacedWire wire)
    {
        var end = wire.Points[^1];
        var before = wire.Points[^2];
        var (dx, dy) = (Math.Sign(end.X - before.X), Math.Sign(end.Y - before.Y));
        var size = wire.IsStream ? 7 : 5;
        var tip = new Point(end.X - (dx * size), end.Y - (dy * size));
        var path = string.Join(" L", wire.Points.SkipLast(1).Append(tip).Select(point => $"{Number(point.X)} {Number(point.Y)}"));
        _root.Add(Element("path", ("class", Class(wire.IsStream ? "wire stream" : "wire", wire.Structure)), ("d", "M" + path)));
        var side = new Point(dy * size * 0.8, dx * size * 0.8);
        _root.Add(Element(
            "path",
            ("class", Class("head", wire.Structure)),
            ("d", $"M{Number(end.X)} {Number(end.Y)} L{Number(tip.X + side.X)} {Number(tip.Y + side.Y)} L{Number(tip.X - side.X)} {Number(tip.Y - side.Y)} Z")));
    }

    private void DrawBox(PlacedBox placed)
    {
        var box = placed.Box;
        if (box.IsInput)
        {
            Rectangle("box", placed.Left, placed.Top, box.Width, box.Height, 4);
            Text("title", placed.Centre.X, placed.Centre.Y + 4, box.Name, "middle");
            return;
        }

        Rectangle(box.IsConditional ? "box conditional" : "box", placed.Left, placed.Top, box.Width, box.Height, box.IsPlain ? box.Height / 2 : 5);
        var y = placed.Top;
        if (box.Top is { } columns)
        {
            DrawBar(columns, placed, y);
            y += NodeBox.BarHeight;
        }

        y += box.IsPlain ? 16.5 : 16;
        _root.Add(Element("text", ("class", "title"), ("x", placed.Centre.X), ("y", y), ("text-anchor", "middle"))
            .With(box.Name + " ", Element("tspan", ("class", "op")).With(box.Operation)));
        foreach (var (text, style) in box.Lines)
        {
            y += NodeBox.LineHeight;
            Text(style, placed.Centre.X, y, text.TrimStart(), "middle");
        }

        if (box.Bottom is { } rows)
        {
            DrawBar(rows, placed, placed.Bottom - NodeBox.BarHeight);
        }
    }

    private void DrawBar(ShownAxis axis, PlacedBox placed, double y)
    {
        var (left, width) = (placed.Left + 1, placed.Box.Width - 2);
        Rectangle("bar", left, y, width, NodeBox.BarHeight);
        if (axis.Structures.Count > 0)
        {
            Rectangle(Class("tint", axis.Structures[0]), left, y, width, NodeBox.BarHeight);
        }

        var letters = DrawLetters(axis.Structures, left, y);
        Text("", left + letters + ((width - letters) / 2), y + 12.5, NodeBox.BarText(axis), "middle");
    }

    // Each structure's letter on its colour, and its pattern.
    private double DrawLetters(IReadOnlyList<string> structures, double left, double y)
    {
        var x = left;
        foreach (var structure in structures)
        {
            Rectangle(Class("", structure), x, y, NodeBox.LetterWidth, NodeBox.BarHeight);
            Text("letter", x + (NodeBox.LetterWidth / 2), y + 12.5, structure);
            if (_looks.TryGetValue(structure, out var look))
            {
                _root.Add(Element("rect", ("fill", $"url(#p{look})"), ("x", x + NodeBox.LetterWidth), ("y", y), ("width", NodeBox.PatternWidth), ("height", NodeBox.BarHeight)));
            }

            x += NodeBox.LetterWidth + NodeBox.PatternWidth;
        }

        return x - left;
    }

    private static XElement Pattern(int look) =>
        Element("pattern", ("id", $"p{look}"), ("width", 8), ("height", 8), ("patternUnits", "userSpaceOnUse"))
            .With(Element("path", ("class", $"s{look} pattern"), ("d", SvgStyle.Pattern(look))));

    private string Class(string name, string? structure) =>
        structure is not null && _looks.TryGetValue(structure, out var look) ? $"s{look} {name}".TrimEnd() : name;

    private void Rectangle(string style, double x, double y, double width, double height, double radius = 0)
    {
        var rectangle = Element("rect", ("class", style), ("x", x), ("y", y), ("width", width), ("height", height));
        if (radius > 0)
        {
            rectangle.SetAttributeValue("rx", Number(radius));
        }

        _root.Add(rectangle);
    }

    private void Text(string style, double x, double y, string text, string anchor = "start")
    {
        var element = Element("text", ("x", x), ("y", y)).With(text);
        if (style.Length > 0)
        {
            element.SetAttributeValue("class", style);
        }

        if (anchor != "start")
        {
            element.SetAttributeValue("text-anchor", anchor);
        }

        _root.Add(element);
    }

    private static XElement Element(string name, params (string Name, object Value)[] attributes) =>
        new(Svg + name, attributes.Select(attribute => new XAttribute(attribute.Name, attribute.Value as string ?? Number(Convert.ToDouble(attribute.Value, CultureInfo.InvariantCulture)))));

    private static string Number(double number) => Math.Round(number, 1).ToString(CultureInfo.InvariantCulture);
}

/// <summary>Content for elements, said in the place where they are made.</summary>
file static class Elements
{
    public static XElement With(this XElement element, params object[] content)
    {
        element.Add(content);
        return element;
    }
}
