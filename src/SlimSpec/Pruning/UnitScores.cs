namespace SlimSpec;

/// <summary>Scores every unit that a cut is about, on the model as it is.</summary>
internal static class UnitScores
{
    /// <summary>Scores by layer and unit.</summary>
    /// <param name="pruner">The recipe's pruner.</param>
    /// <param name="model">The model.</param>
    /// <param name="cut">What to score, and how.</param>
    /// <param name="samples">Calibration token ids <c>[samples, tokens]</c>, for Taylor scores.</param>
    /// <param name="numbers">The dense model's numbers of the units that a layer still has.</param>
    /// <param name="progress">Called after each step.</param>
    public static Dictionary<(int Layer, string Unit), float[]> Take(
        StructuredPruner pruner,
        CausalLM model,
        WidthCut cut,
        torch.Tensor? samples,
        Func<(int Layer, string Unit), IReadOnlyList<int>> numbers,
        Action<ProgressUpdate>? progress)
    {
        var scores = new Dictionary<(int Layer, string Unit), float[]>();
        var places = Places(pruner, cut).ToLookup(place => place.Layer, place => place.Unit);
        if (cut.Score == WidthScore.Taylor)
        {
            if (cut.Targets.FirstOrDefault(unit => Structure(pruner, unit).IsWholeModel) is { } whole)
            {
                throw new SlimException($"score: taylor scores units of layers, and '{whole}' is one of the whole model; choose l1, l2 or random");
            }

            var request = new GradientRequest(cut.Layers.ToHashSet(), Members(pruner, cut), TaylorScores.Needs(cut.Order));
            LayerwiseBackward.Run(
                model,
                samples ?? throw new SlimException("score: taylor needs calibration data, and the recipe has no 'calibration' section"),
                request,
                (layer, gradients) => TakeLayer(layer, _ => new TaylorScores(cut.Order, cut.Reduce, gradients)),
                progress);
            return scores;
        }

        var done = 0;
        foreach (var layer in places.Select(place => place.Key))
        {
            using var held = layer == StructuredPruner.WholeModel ? default : model.Use(layer);
            TakeLayer(layer, unit => cut.Score == WidthScore.Random
                ? new RandomScores(cut.Seed, layer, unit, numbers((layer, unit)))
                : new MagnitudeScores(cut.Score == WidthScore.L2, cut.Reduce));
            progress?.Invoke(new("scoring", ++done, places.Count));
        }

        return scores;

        void TakeLayer(int layer, Func<string, LayerScores> method)
        {
            using var noGradients = torch.no_grad();
            using var scope = torch.NewDisposeScope();
            foreach (var unit in places[layer])
            {
                var score = layer == StructuredPruner.WholeModel ? pruner.Score(model, unit, method(unit)) : pruner.Score(model.Layers[layer], unit, method(unit));
                var values = score.to(torch.ScalarType.Float32).cpu().data<float>().ToArray();
                scores[(layer, unit)] = Array.TrueForAll(values, float.IsFinite)
                    ? values
                    : throw new SlimException($"{(layer == StructuredPruner.WholeModel ? "The model" : $"Layer {layer}")}: a score of unit {unit} is not a finite number; the gradients overflow in {model.Dtype}.");
            }
        }
    }

    /// <summary>What a cut is about: each of its units in each of its layers, or once in the whole model.</summary>
    public static IEnumerable<(int Layer, string Unit)> Places(StructuredPruner pruner, WidthCut cut)
    {
        var (whole, layered) = (cut.Targets.Where(unit => Structure(pruner, unit).IsWholeModel), cut.Targets.Where(unit => !Structure(pruner, unit).IsWholeModel));
        return [.. whole.Select(unit => (StructuredPruner.WholeModel, unit)), .. cut.Layers.SelectMany(layer => layered.Select(unit => (layer, unit)))];
    }

    /// <summary>The structure that a unit counts.</summary>
    public static CoupledStructure Structure(StructuredPruner pruner, string unit) => pruner.Structures.Single(structure => structure.Unit == unit);

    /// <summary>In how many groups the units of a structure stand in one layer, each of which keeps equally many: KV heads for query heads, otherwise one.</summary>
    public static int Groups(CoupledStructure structure, ModelShape shape, int layer) =>
        structure.Within is not { } within ? 1
        : shape.LayerDimensions.Contains(within) ? shape[within, layer]
        : shape.SharedDimensions[within];

    private static Func<string, bool> Members(StructuredPruner pruner, WidthCut cut)
    {
        var members = pruner.Structures.Where(structure => cut.Targets.Contains(structure.Unit)).SelectMany(structure => structure.Members).ToArray();
        return name => members.Any(member => IsMember(name, member));
    }

    private static bool IsMember(string weight, CoupledMember member) => weight.EndsWith($".{member.Weight}", StringComparison.Ordinal);
}
