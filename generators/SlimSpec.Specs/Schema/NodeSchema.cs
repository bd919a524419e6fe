using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>The schemas of nodes, from the table of operations: the keys of a node depend on its <c>op</c>.</summary>
internal static class NodeSchema
{
    private static readonly GraphSections[] Sections = [GraphSections.Embedding, GraphSections.Layer, GraphSections.Head];
    private static readonly JsonMap Name = new TextType("a name").Schema;
    private static readonly JsonMap Condition = new() { { "type", new object[] { "string", "boolean" } } };

    /// <summary>What stands for a node of a section.</summary>
    public static JsonMap Reference(GraphSections section) => new() { { "$ref", $"#/definitions/{SectionName(section)}" } };

    /// <summary>The nodes of each section, and the operations.</summary>
    public static JsonMap Definitions()
    {
        var definitions = new JsonMap();
        foreach (var section in Sections)
        {
            definitions.Add(SectionName(section), OfSection(section));
        }

        foreach (var op in GraphOps.All)
        {
            definitions.Add(op.Name, OfOp(op));
        }

        return definitions;
    }

    private static string SectionName(GraphSections section) => $"node of {section.ToString().ToLowerInvariant()}";

    private static JsonMap OfSection(GraphSections section)
    {
        var ops = GraphOps.All.Where(op => (op.Sections & section) != 0).Select(op => op.Name).ToList();
        return new()
        {
            { "type", "object" },
            { "properties", new JsonMap { { "op", new JsonMap { { "description", "The operation." }, { "enum", ops } } } } },
            { "required", new[] { "op" } },
            { "allOf", ops.Select(OfCase).ToArray() },
        };
    }

    private static JsonMap OfCase(string op) => SpecSchema.Case("op", op, new() { { "$ref", $"#/definitions/{op}" } });

    private static JsonMap OfOp(OpDefinition op)
    {
        var properties = new JsonMap { { "op", new JsonMap { { "description", op.Description }, { "const", op.Name } } } };
        foreach (var input in op.Inputs)
        {
            properties.Add(input.Role, Described(input.Description, OfInput(input)));
        }

        if (op.OutputOf is null)
        {
            properties.Add("out", Described(op.Axes, OfOutput(op)));
        }

        if (op.Weight is { } weight)
        {
            properties.Add("weight", Described($"Name of the weight without .weight. {weight}", Name));
        }

        foreach (var attribute in op.Attributes.Where(attribute => attribute.Group is null))
        {
            properties.Add(attribute.Key, OfAttribute(attribute));
        }

        foreach (var group in op.Attributes.Where(attribute => attribute.Group is not null).GroupBy(attribute => attribute.Group!))
        {
            properties.Add(group.Key, OfGroup([.. group]));
        }

        properties.Add("when", Described("When the node is there, or the first of a choose is taken: flags and comparisons of sizes, joined by 'and'.", Condition));
        return SpecSchema.OfObject(properties, op.RequiredKeys);
    }

    private static JsonMap OfInput(OpInput input) => input.Maximum == 1
        ? Name
        : new() { { "type", "array" }, { "items", Name }, { "minItems", input.Minimum }, { "maxItems", input.Maximum } };

    private static JsonMap OfOutput(OpDefinition op)
    {
        var axis = OutputReader.NameList.Schema;
        return op.Name != "linear" ? axis : SpecSchema.AnyOf(axis, new JsonMap
        {
            { "type", "object" },
            { "additionalProperties", axis },
            { "minProperties", 2 },
            { "maxProperties", OutputReader.MostParts },
        });
    }

    private static JsonMap OfGroup(IReadOnlyList<OpAttribute> group)
    {
        var properties = new JsonMap();
        foreach (var attribute in group)
        {
            properties.Add(attribute.Name, OfAttribute(attribute));
        }

        return SpecSchema.OfObject(properties, group.Where(attribute => attribute.IsRequired).Select(attribute => attribute.Name));
    }

    private static JsonMap OfAttribute(OpAttribute attribute)
    {
        var schema = new JsonMap { { "description", attribute.Description } };
        if (attribute.Default is { } value)
        {
            schema.Add("default", Default(attribute.Kind, value));
        }

        var type = OfKind(attribute);
        return schema.With(attribute.MayBeNull ? SpecSchema.OrNull(type) : type);
    }

    private static JsonMap OfKind(OpAttribute attribute) => attribute.Kind switch
    {
        AttributeKind.Number => SpecSchema.AnyOf(attribute.Range!.Schema, new JsonMap { { "type", new object[] { "string", "boolean" } } }),
        AttributeKind.Literal => attribute.Range!.Schema,
        AttributeKind.Flag or AttributeKind.Condition => Condition,
        AttributeKind.Word => new WordType([.. attribute.Choices]).Schema,
        AttributeKind.WordConstant => SpecSchema.AnyOf(new WordType([.. attribute.Choices]).Schema, Name),
        _ => Name,
    };

    private static object Default(AttributeKind kind, string value) => kind switch
    {
        AttributeKind.Flag => bool.Parse(value),
        AttributeKind.Number or AttributeKind.Literal => double.Parse(value, CultureInfo.InvariantCulture),
        _ => value,
    };

    private static JsonMap Described(string description, JsonMap schema) => new JsonMap { { "description", description } }.With(schema);
}
