namespace SlimSpec;

/// <summary>Where a plan comes from.</summary>
/// <param name="Recipe">The recipe's name.</param>
/// <param name="RecipeHash">The recipe's <see cref="Recipe.PruningHash"/>.</param>
/// <param name="CheckpointHash">The scored checkpoint's <see cref="CheckpointFingerprint"/>.</param>
/// <param name="Seed">Seed of the run.</param>
public sealed record PlanOrigin(string Recipe, string RecipeHash, string CheckpointHash, int Seed);

/// <summary>Which layers stay, or keep one of their two branches. Numbers are those of the dense model.</summary>
/// <param name="Unit"><see cref="DepthCut.Block"/> for whole layers, or the unit of a branch: <c>attention</c>, <c>mlp</c>.</param>
/// <param name="Kept">The layers that keep it, ascending.</param>
/// <param name="Scores">One entry a layer of the dense model: its importance as of when it was last scored, null where it never was.</param>
public sealed record PlanLayers(string Unit, IReadOnlyList<int> Kept, IReadOnlyList<float?> Scores);

/// <summary>What stays of one coupled structure of one layer. Numbers are those of the dense model.</summary>
/// <param name="Layer">The layer, from 0; <see cref="StructuredPruner.WholeModel"/> for a structure of the whole model.</param>
/// <param name="Unit">The structure, for example <c>mlp</c>.</param>
/// <param name="Kept">Kept units, ascending: channel, head or KV-group numbers.</param>
/// <param name="Scores">Importance of every unit of the dense model, as of when the unit was last scored.</param>
public sealed record PlanGroup(int Layer, string Unit, IReadOnlyList<int> Kept, IReadOnlyList<float> Scores)
{
    /// <summary>
    /// With <see cref="Compensation.Bias"/>: the mean input of the linear that reads the units, one number a channel of the dense model,
    /// as of when the channel was last there; else null.
    /// </summary>
    public IReadOnlyList<float>? Means { get; init; }
}

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

    /// <summary>The depth cuts together, by unit; none where all layers stay whole.</summary>
    public IReadOnlyList<PlanLayers> Layers { get; init; } = [];

    /// <summary>The structures that were scored, by layer and then unit; only of layers, and branches, that stay.</summary>
    public required IReadOnlyList<PlanGroup> Groups { get; init; }

    /// <summary>What this build notes as <see cref="Versions"/>.</summary>
    public static IReadOnlyDictionary<string, string> CurrentVersions { get; } = new Dictionary<string, string>
    {
        ["slimspec"] = typeof(PruningPlan).Assembly.GetName().Version!.ToString(3),
    };

    /// <summary>The layers that stay, ascending; null: all.</summary>
    public IReadOnlyList<int>? KeptLayers => Layers.SingleOrDefault(layers => layers.Unit == DepthCut.Block)?.Kept;

    /// <summary>What surgery on the dense model leaves.</summary>
    public Selection Selection
    {
        get
        {
            var cut = Groups.Where(group => group.Kept.Count < group.Scores.Count).ToList();
            var units = cut.ToDictionary(group => (group.Layer, group.Unit), group => group.Kept.ToArray());
            foreach (var branch in Layers.Where(layers => layers.Unit != DepthCut.Block))
            {
                foreach (var layer in Enumerable.Range(0, branch.Scores.Count).Except(branch.Kept))
                {
                    units.Add((layer, branch.Unit), []);
                }
            }

            return new()
            {
                Units = units,
                Layers = KeptLayers,
                Means = cut.Where(group => group.Means is not null).ToDictionary(group => (group.Layer, group.Unit), group => group.Means!.ToArray()),
            };
        }
    }

    /// <summary>Cuts a dense model to this plan. Consumes <paramref name="dense"/>.</summary>
    /// <param name="recipe">The recipe the model is of: the plan's own, or another with the same structures.</param>
    /// <param name="dense">The recipe's dense model.</param>
    /// <exception cref="SlimException">The plan does not fit the model.</exception>
    public CausalLM Apply(Recipe recipe, CausalLM dense)
    {
        CheckFits(recipe, dense.Shape);
        return ModelSurgery.Cut(recipe, dense, Selection);
    }

    /// <summary>The model's shape after the plan.</summary>
    /// <exception cref="SlimException">The plan does not fit the shape.</exception>
    public ModelShape Shrink(Recipe recipe, ModelShape dense)
    {
        CheckFits(recipe, dense);
        return recipe.Pruner.Shrink(dense, Selection);
    }

    /// <summary>
    /// Checks that the plan's numbers are layers and units of this shape. A plan of another recipe or of other weights fits as long as
    /// its structures are the same; <see cref="Differences"/> says what is not.
    /// </summary>
    /// <exception cref="SlimException">The plan does not fit; the message names the place.</exception>
    public void CheckFits(Recipe recipe, ModelShape dense) => PlanFit.Check(this, recipe, dense);

    /// <summary>What a replay should know: how a recipe and a checkpoint differ from those the plan was made for, a line each.</summary>
    /// <param name="recipe">The recipe it is replayed for.</param>
    /// <param name="checkpointHash">The <see cref="CheckpointFingerprint"/> of the weights it is replayed on.</param>
    public IEnumerable<string> Differences(Recipe recipe, string checkpointHash)
    {
        if (Origin.Recipe != recipe.Name)
        {
            yield return $"the plan was made for recipe {Origin.Recipe}, not for {recipe.Name}";
        }
        else if (Origin.RecipeHash != recipe.PruningHash)
        {
            yield return $"the plan was made for {recipe.Name} as it was before its model, calibration or cuts changed";
        }

        if (Origin.CheckpointHash != checkpointHash)
        {
            yield return "the plan was scored on other weights";
        }
    }
}
