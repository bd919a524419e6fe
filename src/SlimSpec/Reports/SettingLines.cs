using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SlimSpec;

/// <summary>Settings as <c>key = value</c>, under the keys that <c>--set</c> takes.</summary>
internal static class SettingLines
{
    /// <summary>All settings, defaults included; what is not set is left out.</summary>
    public static IEnumerable<string> Of(RecipeSettings settings)
    {
        var tree = JsonSerializer.SerializeToNode(settings with { Checkpoint = null }, RunFolder.Json)!.AsObject();
        tree.Remove("sweep");
        WriteOneTextAlone(tree);
        return [
            .. settings.Checkpoint is { } checkpoint ? [$"model.checkpoint = {checkpoint}"] : Array.Empty<string>(),
            .. Lines("", tree),
            .. settings.Sweep.Select(axis => $"sweep.{axis.Key} = [{string.Join(", ", axis.Values)}]")];
    }

    // A single text has its keys in the section itself.
    private static void WriteOneTextAlone(JsonObject tree)
    {
        if (tree["evaluate"] is JsonObject evaluate && evaluate["perplexity"] is JsonArray { Count: 1 } texts)
        {
            evaluate.Remove("perplexity");
            foreach (var (key, value) in texts[0]!.AsObject().Reverse())
            {
                evaluate.Insert(0, key, value?.DeepClone());
            }
        }
    }

    private static IEnumerable<string> Lines(string key, JsonNode? node) => node switch
    {
        null => [],
        JsonObject dataset when dataset.ContainsKey("from") => Dataset(key, dataset),
        JsonObject section => section.SelectMany(entry => Lines(key.Length == 0 ? entry.Key : $"{key}.{entry.Key}", entry.Value)),
        JsonArray list when list.Any(item => item is JsonObject) => list.SelectMany((item, i) => Lines($"{key}[{i}]", item)),
        JsonArray list => [$"{key} = [{string.Join(", ", list.Select(item => item!.ToString()))}]"],
        _ => [$"{key} = {node.ToString().Replace("\n", "\\n", StringComparison.Ordinal)}"],
    };

    // A plain file as the spec says it, with its part beside it; else what is said of it below its key.
    private static IEnumerable<string> Dataset(string key, JsonObject node)
    {
        var dataset = node.Deserialize<DatasetReference>(RunFolder.Json)!;
        var described = node.Where(entry => entry.Key is not ("path" or "from" or "to" or "seed") && entry.Value is not null).ToList();
        var split = string.Create(CultureInfo.InvariantCulture, $"split = {dataset.From:0.##%}:{dataset.To:0.##%}");
        if (described.Count == 0)
        {
            return [$"{key} = {dataset.Path}", .. dataset is { From: 0, To: 1 } ? [] : new[] { $"{key[..^"dataset".Length]}{split}" }];
        }

        return [
            $"{key}.path = {dataset.Path}",
            .. described.SelectMany(entry => Lines($"{key}.{entry.Key}", entry.Value)),
            .. dataset is { From: 0, To: 1 } ? [] : new[] { $"{key}.{split}" },
            .. dataset.Limit is null ? [] : new[] { string.Create(CultureInfo.InvariantCulture, $"{key}.seed = {dataset.Seed}") }];
    }
}
