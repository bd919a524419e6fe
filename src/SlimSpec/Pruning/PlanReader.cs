using System.Text.Json;

namespace SlimSpec;

/// <summary>From the JSON of a plan to the plan; what is wrong is said at its place.</summary>
internal static class PlanReader
{
    /// <summary>Reads a whole document.</summary>
    public static PruningPlan Read(PlanNode root)
    {
        CheckFormat(root);
        root.Keys(["format", "recipe", "recipe_hash", "checkpoint_hash", "seed", "versions", "layers", "groups"]);
        var layers = root["layers"].Items().Select(ReadLayers).ToArray();
        CheckLayers(root, layers);
        var groups = root["groups"].Items().Select(ReadGroup).ToArray();
        CheckGroups(root, layers, groups);
        return new()
        {
            Origin = new(root["recipe"].Text(), root["recipe_hash"].Text(), root["checkpoint_hash"].Text(), root["seed"].Integer()),
            Versions = root["versions"].Members().ToDictionary(member => member.Name, member => member.Value.Text(), StringComparer.Ordinal),
            Layers = layers,
            Groups = groups,
        };
    }

    // Before the keys: another format has others.
    private static void CheckFormat(PlanNode root)
    {
        if (!root.Members().Any(member => member.Name == "format"))
        {
            throw root.Bad("lacks 'format'");
        }

        var format = root["format"].Integer();
        if (format != PlanFile.Format)
        {
            var remedy = format < PlanFile.Format ? "prune again to make a plan of today's" : "a newer version of SlimSpec wrote it";
            throw root.Bad($"format {format} is not read by this version, which reads format {PlanFile.Format}; {remedy}");
        }
    }

    private static PlanLayers ReadLayers(PlanNode layers)
    {
        layers.Keys(["unit", "kept", "scores"]);
        var scores = layers["scores"].Items().Select(score => score.Value.ValueKind == JsonValueKind.Null ? (float?)null : score.Number()).ToArray();
        return new(layers["unit"].Text(), Ascending(layers["kept"], scores.Length, "layer"), scores);
    }

    private static void CheckLayers(PlanNode root, PlanLayers[] layers)
    {
        for (var i = 1; i < layers.Length; i++)
        {
            if (string.CompareOrdinal(layers[i - 1].Unit, layers[i].Unit) >= 0)
            {
                throw root.Bad($"layers[{i}] repeats a unit or is not in their order");
            }

            if (layers[i].Scores.Count != layers[0].Scores.Count)
            {
                throw root.Bad($"layers[{i}].scores has {layers[i].Scores.Count} entries, but layers[0].scores has {layers[0].Scores.Count}; both have one for each layer of the dense model");
            }
        }

        var blocks = layers.SingleOrDefault(each => each.Unit == DepthCut.Block);
        for (var i = 0; i < layers.Length; i++)
        {
            if (blocks is not null && layers[i].Kept.FirstOrDefault(layer => !blocks.Kept.Contains(layer), -1) is var gone and >= 0)
            {
                throw root.Bad($"layers[{i}].kept has {gone}, a layer that unit block does not keep");
            }
        }
    }

    private static PlanGroup ReadGroup(PlanNode group)
    {
        group.Keys(["layer", "unit", "kept", "scores"], "means");
        var scores = group["scores"].Items().Select(score => score.Number()).ToArray();
        var layer = group["layer"].Value.ValueKind == JsonValueKind.Null ? StructuredPruner.WholeModel : group["layer"].Integer();
        if (layer < 0 && group["layer"].Value.ValueKind != JsonValueKind.Null)
        {
            throw group["layer"].Bad("is a layer number, from 0, or null for the whole model");
        }

        return new(layer, group["unit"].Text(), Ascending(group["kept"], scores.Length, "unit"), scores)
        {
            Means = group.Has("means") ? [.. group["means"].Items().Select(mean => mean.Number())] : null,
        };
    }

    private static int[] Ascending(PlanNode node, int count, string what)
    {
        var kept = node.Items().Select(number => number.Integer()).ToArray();
        if (kept.Length == 0)
        {
            throw node.Bad($"is empty; at least one {what} stays");
        }

        var previous = -1;
        for (var i = 0; i < kept.Length; previous = kept[i++])
        {
            if (kept[i] <= previous || kept[i] >= count)
            {
                throw node.Bad($"has {kept[i]} at position {i}; {what} numbers ascend, each once, from 0 to {count - 1}");
            }
        }

        return kept;
    }

    private static void CheckGroups(PlanNode root, PlanLayers[] layers, PlanGroup[] groups)
    {
        for (var i = 0; i < groups.Length; i++)
        {
            var order = i == 0 ? -1 : groups[i - 1].Layer.CompareTo(groups[i].Layer);
            if (order > 0 || (order == 0 && string.CompareOrdinal(groups[i - 1].Unit, groups[i].Unit) >= 0))
            {
                throw root.Bad($"groups[{i}] repeats a structure or is not in order of layer and unit");
            }

            if (groups[i].Layer != StructuredPruner.WholeModel
                && layers.FirstOrDefault(each => each.Unit == DepthCut.Block || each.Unit == groups[i].Unit) is { } cut && !cut.Kept.Contains(groups[i].Layer))
            {
                throw root.Bad($"groups[{i}] is of layer {groups[i].Layer}, which does not keep its {cut.Unit}");
            }
        }
    }
}
