using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SlimSpec;

/// <summary>Settings as <c>key = value</c>, under the keys that <c>--set</c> takes.</summary>
internal static class SettingLines
{
    /// <summary>All settings, defaults included; what is not set is left out.</summary>
    public static IEnumerable<string> Of(RecipeSettings settings) =>
        settings.Checkpoint is { } checkpoint
            ? Lines("", JsonSerializer.SerializeToNode(settings with { Checkpoint = null }, RunFolder.Json)).Prepend($"model.checkpoint = {checkpoint}")
            : Lines("", JsonSerializer.SerializeToNode(settings, RunFolder.Json));

    private static IEnumerable<string> Lines(string key, JsonNode? node) => node switch
    {
        null => [],
        JsonObject dataset when dataset.ContainsKey("from") => Dataset(key, dataset.Deserialize<DatasetReference>(RunFolder.Json)!),
        JsonObject section => section.SelectMany(entry => Lines(key.Length == 0 ? entry.Key : $"{key}.{entry.Key}", entry.Value)),
        JsonArray list when list.Any(item => item is JsonObject) => list.SelectMany((item, i) => Lines($"{key}[{i}]", item)),
        JsonArray list => [$"{key} = [{string.Join(", ", list.Select(item => item!.ToString()))}]"],
        _ => [$"{key} = {node}"],
    };

    private static IEnumerable<string> Dataset(string key, DatasetReference dataset)
    {
        yield return $"{key} = {dataset.Path}";
        if (dataset is not { From: 0, To: 1 })
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{key[..^"dataset".Length]}split = {dataset.From:0.##%}:{dataset.To:0.##%}");
        }
    }
}
