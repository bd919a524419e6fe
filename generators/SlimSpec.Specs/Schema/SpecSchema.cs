using System;
using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>
/// JSON Schemas (draft 7) of the language, for editors: written from the tables that the checker reads. A schema sees one
/// file and no sizes, so it accepts more than the build does.
/// </summary>
public static class SpecSchema
{
    /// <summary>The schema of recipes, <c>*.slim.yaml</c>.</summary>
    public static string OfRecipes() => Document("A SlimSpec recipe", RecipeKeys.Definition).ToString();

    /// <summary>The schema of architectures, <c>*.arch.yaml</c>.</summary>
    public static string OfArchitectures()
    {
        var document = Document("A SlimSpec architecture", ArchitectureKeys.Definition);
        document.Add("definitions", NodeSchema.Definitions());
        return document.ToString();
    }

    /// <summary>The schema of multiple-choice tasks, <c>*.task.yaml</c>.</summary>
    public static string OfTasks() => Document("A SlimSpec multiple-choice task", TaskFileKeys.Definition).ToString();

    /// <summary>The schema of a mapping with known keys.</summary>
    internal static JsonMap OfSection(SectionDefinition definition)
    {
        var properties = new JsonMap();
        foreach (var key in definition.Keys)
        {
            properties.Add(key.Name, OfKey(key));
        }

        var others = definition.OtherKeys is { } meaning ? new JsonMap { { "description", meaning } } : null;
        return OfObject(properties, definition.Keys.Where(key => key.IsRequired).Select(key => key.Name), others);
    }

    /// <summary>The schema of a mapping: its keys, those it needs, and what others may be, if there may be any.</summary>
    internal static JsonMap OfObject(JsonMap properties, IEnumerable<string> required, JsonMap? others = null)
    {
        var schema = new JsonMap { { "type", "object" }, { "properties", properties } };
        var needed = required.Cast<object>().ToList();
        if (needed.Count > 0)
        {
            schema.Add("required", needed);
        }

        schema.Add("additionalProperties", (object?)others ?? false);
        return schema;
    }

    /// <summary>The schema that holds where one of several does.</summary>
    internal static JsonMap AnyOf(params JsonMap[] schemas) => new() { { "anyOf", schemas } };

    /// <summary>What holds where a key has a word.</summary>
    internal static JsonMap Case(string key, string word, JsonMap then) => new()
    {
        { "if", new JsonMap { { "properties", new JsonMap { { key, new JsonMap { { "const", word } } } } }, { "required", new[] { key } } } },
        { "then", then },
    };

    /// <summary>The schema that null satisfies too.</summary>
    internal static JsonMap OrNull(JsonMap schema)
    {
        var type = schema.FirstOrDefault(entry => entry.Key == "type").Value;
        return type is null || schema.Any(entry => entry.Key == "enum")
            ? AnyOf(schema, new() { { "type", "null" } })
            : new JsonMap { { "type", (type as IEnumerable<object> ?? [type]).Append("null").ToArray() } }.With(schema.Where(entry => entry.Key != "type"));
    }

    private static JsonMap Document(string title, SectionDefinition definition) =>
        new JsonMap { { "$schema", "http://json-schema.org/draft-07/schema#" }, { "title", title } }.With(OfSection(definition));

    private static JsonMap OfKey(Key key)
    {
        var schema = new JsonMap { { "description", key.Description } };
        if (key.DefaultValue is { } value)
        {
            schema.Add("default", value is DatasetPart ? ":" : value);
        }

        return schema.With(key.MayBeNull ? OrNull(key.Type.Schema) : key.Type.Schema);
    }
}
