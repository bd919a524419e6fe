namespace SlimSpec.CommandLine;

/// <summary>Writes a graph as text: one line a node.</summary>
internal static class GraphText
{
    public static void Write(TextWriter output, LayerGraph graph)
    {
        output.WriteLine($"{graph.Name}: {graph.Class}, model_type {string.Join(", ", graph.ModelTypes)}");
        foreach (var part in graph.Parts)
        {
            output.WriteLine();
            output.WriteLine(part.Heading);
            Table(part).Write(output);
        }

        if (graph.Structures.Count > 0)
        {
            output.WriteLine();
            var structures = new TextTable("structure", "unit", "what is cut together");
            foreach (var structure in graph.Structures)
            {
                structures.Add(structure.Letter, structure.Unit, structure.Description);
            }

            structures.Write(output);
        }
    }

    private static TextTable Table(GraphPart part)
    {
        var isConditional = part.Nodes.Any(node => node.When is not null);
        var headers = new[] { "  node", "op", "in", "out", "weight", "rows", "columns", "remarks" };
        var table = new TextTable(isConditional ? [.. headers, "when"] : headers);
        foreach (var node in part.Nodes)
        {
            object?[] cells =
            [
                "  " + node.Name, node.Op, string.Join(", ", node.Inputs), node.Out, node.Weight ?? "",
                Axis(node, "rows", "slopes"), Axis(node, "columns"), string.Join("; ", node.Remarks),
            ];
            table.Add(isConditional ? [.. cells, node.When ?? ""] : cells);
        }

        return table;
    }

    private static string Axis(ShownNode node, params string[] names) =>
        node.Axes.FirstOrDefault(axis => names.Contains(axis.Name)) is { } axis ? $"{axis.Label} {string.Concat(axis.Structures)}".TrimEnd() : "";
}
