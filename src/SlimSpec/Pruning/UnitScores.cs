namespace SlimSpec;

/// <summary>What scoring gives, by layer and unit, counted as the scored model counts them.</summary>
/// <param name="Scores">One score a unit; the higher the more important.</param>
/// <param name="Means">Means of the channels behind each unit, as <see cref="Selection.Means"/> takes them; empty unless the cut compensates.</param>
internal sealed record ScoredUnits(
    IReadOnlyDictionary<(int Layer, string Unit), float[]> Scores,
    IReadOnlyDictionary<(int Layer, string Unit), float[]> Means);

/// <summary>Scores every unit that a cut is about, on the model as it is, with one layer's weights in use at a time.</summary>
internal sealed partial class UnitScores
{
    private readonly StructuredPruner _pruner;
    private readonly CausalLM _model;
    private readonly WidthCut _cut;
    private readonly torch.Tensor? _samples;
    private readonly Action<ProgressUpdate>? _progress;
    private readonly ScoringJournal? _journal;
    private readonly ILookup<int, string> _units;
    private readonly Dictionary<string, CollectedScores> _whole;
    private readonly Dictionary<(int Layer, string Unit), float[]> _scores = [];
    private readonly Dictionary<(int Layer, string Unit), float[]> _means = [];

    private UnitScores(
        StructuredPruner pruner,
        CausalLM model,
        WidthCut cut,
        IReadOnlyList<(int Layer, string Unit)> places,
        torch.Tensor? samples,
        Action<ProgressUpdate>? progress,
        ScoringJournal? journal)
    {
        (_pruner, _model, _cut, _samples, _progress, _journal) = (pruner, model, cut, samples, progress, journal);
        _units = places.ToLookup(place => place.Layer, place => place.Unit);
        _whole = _units[StructuredPruner.WholeModel].ToDictionary(unit => unit, unit => new CollectedScores(pruner, model, unit));
    }

    private bool Compensates => _cut.Compensate == Compensation.Bias;

    private bool IsWhole => _whole.Count > 0;

    // The layers that anything is asked of.
    private int[] Layers => IsWhole ? [.. Enumerable.Range(0, _model.Layers.Count)] : [.. _units.Select(units => units.Key).Order()];

    /// <summary>Scores by layer and unit.</summary>
    /// <param name="pruner">The recipe's pruner.</param>
    /// <param name="model">The model.</param>
    /// <param name="cut">How to score.</param>
    /// <param name="places">What to score.</param>
    /// <param name="samples">Calibration token ids <c>[samples, tokens]</c>, where <see cref="NeedsData"/>.</param>
    /// <param name="numbers">The dense model's numbers of the units that a layer still has.</param>
    /// <param name="progress">Called after each step.</param>
    /// <param name="journal">Where to note how far the samples have got, and to go on from; null: nowhere.</param>
    /// <exception cref="SlimException">There are no samples and the cut needs them, or a score is not a finite number.</exception>
    public static ScoredUnits Take(
        StructuredPruner pruner,
        CausalLM model,
        WidthCut cut,
        IReadOnlyList<(int Layer, string Unit)> places,
        torch.Tensor? samples,
        Func<(int Layer, string Unit), IReadOnlyList<int>> numbers,
        Action<ProgressUpdate>? progress,
        ScoringJournal? journal = null)
    {
        if (samples is null && NeedsData(cut))
        {
            var key = IsOfData(cut.Score) ? $"score: {SpecWords.Of(cut.Score)}" : "compensate: bias";
            throw new SlimException($"{key} needs calibration data, and the recipe has no 'calibration' section");
        }

        var scores = new UnitScores(pruner, model, cut, places, samples, progress, journal);
        scores.Recall();
        switch (cut.Score)
        {
            case WidthScore.Taylor:
                scores.Backward();
                break;
            case WidthScore.Random:
                scores.Draw(numbers);
                break;
            case WidthScore.Wanda or WidthScore.Flap or WidthScore.Activation:
                scores.Observe();
                break;
            default:
                scores.Weigh(new MagnitudeScores(cut.Score == WidthScore.L2, cut.Reduce));
                break;
        }

        scores.TakeWhole();
        if (scores.Compensates && !IsOfActivations(cut.Score))
        {
            scores.Observe();
        }

        return new(scores._scores, scores._means);
    }

    /// <summary>Whether a cut needs calibration samples.</summary>
    public static bool NeedsData(WidthCut cut) => IsOfData(cut.Score) || cut.Compensate == Compensation.Bias;

    /// <summary>Whether scores come as z-scores within their layer already, channel by channel, and are not to be normalised as units once more.</summary>
    public static bool AreStandardized(WidthCut cut) => cut is { Score: WidthScore.Flap, Scope: RankingScope.Global, Normalize: ScoreNormalization.Standard };

    /// <summary>The structure that a unit counts.</summary>
    public static CoupledStructure Structure(StructuredPruner pruner, string unit) => pruner.Structures.Single(structure => structure.Unit == unit);

    /// <summary>In how many groups the units of a structure stand in one layer, each of which keeps equally many: KV heads for query heads, otherwise one.</summary>
    public static int Groups(CoupledStructure structure, ModelShape shape, int layer) =>
        structure.Within is not { } within ? 1
        : shape.LayerDimensions.Contains(within) ? shape[within, layer]
        : shape.SharedDimensions[within];

    private static bool IsOfData(WidthScore score) => score == WidthScore.Taylor || IsOfActivations(score);

    private static bool IsOfActivations(WidthScore score) => score is WidthScore.Wanda or WidthScore.Flap or WidthScore.Activation;

    // What is asked of a layer's weights, whole-model structures aside.
    private IEnumerable<ScoreQuestion> Questions(int layer) => _units[layer].SelectMany(unit => ScoreQuestions.Of(_pruner, _model.Layers[layer], unit));

    private void Backward()
    {
        var layers = _units.Select(units => units.Key).Where(layer => layer != StructuredPruner.WholeModel);
        var weights = layers.SelectMany(Questions).Concat(_whole.Values.SelectMany(unit => unit.Questions)).Select(question => question.Weight.Name).ToHashSet(StringComparer.Ordinal);
        var asked = IsWhole ? Layers.Append(StructuredPruner.WholeModel) : Layers;
        LayerwiseBackward.Run(
            _model,
            _samples!,
            new GradientRequest(asked.ToHashSet(), weights.Contains, TaylorScores.Needs(_cut.Order)),
            (layer, gradients) =>
            {
                TakeLayer(layer, (_, _) => new TaylorScores(_cut.Order, _cut.Reduce, gradients));
                Keep(layer);
            },
            _progress,
            _journal);
    }

    private void Weigh(MagnitudeScores magnitudes)
    {
        var layers = Layers;
        for (var i = 0; i < layers.Length; i++)
        {
            using var held = _model.Use(layers[i]);
            TakeLayer(layers[i], (_, _) => magnitudes);
            _progress?.Invoke(new("scoring", i + 1, layers.Length));
        }

        if (IsWhole)
        {
            using var embedding = _model.UseEmbedding();
            using var head = _model.UseHead();
            TakeLayer(StructuredPruner.WholeModel, (_, _) => magnitudes);
        }
    }

    private void Draw(Func<(int Layer, string Unit), IReadOnlyList<int>> numbers)
    {
        foreach (var layer in Layers.Append(StructuredPruner.WholeModel))
        {
            TakeLayer(layer, (place, unit) => new RandomScores(_cut.Seed, place, unit, numbers((place, unit))));
        }
    }

    // One forward sweep: scores where they come from activations, and means where the cut compensates.
    private void Observe()
    {
        using var sweep = new LayerSweep(_model, _samples!, _journal);
        var layers = Layers;
        for (var layer = sweep.First; layer <= layers[^1]; layer++)
        {
            using var held = _model.Use(layer);
            using var statistics = new ActivationStatistics(Readers(layer), _model.Device);
            sweep.Advance((ids, hidden) => LayerSteps.InPass(_model, ids, pass =>
                layers.Contains(layer) ? _model.Observe(_model.Layers[layer], hidden, pass, statistics) : _model.RunLayer(layer, hidden, pass)));
            TakeObserved(layer, statistics);
            Keep(layer);
            if (layer < layers[^1])
            {
                sweep.Keep(layer + 1);
            }

            _progress?.Invoke(new("scoring", layer + 1, layers[^1] + 1));
        }

        using var nothing = new ActivationStatistics(new HashSet<string>(), _model.Device); // embedding and head are not observed
        TakeObserved(StructuredPruner.WholeModel, nothing);
    }

    private void TakeObserved(int layer, ActivationStatistics statistics)
    {
        if (IsOfActivations(_cut.Score))
        {
            TakeLayer(layer, (_, unit) => Method(unit, statistics));
        }

        foreach (var unit in Compensates && layer != StructuredPruner.WholeModel ? _units[layer] : [])
        {
            var inputs = ScoreQuestions.Of(_pruner, _model.Layers[layer], unit).Select(question => statistics.Find(question.Weight)).OfType<InputStatistics>().Distinct();
            using var scope = torch.NewDisposeScope();
            _means[(layer, unit)] = inputs.Single().Mean.to(torch.ScalarType.Float32).cpu().data<float>().ToArray();
        }
    }

    private InputScores Method(string unit, ActivationStatistics statistics)
    {
        var structure = Structure(_pruner, unit);
        return _cut.Score switch
        {
            WidthScore.Wanda => new WandaScores(statistics),
            WidthScore.Flap => new FlapScores(statistics, structure.ChannelsPerUnit > 1, AreStandardized(_cut) && !structure.IsWholeModel),
            _ => new ActivationScores(statistics, structure.IsWholeModel),
        };
    }

    // Names of the weights of a layer that read a channel of some unit.
    private HashSet<string> Readers(int layer) =>
    [
        .. Questions(layer).Concat(_whole.Values.SelectMany(unit => unit.Questions))
            .Where(question => question.Side == WeightSide.Columns)
            .Select(question => question.Weight.Name),
    ];

    // Scores the units of a layer, and collects what units of the whole model need of it.
    private void TakeLayer(int layer, Func<int, string, LayerScores> method)
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        foreach (var unit in layer == StructuredPruner.WholeModel ? [] : _units[layer])
        {
            Add(layer, unit, _pruner.Score(_model.Layers[layer], unit, method(layer, unit)));
        }

        foreach (var (unit, collected) in _whole)
        {
            collected.Collect(layer, method(StructuredPruner.WholeModel, unit));
        }
    }

    private void TakeWhole()
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        foreach (var (unit, collected) in _whole)
        {
            using (collected)
            {
                Add(StructuredPruner.WholeModel, unit, _pruner.Score(_model, unit, collected));
            }
        }
    }

    private void Add(int layer, string unit, torch.Tensor score)
    {
        var values = score.to(torch.ScalarType.Float32).cpu().data<float>().ToArray();
        _scores[(layer, unit)] = Array.TrueForAll(values, float.IsFinite)
            ? values
            : throw new SlimException($"{(layer == StructuredPruner.WholeModel ? "The model" : $"Layer {layer}")}: a score of unit {unit} is not a finite number; activations or gradients overflow in {_model.Dtype}.");
    }
}
