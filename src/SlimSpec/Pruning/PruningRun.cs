namespace SlimSpec;

/// <summary>What pruning made.</summary>
/// <param name="Plan">What stays, in numbers of the dense model.</param>
/// <param name="Model">The slim model.</param>
public sealed record PruningResult(PruningPlan Plan, CausalLM Model);

/// <summary>What a pruning is done with besides recipe and model.</summary>
public sealed record PruningInputs
{
    /// <summary>
    /// Calibration token ids <c>[samples, tokens]</c>, int64, for the n-th scoring of a cut, from 0: the steps of a width cut see fresh ones. Not
    /// the run's to free. Null where there is no calibration data.
    /// </summary>
    public Func<int, torch.Tensor>? Samples { get; init; }

    /// <summary>The model's <see cref="CheckpointFingerprint"/>, noted in the plan.</summary>
    public required string CheckpointHash { get; init; }

    /// <summary>The run's seed, noted in the plan.</summary>
    public required int Seed { get; init; }

    /// <summary>Scores of earlier runs; null: none.</summary>
    public ScoreCache? Cache { get; init; }

    /// <summary>Called after each step of the scoring.</summary>
    public Action<ProgressUpdate>? Progress { get; init; }
}

/// <summary>
/// Carries out a recipe's cuts in order: before each step units or layers are scored on the model as it then is, the lowest are chosen, and
/// surgery takes them out. The plan counts layers and units by their numbers in the dense model throughout.
/// </summary>
public sealed class PruningRun
{
    private readonly Recipe _recipe;
    private readonly PruningInputs _inputs;
    private readonly ScoreOrigin _origin;
    private readonly PlanBuilder _plan;
    private CausalLM _model;

    private PruningRun(Recipe recipe, CausalLM model, PruningInputs inputs)
    {
        (_recipe, _model, _inputs) = (recipe, model, inputs);
        _origin = new(recipe, inputs.CheckpointHash);
        _plan = new(recipe.Pruner, model.Shape);
    }

    private StructuredPruner Pruner => _recipe.Pruner;

    /// <summary>Scores, selects and cuts, with the same calibration samples in all steps.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="dense">Its dense model; consumed.</param>
    /// <param name="samples">Calibration token ids <c>[samples, tokens]</c>, int64; null where no score needs them.</param>
    /// <param name="checkpointHash">The model's <see cref="CheckpointFingerprint"/>, noted in the plan.</param>
    /// <param name="seed">The run's seed, noted in the plan.</param>
    /// <param name="progress">Called after each step of the scoring.</param>
    /// <inheritdoc cref="Run(Recipe, CausalLM, PruningInputs)"/>
    public static PruningResult Run(
        Recipe recipe, CausalLM dense, torch.Tensor? samples, string checkpointHash, int seed, Action<ProgressUpdate>? progress = null) =>
        Run(recipe, dense, new() { Samples = samples is null ? null : _ => samples, CheckpointHash = checkpointHash, Seed = seed, Progress = progress });

    /// <summary>Scores, selects and cuts.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="dense">Its dense model; consumed.</param>
    /// <param name="inputs">Calibration data and the rest.</param>
    /// <exception cref="SlimException">
    /// The recipe needs calibration data and there is none, a score is not a finite number, or the constraints cannot be met.
    /// </exception>
    public static PruningResult Run(Recipe recipe, CausalLM dense, PruningInputs inputs)
    {
        var run = new PruningRun(recipe, dense, inputs);
        var cuts = recipe.Settings.Prune;
        for (var i = 0; i < cuts.Count; i++)
        {
            switch (cuts[i])
            {
                case WidthCut cut:
                    run.Carry(cut, i);
                    break;
                case DepthCut { Kept: { } kept } cut:
                    run.Carry(cut, kept);
                    break;
            }
        }

        new ConstraintSolver(recipe).Check(run._model.Shape);
        return new(run._plan.Finish(new(recipe.Name, recipe.PruningHash, inputs.CheckpointHash, inputs.Seed)), run._model);
    }

    private void Carry(WidthCut cut, int index)
    {
        var (local, global) = cut.Scope == RankingScope.Layer
            ? (new LocalCut(Pruner, cut, _model.Shape), (GlobalCut?)null)
            : (null, new GlobalCut(Pruner, cut, _model.Shape, new ConstraintSolver(_recipe).IsMetAfter(index)));
        for (var step = 1; step <= cut.Steps; step++)
        {
            var scores = Score(cut, step);
            var kept = local?.Select(_model.Shape, scores.Scores, step) ?? global!.Select(_model.Shape, scores.Scores, step);
            var changed = kept.Where(place => place.Value.Length < scores.Scores[place.Key].Length).ToDictionary();
            Cut(new() { Units = changed, Means = scores.Means.Where(place => changed.ContainsKey(place.Key)).ToDictionary() });
        }
    }

    private ScoredUnits Score(WidthCut cut, int step)
    {
        var places = CutPlaces.Of(Pruner, _model.Shape, cut);
        var samples = UnitScores.NeedsData(cut) ? _inputs.Samples?.Invoke(step - 1) : null;
        var scores = Cached(
            () => _origin.Of(cut, _model, _plan.Remains(), samples, places),
            () => UnitScores.Take(Pruner, _model, cut, places, samples, _plan.Numbers, _inputs.Progress));
        _plan.Note(scores);
        return scores;
    }

    private void Carry(DepthCut cut, IReadOnlyList<int> kept)
    {
        _plan.NoteListed(cut.Unit);
        Remove(cut.Unit, [.. Holders(cut.Unit).Except(kept)]);
    }

    private ScoredUnits Cached(Func<string> from, Func<ScoredUnits> take) => _inputs.Cache is { } cache ? cache.Get(from(), take) : take();

    // The layers of the model at hand that have the unit.
    private IEnumerable<int> Holders(string unit) =>
        Enumerable.Range(0, _model.Shape.LayerCount).Where(layer => unit == DepthCut.Block || Pruner.Units(_model.Shape, unit, layer) > 0);

    private void Remove(string unit, int[] layers) => Cut(unit == DepthCut.Block
        ? new() { Layers = [.. Enumerable.Range(0, _model.Shape.LayerCount).Except(layers)] }
        : new() { Units = layers.ToDictionary(layer => (layer, unit), _ => Array.Empty<int>()) });

    private void Cut(Selection selection)
    {
        _plan.Cut(selection);
        _model = ModelSurgery.Cut(_recipe, _model, selection);
    }
}
