using TorchSharp.Modules;

namespace SlimSpec;

/// <summary>
/// Low-rank adapters (Hu et al. 2021) on a model whose own weights are frozen: attached, trained, saved in PEFT's form
/// and merged into the weights. One model carries one set of adapters at a time.
/// </summary>
public sealed class LoraTuner : IDisposable
{
    private readonly CausalLM _model;
    private readonly IReadOnlyList<LoraTarget> _targets;
    private readonly FlatParameters _storage;

    private LoraTuner(CausalLM model, LoraConfiguration configuration)
    {
        (_model, Configuration) = (model, configuration);
        _targets = Targets(model, configuration.TargetModules);
        model.RequireGradients(false);

        var rank = configuration.R;
        _storage = new(_targets.Sum(target => rank * (target.Weight.Value.size(0) + target.Weight.Value.size(1))), WeightRoles.DtypeBeside(model.Dtype), model.Device);
        foreach (var target in _targets)
        {
            var (rows, columns) = (target.Weight.Value.size(0), target.Weight.Value.size(1));
            target.Adapter = new(_storage.Take(rank, columns), _storage.Take(rows, rank), configuration.Alpha / rank, configuration.Dropout);
        }
    }

    /// <summary>What the adapters were made with.</summary>
    public LoraConfiguration Configuration { get; }

    /// <summary>All adapters' matrices as one: what an optimizer sees.</summary>
    internal Parameter Whole => _storage.Whole;

    /// <summary>Number of trained weights.</summary>
    public long TrainableParameters => _storage.Whole.numel();

    /// <summary>Every adapter matrix under its name in a PEFT checkpoint: A <c>[rank, in]</c>, B <c>[out, rank]</c>, in the model's order of outputs.</summary>
    public IEnumerable<(string Name, torch.Tensor Value)> Tensors => Stored.Select(tensor => (tensor.Name, tensor.Value));

    private IEnumerable<PeftTensor> Stored
    {
        get
        {
            var tensors = _model.Tensors.ToDictionary(tensor => tensor.Name);
            return
                from target in _targets
                where target.Adapter is not null
                let name = $"base_model.model.{target.Weight.Name[..^".weight".Length]}"
                let adapted = tensors[target.Weight.Name]
                from entry in new PeftTensor[] { new($"{name}.lora_A.weight", target.Adapter!.A, null, adapted.IsTransposed), new($"{name}.lora_B.weight", target.Adapter!.B, adapted, adapted.IsTransposed) }
                select entry;
        }
    }

    /// <summary>Attaches what a recovery step asks for.</summary>
    /// <inheritdoc cref="Attach(CausalLM, LoraConfiguration, int)"/>
    public static LoraTuner Attach(CausalLM model, LoraRecovery settings) => Attach(model, LoraConfiguration.Of(settings), settings.Seed);

    /// <summary>
    /// Attaches new adapters and freezes the model's own weights. A is Kaiming-uniform with a = sqrt(5), which is uniform
    /// in +-1 / sqrt(in), B is zero, as in PEFT: the model's output does not change yet.
    /// </summary>
    /// <exception cref="SlimException">The model has no linear of a listed name, or it carries adapters already.</exception>
    /// <param name="model">The model.</param>
    /// <param name="configuration">What the adapters are made of.</param>
    /// <param name="seed">The same seed gives the same adapters.</param>
    public static LoraTuner Attach(CausalLM model, LoraConfiguration configuration, int seed)
    {
        var tuner = new LoraTuner(model, configuration);
        using var noGradients = torch.no_grad();
        var random = new SeededRandom(seed);
        foreach (var target in tuner._targets)
        {
            using var scope = torch.NewDisposeScope();
            var a = target.Adapter!.A;
            var bound = 1 / Math.Sqrt(a.size(1));
            var values = new float[a.numel()];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)(bound * ((2 * random.NextDouble()) - 1));
            }

            a.copy_(torch.tensor(values, [a.size(0), a.size(1)]));
        }

        return tuner;
    }

    /// <summary>Attaches the adapters of a PEFT folder (<c>adapter_config.json</c>, <c>adapter_model.safetensors</c>).</summary>
    /// <exception cref="SlimException">A file is missing or malformed, or the adapters do not fit the model.</exception>
    public static LoraTuner Load(CausalLM model, string folder)
    {
        var tuner = new LoraTuner(model, PeftFolder.ReadConfig(folder));
        try
        {
            PeftFolder.ReadTensors(folder, tuner.Stored);
            return tuner;
        }
        catch
        {
            tuner.Dispose();
            throw;
        }
    }

    /// <summary>Writes the adapters as a PEFT folder.</summary>
    public void Save(string folder) => PeftFolder.Write(folder, Configuration, [.. Stored]);

    /// <summary>Trains the adapters.</summary>
    /// <param name="settings">How; what they are made of was fixed when they were attached.</param>
    /// <param name="sequences">Token ids, each sequence one training example; shorter ones are padded.</param>
    /// <param name="hooks">What to call meanwhile; an evaluation runs without dropout.</param>
    public TrainingSummary Train(OptimizationSettings settings, IReadOnlyList<int[]> sequences, TrainingHooks? hooks = null)
    {
        using var trained = TrainedWeights.Adapters(_model, this);
        return TrainingRun.OnSequences(_model, trained, settings, sequences, "lora", hooks);
    }

    /// <summary>Adds the adapters' updates to the weights and takes the adapters off: the model's output stays, decoding included.</summary>
    public void Merge()
    {
        using var noGradients = torch.no_grad();
        foreach (var target in _targets)
        {
            using var scope = torch.NewDisposeScope();
            if (target.Adapter is { } adapter)
            {
                target.Weight.Value.add_(adapter.Delta());
            }
        }

        Dispose();
    }

    /// <summary>Takes the adapters off; the weights stay as they are.</summary>
    public void Dispose()
    {
        foreach (var target in _targets)
        {
            target.Adapter?.Dispose();
            target.Adapter = null;
        }

        _storage.Dispose();
    }

    /// <summary>Turns dropout on or off.</summary>
    internal void SetTraining(bool on)
    {
        foreach (var adapter in _targets.Select(target => target.Adapter).OfType<LoraAdapter>())
        {
            adapter.Training = on;
        }
    }

    private static List<LoraTarget> Targets(CausalLM model, IReadOnlyList<string> modules)
    {
        var all = model.Layers.SelectMany(layer => layer.LoraTargets).ToList();
        var names = all.Select(target => target.Name).Distinct().ToList();
        foreach (var module in modules.Where(module => !names.Contains(module) && !LacksBranch(model.Shape)))
        {
            throw new SlimException(names.Count == 0
                ? $"lora_target_modules: the model has no place for an adapter on '{module}': its recipe was compiled without a LoRA step"
                : $"lora_target_modules: the model has no linear '{module}' that takes an adapter, only {string.Join(", ", names)}{NearestName.Hint(module, names)}");
        }

        return all.Exists(target => target.Adapter is not null)
            ? throw new SlimException("The model carries adapters already; merge or remove them first.")
            : all.FindAll(target => modules.Contains(target.Name));
    }

    // A cut may have taken a branch out of every layer, and with it linears that the spec names.
    private static bool LacksBranch(ModelShape shape) =>
        shape.BranchDimensions.Any(dimension => Enumerable.Range(0, shape.LayerCount).All(layer => shape[dimension, layer] == 0));
}
