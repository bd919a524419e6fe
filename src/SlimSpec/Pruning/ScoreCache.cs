using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SlimSpec;

/// <summary>
/// Scores kept for the next run: another sparsity, or another number of layers to remove, does not change what units are worth. A file
/// <c>KEY.json</c> a scoring, written atomically, its numbers exact; the key is a hash over everything that the scores follow from.
/// </summary>
/// <param name="folder">Where the files are; made when first written to.</param>
/// <param name="say">Told when scores are there already.</param>
public sealed class ScoreCache(string folder, Action<string>? say = null)
{
    private const int Format = 1;

    /// <summary>The scores of a scoring: those kept, or those taken now, which are kept then.</summary>
    /// <param name="from">Everything that they follow from, in words.</param>
    /// <param name="take">Takes them.</param>
    internal ScoredUnits Get(string from, Func<ScoredUnits> take)
    {
        var path = Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(from)))[..32]}.json");
        if (Read(path, from) is { } kept)
        {
            say?.Invoke($"scores: taken before, read from {path}");
            return kept;
        }

        var scored = take();
        AtomicFile.WriteText(path, $"{{\"format\": {Format}, \"from\": {JsonSerializer.Serialize(from)},\n\"scores\": [{Lines(scored.Scores)}],\n\"means\": [{Lines(scored.Means)}]}}\n");
        return scored;
    }

    // What cannot be read, or is of another version, is made anew.
    private static ScoredUnits? Read(string path, string from)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = new PlanNode(path, "", document.RootElement);
            root.Keys(["format", "from", "scores", "means"]);
            return root["format"].Integer() == Format && root["from"].Text() == from ? new(Numbers(root["scores"]), Numbers(root["means"])) : null;
        }
        catch (Exception damaged) when (damaged is JsonException or SlimException or IOException)
        {
            return null;
        }
    }

    private static Dictionary<(int Layer, string Unit), float[]> Numbers(PlanNode places)
    {
        var numbers = new Dictionary<(int Layer, string Unit), float[]>();
        foreach (var place in places.Items())
        {
            place.Keys(["layer", "unit", "numbers"]);
            numbers[(place["layer"].Integer(), place["unit"].Text())] =
                [.. place["numbers"].Items().Select(number => number.Value.ValueKind == JsonValueKind.Null ? float.NaN : number.Number())];
        }

        return numbers;
    }

    private static string Lines(IReadOnlyDictionary<(int Layer, string Unit), float[]> places) => string.Join(
        ",\n  ",
        places.Select(place => $"{{\"layer\": {place.Key.Layer}, \"unit\": {JsonSerializer.Serialize(place.Key.Unit)}, \"numbers\": {PlanFile.List(place.Value).Replace("NaN", "null", StringComparison.Ordinal)}}}"));
}
