namespace SlimSpec;

/// <summary>How far layers turn the residual stream: cosines between what goes in and what comes out, in float64.</summary>
internal static class StreamAngles
{
    /// <summary>
    /// <c>1 - cos(before, behind)</c>, mean over all tokens, of each layer (ShortGPT: Men et al. 2024, section 3.2) or of one of its
    /// branches (<see cref="DepthUnit.Around"/>). NaN for layers that lost it.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="cut">What is scored.</param>
    /// <param name="samples">Token ids <c>[samples, tokens]</c>, int64.</param>
    /// <param name="gone">Layers that have lost the unit.</param>
    /// <param name="progress">Called after each layer.</param>
    public static double[] Influence(CausalLM model, DepthCut cut, torch.Tensor samples, IReadOnlySet<int> gone, Action<ProgressUpdate>? progress)
    {
        var unit = new DepthUnit(model, cut.Unit, gone);
        var influence = new double[model.Layers.Count];
        using var sweep = new LayerSweep(model, samples);
        for (var layer = 0; layer < influence.Length; layer++)
        {
            influence[layer] = double.NaN;
            if (unit.MissingLayers.Contains(layer))
            {
                continue;
            }

            using var held = model.Use(layer);
            var sum = 0.0;
            sweep.Advance((ids, before) =>
            {
                using var scope = torch.NewDisposeScope();
                var after = unit.Run(layer, ids, before);
                if (!gone.Contains(layer))
                {
                    var (from, to) = unit.Around(layer, ids, before, after);
                    sum += Cosines(from, to).sum().item<double>();
                }

                return after.MoveToOuterDisposeScope();
            });
            influence[layer] = gone.Contains(layer) ? double.NaN : 1 - (sum / samples.numel());
            progress?.Invoke(new("scoring", layer + 1, influence.Length));
        }

        return influence;
    }

    /// <summary>
    /// <c>arccos(cos(h_l, h_(l+n))) / pi</c> at the last token, mean over samples, of each run of <paramref name="length"/> layers by its first
    /// (Gromov et al. 2024, section 4.1); <c>h_l</c> is what layer l reads, and behind the last one what the final norm reads.
    /// </summary>
    public static double[] Distances(CausalLM model, int length, torch.Tensor samples, Action<ProgressUpdate>? progress)
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        using var sweep = new LayerSweep(model, samples);
        var states = new List<torch.Tensor> { LastTokens(sweep) };
        for (var layer = 0; layer < model.Layers.Count; layer++)
        {
            using var held = model.Use(layer);
            sweep.Advance((ids, hidden) => LayerSteps.Run(model, layer, ids, hidden));
            states.Add(LastTokens(sweep));
            progress?.Invoke(new("scoring", layer + 1, model.Layers.Count));
        }

        return [.. Enumerable.Range(0, model.Layers.Count - length + 1).Select(start =>
            Cosines(states[start], states[start + length]).cpu().data<double>().Average(cosine => Math.Acos(Math.Clamp(cosine, -1, 1)) / Math.PI))];
    }

    // [samples, hidden]
    private static torch.Tensor LastTokens(LayerSweep sweep)
    {
        using var scope = torch.NewDisposeScope();
        return torch.cat([.. sweep.Hidden.Select(states => states.select(1, -1))], 0).MoveToOuterDisposeScope();
    }

    // Over the last axis; of two zero vectors 1, which do not differ.
    private static torch.Tensor Cosines(torch.Tensor left, torch.Tensor right)
    {
        var (a, b) = (left.to(torch.ScalarType.Float64), right.to(torch.ScalarType.Float64));
        return (a * b).sum([-1]) / (a.square().sum([-1]).sqrt() * b.square().sum([-1]).sqrt());
    }
}
