using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>A value of a configuration and the key it was found under.</summary>
internal sealed record ConfigValue(string Key, SpecNode Node);

/// <summary>The keys of a model: those inline in the spec, then those of config.json. A dotted key is looked for in nested mappings.</summary>
internal sealed class ConfigValues(Section model, MappingNode? config, string configName, Reporter report)
{
    private readonly MappingNode _inline = new(model.Place, model.Others);

    /// <summary>Where config.json, or without one the section, begins.</summary>
    public Place Place => config?.Place ?? model.Place;

    /// <summary>The value under the first of the keys that has one, or null. Null in JSON is as good as absent.</summary>
    public ConfigValue? Find(IReadOnlyList<string> keys) =>
        First(_inline, keys) ?? (IsNull(_inline, keys) || config is null ? null : First(config, keys));

    /// <summary>The value of config.json alone, which may be JSON's null; what is within a null is absent.</summary>
    public SpecNode? FindInConfig(string key)
    {
        var dot = key.LastIndexOf('.');
        return config is null || (dot >= 0 && IsNull(config, [key.Substring(0, dot)])) ? null : At(config, key);
    }

    /// <summary>Whether none of the keys has a value and one is null.</summary>
    public bool IsNull(IReadOnlyList<string> keys) => Find(keys) is null && (IsNull(_inline, keys) || (config is not null && IsNull(config, keys)));

    /// <summary>Reports inline keys that the architecture does not read.</summary>
    public void CheckInlineKeys(IReadOnlyList<string> keys)
    {
        foreach (var entry in model.Others)
        {
            CheckInlineKey(entry, "", keys, ModelKeys.Definition.Keys.Select(key => key.Name));
        }
    }

    /// <summary>Reports values of config.json that should be mappings, because the architecture reads keys within them.</summary>
    public void CheckConfigKeys(IReadOnlyList<string> keys)
    {
        foreach (var outer in keys.Where(key => key.Contains('.')).Select(key => key.Substring(0, key.LastIndexOf('.'))).Distinct())
        {
            if (FindInConfig(outer) is { } node and not (MappingNode or ScalarNode { Kind: ScalarKind.Null }))
            {
                report.Add(Rules.WrongType, node.Place, $"'{outer}' must be a mapping, found {node.Found}");
            }
        }
    }

    /// <summary>Reports keys without value, those of one dimension or constant together.</summary>
    public void ReportMissing(IReadOnlyList<IReadOnlyList<string>> missing)
    {
        if (missing.Count == 0)
        {
            return;
        }

        var written = (config?.Entries.Select(entry => entry.Key) ?? []).Concat(model.Others.Select(entry => entry.Key)).ToList();
        var keys = string.Join(", ", missing.Select(alternatives =>
            string.Join(" or ", alternatives.Select(key => $"'{key}'"))
            + (IsNull(alternatives) ? " (it is null)"
                : alternatives.Select(key => Words.Nearest(key, written)).FirstOrDefault(near => near is not null) is { } near ? $" (there is {Words.Quote(near)})"
                : "")));
        report.Add(Rules.MissingDimension, Place, config is null
            ? $"'model' needs {keys}, or a 'config' to read from"
            : $"{Words.Quote(configName)} lacks {keys}");
    }

    private void CheckInlineKey(MappingEntry entry, string path, IReadOnlyList<string> keys, IEnumerable<string> others)
    {
        if (!entry.Key.Contains('.') && keys.Contains(path + entry.Key))
        {
            return;
        }

        var inner = $"{path}{entry.Key}.";
        if (entry.Key.Contains('.') || keys.All(key => !key.StartsWith(inner, System.StringComparison.Ordinal)))
        {
            var known = keys.Where(key => key.StartsWith(path, System.StringComparison.Ordinal)).Select(key => key.Substring(path.Length).Split('.')[0]);
            SectionDefinition.ReportUnknown(entry, path.Length == 0 ? "model" : $"model.{path.TrimEnd('.')}", others.Concat(known), report);
        }
        else if (entry.Value is MappingNode nested)
        {
            foreach (var key in nested.Entries)
            {
                CheckInlineKey(key, inner, keys, []);
            }
        }
        else if (entry.Value is not (ScalarNode { Kind: ScalarKind.Null } or BadNode))
        {
            report.Add(Rules.WrongType, entry.Value.Place, $"'model.{path}{entry.Key}' must be a mapping, found {entry.Value.Found}");
        }
    }

    private static ConfigValue? First(MappingNode root, IReadOnlyList<string> keys) => keys
        .Select(key => At(root, key) is { } node and not ScalarNode { Kind: ScalarKind.Null } ? new ConfigValue(key, node) : null)
        .FirstOrDefault(found => found is not null);

    private static bool IsNull(MappingNode root, IReadOnlyList<string> keys) =>
        First(root, keys) is null && keys.Any(key => At(root, key) is ScalarNode { Kind: ScalarKind.Null });

    /// <summary>The node under a dotted key; null in JSON in front of a dot is null for what is behind it.</summary>
    private static SpecNode? At(MappingNode root, string key)
    {
        SpecNode? node = root;
        foreach (var part in key.Split('.'))
        {
            if (node is ScalarNode { Kind: ScalarKind.Null })
            {
                return node;
            }

            node = (node as MappingNode)?.Find(part);
        }

        return node;
    }
}
