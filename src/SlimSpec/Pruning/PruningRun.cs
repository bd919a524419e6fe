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

    /// <summary>Where the scoring of a streamed model notes how far it has got, so that a run that was killed goes on there; null: nowhere.</summary>
    public ScoringJournal? Journal { get; init; }

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
                case DepthCut cut:
                    run.Carry(cut, i);
                    break;
            }
        }

        inputs.Journal?.End();
        new ConstraintSolver(recipe).Check(run._model.Shape);
        return new(run._plan.Finish(new(recipe.Name, recipe.PruningHash, inputs.CheckpointHash, inputs.Seed)), run._model);
    }

    private void Carry(WidthCut cut, int index)
    {
        CheckLayers(index, cut.Layers);
        if (CutPlaces.Of(Pruner, _model.Shape, cut).Count == 0)
        {
            return; // the layers it is about have lost their branches
        }

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
            journal => UnitScores.Take(Pruner, _model, cut, places, samples, _plan.Numbers, _inputs.Progress, journal()));
        _plan.Note(scores);
        return scores;
    }

    private void Carry(DepthCut cut, int index)
    {
        var holders = Enumerable.Range(0, _model.Shape.LayerCount).Where(layer => Has(layer, cut.Unit)).ToArray();
        CheckLayers(index, cut.Candidates.Concat(cut.Kept ?? []));
        _plan.NoteCut(cut.Unit);
        if (cut.Kept is { } listed)
        {
            Remove(cut.Unit, [.. holders.Except(listed)]);
            return;
        }

        var among = cut with { Candidates = [.. cut.Candidates.Intersect(holders)] };
        var samples = DepthScores.NeedsData(cut) ? _inputs.Samples?.Invoke(0) : null;
        var search = new LayerSearch(_model, among, samples, (about, take) => Score(among, samples, about, take), _inputs.Progress);
        Remove(cut.Unit, search.Find(Math.Max(0, holders.Length - cut.Keep)));
    }

    private float[] Score(DepthCut cut, torch.Tensor? samples, string about, Func<float[]> take)
    {
        var place = (StructuredPruner.WholeModel, cut.Unit);
        var scores = Cached(
            () => _origin.Of(cut, _model, _plan.Remains(), samples, about),
            _ => new(new Dictionary<(int, string), float[]> { [place] = take() }, new Dictionary<(int, string), float[]>())).Scores[place];
        _plan.Note(cut.Unit, scores);
        return scores;
    }

    // A recipe is of the dense model; a checkpoint that was cut before may have fewer layers.
    private void CheckLayers(int index, IEnumerable<int> layers)
    {
        var count = _model.Shape.LayerCount;
        if (layers.FirstOrDefault(layer => layer >= count, -1) is var missing and >= 0)
        {
            throw new SlimException($"{_recipe.SpecFile}: prune[{index}] is about layer {missing}, but the model has {count} layers by then; is the checkpoint one that was cut before?");
        }
    }

    private ScoredUnits Cached(Func<string> from, Func<Func<ScoringJournal?>, ScoredUnits> take)
    {
        return _inputs.Cache is { } cache ? cache.Get(from(), () => take(Journal)) : take(Journal);

        ScoringJournal? Journal()
        {
            var journal = _model.Stream is null ? null : _inputs.Journal;
            journal?.Begin(from());
            return journal;
        }
    }

    private bool Has(int layer, string unit) => unit == DepthCut.Block || Pruner.Units(_model.Shape, unit, layer) > 0;

    private void Remove(string unit, int[] layers) => Cut(unit == DepthCut.Block
        ? new() { Layers = [.. Enumerable.Range(0, _model.Shape.LayerCount).Except(layers)] }
        : new() { Units = layers.ToDictionary(layer => (layer, unit), _ => Array.Empty<int>()) });

    private void Cut(Selection selection)
    {
        _plan.Cut(selection);
        _model = ModelSurgery.Cut(_recipe, _model, selection);
    }
}
