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
        if (cut.Score == WidthScore.Taylor)
        {
            var request = new GradientRequest(cut.Layers.ToHashSet(), Members(pruner, cut), TaylorScores.Needs(cut.Order));
            LayerwiseBackward.Run(
                model,
                samples ?? throw new SlimException("score: taylor needs calibration data, and the recipe has no 'calibration' section"),
                request,
                (layer, gradients) => TakeLayer(layer, _ => new TaylorScores(cut.Order, cut.Reduce, gradients)),
                progress);
            return scores;
        }

        for (var i = 0; i < cut.Layers.Count; i++)
        {
            var layer = cut.Layers[i];
            TakeLayer(layer, unit => cut.Score == WidthScore.Random
                ? new RandomScores(cut.Seed, layer, unit, numbers((layer, unit)))
                : new MagnitudeScores(cut.Score == WidthScore.L2, cut.Reduce));
            progress?.Invoke(new("scoring", i + 1, cut.Layers.Count));
        }

        return scores;

        void TakeLayer(int layer, Func<string, LayerScores> method)
        {
            using var noGradients = torch.no_grad();
            using var scope = torch.NewDisposeScope();
            foreach (var unit in cut.Targets)
            {
                var values = pruner.Score(model.Layers[layer], unit, method(unit)).to(torch.ScalarType.Float32).cpu().data<float>().ToArray();
                scores[(layer, unit)] = Array.TrueForAll(values, float.IsFinite)
                    ? values
                    : throw new SlimException($"Layer {layer}: a score of unit {unit} is not a finite number; the gradients overflow in {model.Dtype}.");
            }
        }
    }

    /// <summary>
    /// Channels of a unit as LLM-Pruner counts them: those of the member that has fewest, <c>head_dim</c> for heads and KV
    /// groups, 1 for MLP channels.
    /// </summary>
    public static int ChannelsPerUnit(StructuredPruner pruner, CausalLM model, int layer, string unit)
    {
        var structure = pruner.Structures.Single(each => each.Unit == unit);
        var weights = model.Layers[layer].Weights;
        var channels = structure.Members.Min(member => weights.First(weight => IsMember(weight.Name, member)).Value.size(member.Axis));
        return (int)channels / pruner.Units(model.Shape, unit, layer);
    }

    private static Func<string, bool> Members(StructuredPruner pruner, WidthCut cut)
    {
        var members = pruner.Structures.Where(structure => cut.Targets.Contains(structure.Unit)).SelectMany(structure => structure.Members).ToArray();
        return name => members.Any(member => IsMember(name, member));
    }

    private static bool IsMember(string weight, CoupledMember member) => weight.EndsWith($".{member.Weight}", StringComparison.Ordinal);
}
