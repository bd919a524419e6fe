using System.Xml.Linq;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine.Tests;

/// <summary>Drawings of every architecture that is shipped, and of one that has what those may lack.</summary>
public class DrawingTests
{
    private static readonly string Folder = UserPath.FindUpwards(AppContext.BaseDirectory, "specs/architectures")!;

    public static TheoryData<string> Architectures => [.. Directory.GetFiles(Folder, "*" + SpecCompiler.ArchitectureSuffix).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void NoLineRunsThroughABoxAndNoBoxOverAnother(string file)
    {
        foreach (var part in Graph(file).Parts)
        {
            CheckClear(part);
        }
    }

    [Fact]
    public void NorInGraphsThatNobodyWouldDraw()
    {
        var random = new Random(1);
        for (var graph = 0; graph < 200; graph++)
        {
            CheckClear(RandomPart(random, 2 + (graph % 15)));
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void TheResidualStreamIsAStraightLine(string file)
    {
        foreach (var part in Graph(file).Parts)
        {
            var layout = new GraphLayout(part);

            layout.Cells.Where(cell => layout.IsOnStream(cell.Key)).ShouldAllBe(cell => cell.Value.Lane == 0);
            layout.IsOnStream(part.Nodes[^1].Name).ShouldBeTrue();
            layout.Wires.Where(wire => layout.IsOnStream(wire.From) && layout.IsOnStream(wire.To)).ShouldAllBe(wire => wire.Lane == 0);
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void EveryWeightAndEveryStructureIsInThePictureAndInTheText(string file)
    {
        var (code, text, error) = Slim.Run("show", Path.Combine(Folder, file));
        code.ShouldBe(0, error);
        var graph = Graph(file);
        var lines = text.Split('\n');
        var svg = XDocument.Parse(GraphSvg.Of(graph)).Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).ToList();

        graph.Structures.Count.ShouldBeGreaterThan(0);
        foreach (var structure in graph.Structures)
        {
            svg.Count(drawn => drawn == structure.Letter).ShouldBeGreaterThan(2, structure.Unit); // in the legend, and at more than one axis
            lines.ShouldContain(line => line.StartsWith(structure.Letter + " ", StringComparison.Ordinal) && line.Contains(structure.Unit, StringComparison.Ordinal));
        }

        foreach (var node in graph.Parts.SelectMany(part => part.Nodes))
        {
            lines.ShouldContain(line => line.StartsWith($"  {node.Name} ", StringComparison.Ordinal) && line.Contains($" {node.Op} ", StringComparison.Ordinal));
            if (node.Weight is not null)
            {
                lines.ShouldContain(line => line.Contains(node.Weight, StringComparison.Ordinal));
                string.Concat(svg).Replace(" ", "", StringComparison.Ordinal).ShouldContain(node.Weight.Replace(" ", "", StringComparison.Ordinal));
            }
        }
    }

    private static void CheckClear(GraphPart part)
    {
        var drawing = new PartDrawing(part, PartDrawing.StreamWidth(part), 0, 0);
        var boxes = drawing.Boxes.ToList();
        foreach (var (box, i) in boxes.Select((box, i) => (box, i)))
        {
            boxes.Skip(i + 1).ShouldNotContain(other => box.Left < other.Right && other.Left < box.Right && box.Top < other.Bottom && other.Top < box.Bottom, box.Box.Name);
            foreach (var (from, to) in drawing.Wires.SelectMany(wire => wire.Points.Zip(wire.Points.Skip(1))))
            {
                var crosses = Math.Min(from.X, to.X) < box.Right - 1 && Math.Max(from.X, to.X) > box.Left + 1
                    && Math.Min(from.Y, to.Y) < box.Bottom - 1 && Math.Max(from.Y, to.Y) > box.Top + 1;
                crosses.ShouldBeFalse($"{Describe(part)}: a line from {from} to {to} runs through {box.Box.Name}");
            }
        }
    }

    private static string Describe(GraphPart part) => string.Join("; ", part.Nodes.Select(node => $"{node.Name} reads {string.Join(", ", node.Inputs)}"));

    private static GraphPart RandomPart(Random random, int count)
    {
        var names = new List<string> { "x" };
        var nodes = new List<ShownNode>();
        for (var i = 0; i < count; i++)
        {
            var inputs = names.OrderBy(_ => random.Next()).Take(random.Next(1, 5)).ToList();
            names.Add($"node_{i}");
            string? weight = random.Next(2) == 0 ? null : new string('w', random.Next(3, 60));
            nodes.Add(new($"node_{i}", weight is null ? "add" : "linear", inputs, "hidden", [], weight, weight is null ? [] : [new("rows", "hidden", []), new("columns", "hidden", [])], [], null));
        }

        return new("layer", "", [new("x", [])], nodes);
    }

    private static LayerGraph Graph(string file) => GraphReader.Of(ArchitectureLoader.Find(Path.Combine(Folder, file))!);
}
