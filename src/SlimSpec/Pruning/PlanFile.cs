using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SlimSpec;

/// <summary>Writes and reads <c>plan.json</c>.</summary>
public static class PlanFile
{
    private const int Format = 1;

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
            var root = new PlanNode(path, "", document.RootElement);
            root.Keys("format", "recipe", "recipe_hash", "checkpoint_hash", "seed", "versions", "groups");
            var format = root["format"].Integer();
            return format == Format
                ? ReadPlan(root)
                : throw new SlimException($"{path}: format {format} is not read by this version; it reads format {Format}");
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

    /// <summary>The text of <c>plan.json</c>; scores in their shortest form that reads back exactly.</summary>
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
            .Append("  \"groups\": [\n")
            .AppendJoin(",\n", plan.Groups.Select(Line))
            .Append("\n  ]\n}\n")
            .ToString();
    }

    private static string Line(PlanGroup group)
    {
        var kept = string.Join(", ", group.Kept.Select(number => number.ToString(CultureInfo.InvariantCulture)));
        var scores = string.Join(", ", group.Scores.Select(score => score.ToString("R", CultureInfo.InvariantCulture)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"    {{\"layer\": {(group.Layer == StructuredPruner.WholeModel ? "null" : group.Layer)}, \"unit\": {Quoted(group.Unit)}, \"kept\": [{kept}], \"scores\": [{scores}]}}");
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    private static PruningPlan ReadPlan(PlanNode root)
    {
        var groups = root["groups"].Items().Select(ReadGroup).ToArray();
        for (var i = 1; i < groups.Length; i++)
        {
            var order = groups[i - 1].Layer.CompareTo(groups[i].Layer);
            if (order > 0 || (order == 0 && string.CompareOrdinal(groups[i - 1].Unit, groups[i].Unit) >= 0))
            {
                throw root.Bad($"groups[{i}] repeats a structure or is not in order of layer and unit");
            }
        }

        return new()
        {
            Origin = new(root["recipe"].Text(), root["recipe_hash"].Text(), root["checkpoint_hash"].Text(), root["seed"].Integer()),
            Versions = root["versions"].Members().ToDictionary(member => member.Name, member => member.Value.Text(), StringComparer.Ordinal),
            Groups = groups,
        };
    }

    private static PlanGroup ReadGroup(PlanNode group)
    {
        group.Keys("layer", "unit", "kept", "scores");
        var scores = group["scores"].Items().Select(score => score.Number()).ToArray();
        var layer = group["layer"].Value.ValueKind == JsonValueKind.Null ? StructuredPruner.WholeModel : group["layer"].Integer();
        if (layer < 0 && group["layer"].Value.ValueKind != JsonValueKind.Null)
        {
            throw group["layer"].Bad("is a layer number, from 0, or null for the whole model");
        }

        var kept = group["kept"].Items().Select(number => number.Integer()).ToArray();
        if (kept.Length == 0)
        {
            throw group["kept"].Bad("is empty; at least one unit stays");
        }

        var previous = -1;
        for (var i = 0; i < kept.Length; previous = kept[i++])
        {
            if (kept[i] <= previous || kept[i] >= scores.Length)
            {
                throw group["kept"].Bad($"has {kept[i]} at position {i}; unit numbers ascend, each once, from 0 to {scores.Length - 1}");
            }
        }

        return new(layer, group["unit"].Text(), kept, scores);
    }
}
