namespace SlimSpec;

/// <summary>Whether a plan's numbers are layers and units of a model.</summary>
internal static class PlanFit
{
    /// <summary>See <see cref="PruningPlan.CheckFits"/>.</summary>
    public static void Check(PruningPlan plan, Recipe recipe, ModelShape dense)
    {
        foreach (var layers in plan.Layers)
        {
            CheckLayers(recipe.Pruner, dense, layers);
        }

        foreach (var group in plan.Groups)
        {
            CheckGroup(recipe.Pruner, dense, plan, group);
        }
    }

    private static void CheckLayers(StructuredPruner pruner, ModelShape dense, PlanLayers layers)
    {
        var place = $"The pruning plan's layers of unit {layers.Unit}";
        if (layers.Unit != DepthCut.Block && !pruner.Structures.Any(structure => structure.Unit == layers.Unit && dense.BranchDimensions.Contains(structure.Dimension)))
        {
            throw new SlimException($"{place} are of a branch that this recipe's layers cannot lose; a depth cut with unit: {layers.Unit} in the spec makes them able to.");
        }

        if (layers.Scores.Count != dense.LayerCount)
        {
            throw new SlimException($"{place} are of a model with {layers.Scores.Count} layers, but this one has {dense.LayerCount}.");
        }
    }

    private static void CheckGroup(StructuredPruner pruner, ModelShape dense, PruningPlan plan, PlanGroup group)
    {
        var place = $"The pruning plan's group of {(group.Layer == StructuredPruner.WholeModel ? "the whole model" : $"layer {group.Layer}")}, unit {group.Unit},";
        var structure = pruner.Structures.SingleOrDefault(structure => structure.Unit == group.Unit)
            ?? throw new SlimException($"{place} cuts something this architecture does not have; it has {string.Join(", ", pruner.Structures.Select(each => each.Unit))}.");
        if (structure.IsWholeModel != (group.Layer == StructuredPruner.WholeModel))
        {
            throw new SlimException($"{place} must stand for {(structure.IsWholeModel ? "the whole model (layer null)" : "a layer")}.");
        }

        if (group.Layer >= dense.LayerCount)
        {
            throw new SlimException($"{place} is of a layer the model does not have; its last is {dense.LayerCount - 1}.");
        }

        if (group.Layer != StructuredPruner.WholeModel && plan.Layers.FirstOrDefault(layers => (layers.Unit == DepthCut.Block || layers.Unit == group.Unit) && !layers.Kept.Contains(group.Layer)) is { } gone)
        {
            throw new SlimException($"{place} is of a layer that the plan's layers of unit {gone.Unit} do not keep.");
        }

        var count = pruner.Units(dense, group.Unit, group.Layer);
        if (group.Scores.Count != count)
        {
            throw new SlimException($"{place} scores {group.Scores.Count} units, but the model has {count}.");
        }

        CheckMeans(group, structure, count, place);
        CheckWithin(dense, group, structure, place);
    }

    private static void CheckMeans(PlanGroup group, CoupledStructure structure, int units, string place)
    {
        if (group.Means is { } means && (means.Count == 0 || means.Count % units != 0))
        {
            throw new SlimException($"{place} has means of {means.Count} channels, but the model's {units} units have {structure.ChannelsPerUnit} channels, or several times that, each.");
        }
    }

    // Of query heads, equally many stay in each KV group; a group without any could not run.
    private static void CheckWithin(ModelShape dense, PlanGroup group, CoupledStructure structure, string place)
    {
        if (structure.Within is not { } within)
        {
            return;
        }

        var groups = UnitScores.Groups(structure, dense, group.Layer);
        var perGroup = group.Scores.Count / groups;
        var kept = group.Kept.GroupBy(head => head / perGroup).Select(heads => heads.Count()).ToArray();
        if (kept.Length != groups || kept.Distinct().Count() != 1)
        {
            throw new SlimException($"{place} must keep equally many of each of the {groups} {within}.");
        }
    }
}
