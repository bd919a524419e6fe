using TorchSharp.Modules;

namespace SlimSpec;

/// <summary>The weights that a training changes, the others frozen; gradients flow into them until this is disposed of.</summary>
internal sealed class TrainedWeights : IDisposable
{
    private readonly IReadOnlyList<Parameter> _own;
    private readonly LoraTuner? _adapters;
    private readonly bool _removesAdapters;

    private TrainedWeights(CausalLM model, TrainableParameters own, LoraTuner? adapters = null, bool removesAdapters = false)
    {
        (_own, _adapters, _removesAdapters) = (own.All, adapters, removesAdapters);
        Parameters = adapters is null ? own : new([adapters.Whole, .. own.Decayed], own.Undecayed);
        model.RequireGradients(false);
        foreach (var parameter in _own)
        {
            parameter.requires_grad = true;
        }
    }

    /// <summary>The weights, as the optimizer sees them.</summary>
    public TrainableParameters Parameters { get; }

    /// <summary>What a recovery step trains.</summary>
    /// <param name="model">The model; adapters are attached to it where the step trains some.</param>
    /// <param name="step">The step.</param>
    /// <param name="classifier">The classifier that is trained with the model, if any.</param>
    /// <exception cref="SlimException">Nothing is trained, or the model has no place for an adapter.</exception>
    public static TrainedWeights Of(CausalLM model, RecoveryStep step, ClassificationHead? classifier) => step switch
    {
        LoraRecovery lora => Adapted(model, LoraConfiguration.Of(lora), step.Seed, classifier),
        DistillRecovery { Lora: { } lora } => Adapted(model, lora, step.Seed, classifier),
        PartialRecovery partial => Some(model, partial, classifier),
        _ => All(model, classifier),
    };

    /// <summary>All weights of a model, but for the last linear of a language model whose place a classifier takes.</summary>
    public static TrainedWeights All(CausalLM model, ClassificationHead? classifier = null)
    {
        var unused = classifier is null ? [] : WeightRoles.Head(model).Where(leaf => !model.TiedHead || leaf.Leaf.dim() == 1).ToHashSet();
        return new(model, TrainableParameters.Of(model.Leaves.Where(leaf => !unused.Contains(leaf)), WeightOf(classifier)));
    }

    /// <summary>Adapters that are attached already, and stay.</summary>
    public static TrainedWeights Adapters(CausalLM model, LoraTuner adapters) => new(model, TrainableParameters.Of([]), adapters);

    /// <summary>Turns dropout on or off.</summary>
    public void SetTraining(bool on) => _adapters?.SetTraining(on);

    /// <summary>Ends the training for good: adapters are saved, where they shall be, and merged.</summary>
    /// <param name="adapterFolder">Where they are saved; null: nowhere.</param>
    public void Complete(string? adapterFolder)
    {
        if (adapterFolder is not null)
        {
            _adapters?.Save(adapterFolder);
        }

        _adapters?.Merge();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        SetTraining(false);
        foreach (var parameter in _own)
        {
            parameter.requires_grad = false;
            parameter.grad = null;
        }

        if (_removesAdapters)
        {
            _adapters?.Dispose();
        }
    }

    private static TrainedWeights Adapted(CausalLM model, LoraConfiguration configuration, int seed, ClassificationHead? classifier) =>
        new(model, TrainableParameters.Of([], WeightOf(classifier)), LoraTuner.Attach(model, configuration, seed), removesAdapters: true);

    private static TrainedWeights Some(CausalLM model, PartialRecovery step, ClassificationHead? classifier)
    {
        var count = model.Layers.Count;
        if (step.Layers.FirstOrDefault(layer => layer >= count, -1) is >= 0 and var missing)
        {
            throw new SlimException($"layers: there is no layer {missing}; the model has {count}, counted from 0");
        }

        var layers = step.Layers.Concat(Enumerable.Range(Math.Max(0, count - step.LastLayers), Math.Min(count, step.LastLayers)));
        HashSet<WeightLeaf> chosen =
        [
            .. layers.SelectMany(layer => model.Layers[layer].Leaves),
            .. step.Norms ? WeightRoles.Norms(model) : [],
            .. step.Head && classifier is null ? WeightRoles.Head(model) : [],
        ];
        var parameters = TrainableParameters.Of(model.Leaves.Where(chosen.Contains), WeightOf(step.Head ? classifier : null));
        return parameters.All.Count > 0 ? new(model, parameters) : throw new SlimException("method: partial trains nothing: name layers, last_layers, norms or head");
    }

    private static IEnumerable<Parameter> WeightOf(ClassificationHead? classifier) => classifier is null ? [] : [classifier.Weight];
}
