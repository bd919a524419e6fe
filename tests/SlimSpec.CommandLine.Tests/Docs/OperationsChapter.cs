using System.Text;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine.Tests;

/// <summary>The chapter of operations, from the table of them.</summary>
internal static class OperationsChapter
{
    public static string Write()
    {
        var text = new StringBuilder();
        foreach (var op in GraphOps.All)
        {
            Write(text, op);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, OpDefinition op)
    {
        text.Append($"### `{op.Name}`\n\n{op.Description}");
        text.Append(op.Sections == GraphSections.All ? "\n\n" : $" Only in the {op.Sections.ToString().ToLowerInvariant()}.\n\n");
        text.Append("| key | value | what it is |\n|---|---|---|\n");
        foreach (var input in op.Inputs)
        {
            text.Append($"| `{input.Role}` | {(input.Maximum == 1 ? "node" : input.Minimum == input.Maximum ? $"{input.Minimum} nodes" : $"{input.Minimum} to {input.Maximum} nodes")} | {input.Description} |\n");
        }

        if (op.OutputOf is null)
        {
            text.Append("| `out` | dimensions | The output's axis. |\n");
        }

        if (op.HasWeight)
        {
            text.Append("| `weight` | name | Name of the weight without `.weight`; in a layer, behind the layer's prefix and number. |\n");
        }

        foreach (var attribute in op.Attributes)
        {
            text.Append($"| `{attribute.Key}` | {Value(attribute)} | {attribute.Description} |\n");
        }

        text.Append($"\n- Axes: {op.Axes}\n");
        text.Append(op.Weight is null ? "" : $"- Weight: {op.Weight}\n");
        text.Append($"- Ties: {op.Ties}\n\n");
    }

    private static string Value(OpAttribute attribute)
    {
        var choices = string.Join(", ", attribute.Choices.Select(choice => $"`{choice}`"));
        var range = attribute.Range?.Expected ?? "a number";
        var value = attribute.Kind switch
        {
            AttributeKind.Dimension => "dimension",
            AttributeKind.Number => $"{range}, or a constant",
            AttributeKind.Literal => range,
            AttributeKind.Flag => "`true`, `false`, or a flag",
            AttributeKind.Condition => "condition",
            AttributeKind.Word => choices,
            AttributeKind.WordConstant => $"{choices}, or a constant",
            AttributeKind.EmbeddingWeight => "weight of the embedding",
            AttributeKind.Weight => "name",
            _ => throw new NotSupportedException($"{attribute.Kind}"),
        };
        var remark = attribute.IsRequired ? attribute.Group is { } group ? $" (needed with `{group}`)" : " (needed)" : attribute.Default is { } standard ? $" (`{standard}`)" : "";
        return value + (attribute.MayBeNull ? ", or null" : "") + remark;
    }
}
