using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Decides what the attributes of one node leave open, and leaves out what says no more than the default.</summary>
internal static class NodeResolver
{
    /// <summary>The node, plain.</summary>
    public static GraphNode Resolve(GraphNode node, GraphValues values, DimensionMerger names)
    {
        var op = GraphOps.Find(node.Op)!;
        if (op.Name == "activation" && values.Word(node.Attribute("function")!, op.Attributes[0].Choices) is { } word)
        {
            return node with { Op = GraphOps.Functions.First(function => function.Key == word).Value, Attributes = [] };
        }

        var off = op.Attributes.Select(attribute => attribute.Group).Distinct().Where(group => IsOff(group, node, values)).ToList();
        var scaling = Scaling(node, values);
        var attributes = op.Attributes
            .Where(attribute => !off.Contains(attribute.Group) && !IsOfOtherScaling(attribute.Key, scaling))
            .Select(attribute => (attribute.Key, Value: Value(attribute, node.Attribute(attribute.Key), values, names)))
            .Where(attribute => attribute.Value is not null)
            .Select(attribute => new NodeAttribute(attribute.Key, attribute.Value!));
        return node with
        {
            Out = new(node.Out.Select(names.Of)),
            Attributes = new(attributes),
            Pack = node.Pack is { Interleaved: { } interleaved } pack ? pack with { Interleaved = names.Of(interleaved) } : node.Pack,
        };
    }

    private static bool IsOff(string? group, GraphNode node, GraphValues values) =>
        group is not null && node.Attribute($"{group}.when") is { } condition && !values.Holds(condition);

    /// <summary>The value after resolution; null where the attribute is left out.</summary>
    private static string? Value(OpAttribute attribute, string? written, GraphValues values, DimensionMerger names)
    {
        if (attribute.Kind == AttributeKind.Flag)
        {
            return values.IsSet(written ?? attribute.Default ?? "false") ? "true" : null;
        }

        return written is null || attribute.Kind == AttributeKind.Condition || (attribute.MayBeNull && values.IsNull(written)) ? null
            : attribute.Kind == AttributeKind.Dimension ? names.Of(written)
            : attribute.Kind == AttributeKind.WordConstant ? Word(attribute, written, values)
            : written == attribute.Default ? null
            : written;
    }

    /// <summary>The word itself; a constant without known value stays where the operation needs one.</summary>
    private static string? Word(OpAttribute attribute, string written, GraphValues values) =>
        values.Word(written, attribute.Choices) is not { } word ? (attribute.IsRequired ? written : null)
        : word is "none" or "default" ? null
        : word;

    private static string? Scaling(GraphNode node, GraphValues values)
    {
        var attribute = GraphOps.Find(node.Op)!.Attributes.FirstOrDefault(known => known.Key == "rope.scaling");
        return attribute is not null && node.Attribute(attribute.Key) is { } written ? values.Word(written, attribute.Choices) : null;
    }

    private static bool IsOfOtherScaling(string key, string? scaling) =>
        RopeScaling.Parameters.Contains(key) && !RopeScaling.Of(scaling).Contains(key);
}
