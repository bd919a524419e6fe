using SlimSpec.Specs;

namespace SlimSpec;

/// <summary>What pruning made.</summary>
/// <param name="Plan">What stays, in numbers of the dense model.</param>
/// <param name="Model">The slim model.</param>
public sealed record PruningResult(PruningPlan Plan, CausalLM Model);

/// <summary>
/// Carries out a recipe's cuts in order: before each step the units are scored on the model as it then is, each layer's
/// lowest are chosen, and surgery takes them out. The plan counts units by their numbers in the dense model throughout.
/// </summary>
public sealed class PruningRun
{
    private readonly Recipe _recipe;
    private readonly torch.Tensor? _samples;
    private readonly Action<ProgressUpdate>? _progress;
    private readonly Dictionary<(int Layer, string Unit), Progress> _groups = [];
    private CausalLM _model;

    private PruningRun(Recipe recipe, CausalLM model, torch.Tensor? samples, Action<ProgressUpdate>? progress)
    {
        _recipe = recipe;
        _model = model;
        _samples = samples;
        _progress = progress;
    }

    /// <summary>Scores, selects and cuts.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="dense">Its dense model; consumed.</param>
    /// <param name="samples">Calibration token ids <c>[samples, tokens]</c>, int64; needed by Taylor scores alone.</param>
    /// <param name="checkpointHash">The model's <see cref="CheckpointFingerprint"/>, noted in the plan.</param>
    /// <param name="seed">The run's seed, noted in the plan.</param>
    /// <param name="progress">Called after each step of the scoring.</param>
    /// <exception cref="SlimException">The recipe needs calibration data and there is none, or a score is not a finite number.</exception>
    public static PruningResult Run(
        Recipe recipe,
        CausalLM dense,
        torch.Tensor? samples,
        string checkpointHash,
        int seed,
        Action<ProgressUpdate>? progress = null)
    {
        var run = new PruningRun(recipe, dense, samples, progress);
        foreach (var cut in recipe.Settings.Prune.OfType<WidthCut>())
        {
            run.Carry(cut);
        }

        var plan = new PruningPlan
        {
            Origin = new(recipe.Name, recipe.Hash, checkpointHash, seed),
            Versions = PruningPlan.CurrentVersions,
            Groups = [.. run._groups
                .OrderBy(group => group.Key.Layer).ThenBy(group => group.Key.Unit, StringComparer.Ordinal)
                .Select(group => new PlanGroup(group.Key.Layer, group.Key.Unit, group.Value.Kept, group.Value.Scores))],
        };
        return new(plan, run._model);
    }

    private void Carry(WidthCut cut)
    {
        var pruner = _recipe.Pruner;
        var keys = UnitScores.Places(pruner, cut).ToArray();
        foreach (var key in keys)
        {
            _groups.TryAdd(key, new(pruner.Units(_model.Shape, key.Unit, key.Layer)));
        }

        var before = keys.ToDictionary(key => key, key => _groups[key].Kept.Length);
        for (var step = 1; step <= cut.Steps; step++)
        {
            var scores = UnitScores.Take(pruner, _model, cut, _samples, key => _groups[key].Kept, _progress).Scores;
            var kept = keys.ToDictionary(key => key, key => Select(key, scores[key], before[key], cut, step));
            _model = ModelSurgery.Cut(_recipe, _model, new() { Units = kept });
        }
    }

    // The kept units as the model at hand counts them.
    private int[] Select((int Layer, string Unit) key, float[] scores, int before, WidthCut cut, int step)
    {
        var group = _groups[key];
        var structure = UnitScores.Structure(_recipe.Pruner, key.Unit);
        var groups = UnitScores.Groups(structure, _model.Shape, key.Layer);
        var count = UnitBudget.KeptAfter(scores.Length / groups, before / groups, structure.ChannelsPerUnit, cut.Sparsity!.Value, step, cut.Steps, cut.RoundTo);
        var kept = HighestOfEach(scores, groups, count);
        for (var i = 0; i < scores.Length; i++)
        {
            group.Scores[group.Kept[i]] = scores[i];
        }

        group.Kept = [.. kept.Select(unit => group.Kept[unit])];
        return kept;
    }

    /// <summary>The positions of the highest scores of each of several groups of equal length, ascending.</summary>
    internal static int[] HighestOfEach(float[] scores, int groups, int count)
    {
        var size = scores.Length / groups;
        return [.. Enumerable.Range(0, groups).SelectMany(group => Highest(new ArraySegment<float>(scores, group * size, size), count).Select(unit => (group * size) + unit))];
    }

    /// <summary>The positions of the <paramref name="count"/> highest scores, ascending; of equal scores the first stays.</summary>
    internal static int[] Highest(IReadOnlyList<float> scores, int count) =>
        [.. Enumerable.Range(0, scores.Count).OrderByDescending(unit => scores[unit]).Take(count).Order()];

    // What one structure has left, in numbers of the dense model, and the last score of each of its units.
    private sealed class Progress(int units)
    {
        public int[] Kept { get; set; } = [.. Enumerable.Range(0, units)];

        public float[] Scores { get; } = new float[units];
    }
}
