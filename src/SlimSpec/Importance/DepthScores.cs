namespace SlimSpec;

/// <summary>Scores layers, or one branch of each, for a depth cut. The lowest goes first.</summary>
public static class DepthScores
{
    /// <summary>Whether a cut needs calibration samples.</summary>
    public static bool NeedsData(DepthCut cut) => cut.Score is DepthScore.BlockInfluence or DepthScore.Angular or DepthScore.Perplexity or DepthScore.Taylor;

    /// <summary>
    /// Importance of the cut's unit in each layer. A greedy search asks again after each removal. The scores of
    /// <see cref="DepthScore.Angular"/> are those of runs of layers: see <see cref="Angular"/>.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="cut">What to score, and how.</param>
    /// <param name="samples">Calibration token ids <c>[samples, tokens]</c>, int64, where <see cref="NeedsData"/>.</param>
    /// <param name="gone">Layers that have lost the unit in earlier rounds: the model is scored without.</param>
    /// <param name="progress">Called after each step.</param>
    /// <returns>By layer; NaN where there is none: the unit is gone, or the score costs much and the layer is no candidate.</returns>
    /// <exception cref="SlimException">There are no samples and the score needs them, or a score is not a finite number.</exception>
    public static float[] Take(
        CausalLM model, DepthCut cut, torch.Tensor? samples, IReadOnlySet<int> gone, Action<ProgressUpdate>? progress = null)
    {
        if (samples is null && NeedsData(cut))
        {
            throw new SlimException($"score: {SpecWords.Of(cut.Score!)} needs calibration data, and the recipe has no 'calibration' section");
        }

        var unit = new DepthUnit(model, cut.Unit, gone);
        var candidates = cut.Candidates.Where(layer => !gone.Contains(layer)).ToHashSet();
        if (candidates.Count == 0)
        {
            throw new ArgumentException("No candidate has the unit any more.", nameof(gone));
        }

        var scores = cut.Score switch
        {
            DepthScore.BlockInfluence => StreamAngles.Influence(model, cut, samples!, gone, progress),
            DepthScore.Perplexity => RemovalLoss.Take(model, unit, candidates, samples!, progress),
            DepthScore.Taylor => Taylor(model, unit, cut, candidates, samples!, progress),
            DepthScore.Magnitude => Magnitude(model, cut, candidates),
            DepthScore.Random => [.. RandomScores.Draw(cut.Seed, StructuredPruner.WholeModel, cut.Unit, [.. Enumerable.Range(0, model.Layers.Count)]).Select(score => (double)score)],
            _ => throw new ArgumentException($"score: {cut.Score} gives no score to single layers.", nameof(cut)),
        };
        return candidates.All(layer => double.IsFinite(scores[layer]))
            ? [.. scores.Select(score => (float)score)]
            : throw new SlimException($"score: {SpecWords.Of(cut.Score!)} of a layer is not a finite number: the model's weights are damaged or overflow in {model.Dtype}");
    }

    /// <summary>
    /// How far each run of <paramref name="length"/> layers turns the residual stream, by the run's first layer: <c>arccos(cos(input, output)) / pi</c>
    /// at the last token, mean over samples (Gromov et al. 2024, section 4.1).
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="length">Layers in the run.</param>
    /// <param name="samples">Calibration token ids <c>[samples, tokens]</c>, int64.</param>
    /// <param name="progress">Called after each layer.</param>
    public static float[] Angular(CausalLM model, int length, torch.Tensor samples, Action<ProgressUpdate>? progress = null) =>
        [.. StreamAngles.Distances(model, length, samples, progress).Select(distance => (float)distance)];

    /// <summary>The first layer of the run that goes: of those whose layers are all candidates the one with the least distance, of equal ones the first.</summary>
    /// <param name="distances"><see cref="Angular"/>.</param>
    /// <param name="length">Layers in a run.</param>
    /// <param name="cut">The cut.</param>
    /// <exception cref="SlimException">Each run holds a layer that is protected.</exception>
    public static int BestStart(IReadOnlyList<float> distances, int length, DepthCut cut)
    {
        var candidates = cut.Candidates.ToHashSet();
        var starts = Enumerable.Range(0, distances.Count).Where(start => Enumerable.Range(start, length).All(candidates.Contains)).ToArray();
        return starts.Length > 0
            ? starts.MinBy(start => distances[start])
            : throw new SlimException($"score: angular takes away a run of layers, and each run of {length} holds a protected one; remove fewer layers or protect fewer");
    }


    // Sum of |w * g| over the unit's weights, norms and biases among them (Shortened LLaMA, section 3.2).
    private static double[] Taylor(
        CausalLM model, DepthUnit unit, DepthCut cut, IReadOnlySet<int> candidates, torch.Tensor samples, Action<ProgressUpdate>? progress)
    {
        var scores = NoScores(model);
        var weights = candidates.ToDictionary(layer => layer, layer => WeightsOf(model, cut.Unit, layer));
        var names = weights.Values.SelectMany(layer => layer).Select(weight => weight.Name).ToHashSet(StringComparer.Ordinal);
        var request = new GradientRequest(candidates, names.Contains, GradientStatistics.Mean) { Without = unit.MissingLayers };
        unit.WhileGone(() => LayerwiseBackward.Run(
            model,
            samples,
            request,
            (layer, gradients) => scores[layer] = Total(weights[layer], new TaylorScores(TaylorOrder.First, GroupReduction.Sum, gradients)),
            progress));
        return scores;
    }

    // Sum of |w|, norms and biases included.
    private static double[] Magnitude(CausalLM model, DepthCut cut, IReadOnlySet<int> candidates)
    {
        var scores = NoScores(model);
        foreach (var layer in candidates)
        {
            using var held = model.Use(layer);
            scores[layer] = Total(WeightsOf(model, cut.Unit, layer), new MagnitudeScores(squared: false, GroupReduction.Sum));
        }

        return scores;
    }

    private static double[] NoScores(CausalLM model) => [.. model.Layers.Select(_ => double.NaN)];

    private static double Total(IEnumerable<NamedWeight> weights, LayerScores scores)
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return weights.Sum(weight => (weight.Value.dim() == 1 ? scores.Vector(weight) : scores.Rows(weight)).sum(torch.ScalarType.Float64).item<double>());
    }

    // All weights of a layer, or those that it would not have without the branch.
    private static IReadOnlyList<NamedWeight> WeightsOf(CausalLM model, string unit, int layer)
    {
        var all = model.Layers[layer].Weights;
        if (unit == DepthCut.Block)
        {
            return all;
        }

        using var rest = model.CreateLayer(model.Shape.WithoutBranch(unit, layer), layer);
        var others = rest.Weights.Select(weight => weight.Name).ToHashSet(StringComparer.Ordinal);
        return [.. all.Where(weight => !others.Contains(weight.Name))];
    }
}
