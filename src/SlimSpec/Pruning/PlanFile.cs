using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SlimSpec;

/// <summary>Writes and reads <c>plan.json</c>.</summary>
public static class PlanFile
{
    /// <summary>The format written and read.</summary>
    internal const int Format = 2;

    /// <summary>Writes a plan atomically: one group a line, the same bytes for the same plan.</summary>
    /// <exception cref="SlimException">The file cannot be written.</exception>
    public static void Write(PruningPlan plan, string path) => AtomicFile.WriteText(path, ToJson(plan));

    /// <summary>Reads a plan and checks everything that can be said without its model.</summary>
    /// <exception cref="SlimException">The file cannot be read or is no plan; the message names the place in it.</exception>
    public static PruningPlan Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return PlanReader.Read(new PlanNode(path, "", document.RootElement));
        }
        catch (JsonException failure)
        {
            throw new SlimException($"{path}:{failure.LineNumber + 1}: is not JSON ({failure.Message})", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SlimException($"{path}: cannot be read ({failure.Message})", failure);
        }
    }

    /// <summary>The text of <c>plan.json</c>; scores and means in their shortest form that reads back exactly.</summary>
    internal static string ToJson(PruningPlan plan)
    {
        var versions = plan.Versions.OrderBy(version => version.Key, StringComparer.Ordinal).Select(version => $"{Quoted(version.Key)}: {Quoted(version.Value)}");
        return new StringBuilder()
            .Append("{\n")
            .Append(CultureInfo.InvariantCulture, $"  \"format\": {Format},\n")
            .Append(CultureInfo.InvariantCulture, $"  \"recipe\": {Quoted(plan.Origin.Recipe)},\n")
            .Append(CultureInfo.InvariantCulture, $"  \"recipe_hash\": {Quoted(plan.Origin.RecipeHash)},\n")
            .Append(CultureInfo.InvariantCulture, $"  \"checkpoint_hash\": {Quoted(plan.Origin.CheckpointHash)},\n")
            .Append(CultureInfo.InvariantCulture, $"  \"seed\": {plan.Origin.Seed},\n")
            .Append(CultureInfo.InvariantCulture, $"  \"versions\": {{{string.Join(", ", versions)}}},\n")
            .Append(CultureInfo.InvariantCulture, $"  \"layers\": {Lines(plan.Layers.Select(Line))},\n")
            .Append(CultureInfo.InvariantCulture, $"  \"groups\": {Lines(plan.Groups.Select(Line))}\n")
            .Append("}\n")
            .ToString();
    }

    /// <summary>Numbers as a JSON list.</summary>
    internal static string List(IEnumerable<float> numbers) => $"[{string.Join(", ", numbers.Select(Number))}]";

    private static string Lines(IEnumerable<string> lines) => string.Join(",\n    ", lines) is { Length: > 0 } text ? $"[\n    {text}\n  ]" : "[]";

    private static string Line(PlanLayers layers)
    {
        var scores = string.Join(", ", layers.Scores.Select(score => score is { } number ? Number(number) : "null"));
        return $"{{\"unit\": {Quoted(layers.Unit)}, \"kept\": {List(layers.Kept)}, \"scores\": [{scores}]}}";
    }

    private static string Line(PlanGroup group)
    {
        var layer = group.Layer == StructuredPruner.WholeModel ? "null" : group.Layer.ToString(CultureInfo.InvariantCulture);
        var means = group.Means is null ? "" : $", \"means\": {List(group.Means)}";
        return $"{{\"layer\": {layer}, \"unit\": {Quoted(group.Unit)}, \"kept\": {List(group.Kept)}, \"scores\": {List(group.Scores)}{means}}}";
    }

    private static string List(IEnumerable<int> numbers) => $"[{string.Join(", ", numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)))}]";

    private static string Number(float number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
