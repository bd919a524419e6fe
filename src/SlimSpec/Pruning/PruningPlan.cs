namespace SlimSpec;

/// <summary>Where a plan comes from.</summary>
/// <param name="Recipe">The recipe's name.</param>
/// <param name="RecipeHash">The recipe's <see cref="Recipe.Hash"/>.</param>
/// <param name="CheckpointHash">The scored checkpoint's <see cref="CheckpointFingerprint"/>.</param>
/// <param name="Seed">Seed of the run.</param>
public sealed record PlanOrigin(string Recipe, string RecipeHash, string CheckpointHash, int Seed);

/// <summary>What stays of one coupled structure of one layer. Numbers are those of the dense model.</summary>
/// <param name="Layer">The layer, from 0; <see cref="StructuredPruner.WholeModel"/> for a structure of the whole model.</param>
/// <param name="Unit">The structure, for example <c>mlp</c>.</param>
/// <param name="Kept">Kept units, ascending: channel, head or KV-group numbers.</param>
/// <param name="Scores">Importance of every unit of the dense model, as of when the unit was last scored.</param>
public sealed record PlanGroup(int Layer, string Unit, IReadOnlyList<int> Kept, IReadOnlyList<float> Scores);

/// <summary>
/// The result of scoring and selection: everything surgery needs. It is written as <c>plan.json</c>; equal runs write equal
/// bytes, so that a plan can be committed beside its spec.
/// </summary>
public sealed record PruningPlan
{
    /// <summary>Where the plan comes from.</summary>
    public required PlanOrigin Origin { get; init; }

    /// <summary>Versions of what made the plan, by name.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>The structures that were scored, by layer and then unit.</summary>
    public required IReadOnlyList<PlanGroup> Groups { get; init; }

    /// <summary>What this build notes as <see cref="Versions"/>.</summary>
    public static IReadOnlyDictionary<string, string> CurrentVersions { get; } = new Dictionary<string, string>
    {
        ["slimspec"] = typeof(PruningPlan).Assembly.GetName().Version!.ToString(3),
    };

    /// <summary>Kept units by layer and unit, as <see cref="Selection.Units"/> has them.</summary>
    public IReadOnlyDictionary<(int Layer, string Unit), int[]> Kept =>
        Groups.ToDictionary(group => (group.Layer, group.Unit), group => group.Kept.ToArray());

    /// <summary>Cuts a dense model to this plan. Consumes <paramref name="dense"/>.</summary>
    /// <param name="recipe">The recipe the plan was made for.</param>
    /// <param name="dense">The recipe's dense model.</param>
    /// <exception cref="SlimException">The plan is of another recipe or does not fit the model.</exception>
    public CausalLM Apply(Recipe recipe, CausalLM dense)
    {
        CheckFits(recipe, dense.Shape);
        return ModelSurgery.Cut(recipe, dense, new() { Units = Kept });
    }

    /// <summary>The model's shape after the plan.</summary>
    /// <exception cref="SlimException">The plan is of another recipe or does not fit the shape.</exception>
    public ModelShape Shrink(Recipe recipe, ModelShape dense)
    {
        CheckFits(recipe, dense);
        return Groups.Aggregate(dense, (shape, group) => recipe.Pruner.Shrink(shape, group.Unit, group.Layer, group.Kept.Count));
    }

    /// <summary>Checks that the plan was made for this recipe and that its numbers are units of this shape.</summary>
    /// <exception cref="SlimException">The plan is of another recipe or does not fit the shape.</exception>
    public void CheckFits(Recipe recipe, ModelShape dense)
    {
        if (Origin.Recipe != recipe.Name || Origin.RecipeHash != recipe.Hash)
        {
            throw new SlimException(
                $"The pruning plan was made for recipe {Origin.Recipe} ({Origin.RecipeHash}), not for {recipe.Name} ({recipe.Hash}) of {recipe.SpecFile}; prune again to make one that fits.");
        }

        var units = recipe.Pruner.Structures.Select(structure => structure.Unit).ToArray();
        foreach (var group in Groups)
        {
            CheckGroup(recipe.Pruner, dense, units, group);
        }
    }

    private static void CheckGroup(StructuredPruner pruner, ModelShape dense, string[] units, PlanGroup group)
    {
        var place = $"The pruning plan's group of {(group.Layer == StructuredPruner.WholeModel ? "the whole model" : $"layer {group.Layer}")}, unit {group.Unit},";
        if (!units.Contains(group.Unit))
        {
            throw new SlimException($"{place} cuts something this architecture does not have; it has {string.Join(", ", units)}.");
        }

        var isWhole = UnitScores.Structure(pruner, group.Unit).IsWholeModel;
        if (isWhole != (group.Layer == StructuredPruner.WholeModel))
        {
            throw new SlimException($"{place} must stand for {(isWhole ? "the whole model (layer null)" : "a layer")}.");
        }

        if (group.Layer >= dense.LayerCount)
        {
            throw new SlimException($"{place} is of a layer the model does not have; its last is {dense.LayerCount - 1}.");
        }

        var count = pruner.Units(dense, group.Unit, group.Layer);
        if (group.Scores.Count != count)
        {
            throw new SlimException($"{place} scores {group.Scores.Count} units, but the model has {count}.");
        }

        CheckGroups(pruner, dense, group, place);
    }

    // Of query heads, equally many stay in each KV group; a group without any could not run.
    private static void CheckGroups(StructuredPruner pruner, ModelShape dense, PlanGroup group, string place)
    {
        var structure = UnitScores.Structure(pruner, group.Unit);
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
