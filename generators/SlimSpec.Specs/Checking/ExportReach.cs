using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Which forms a recipe's slim model can be written in, as far as the build knows its sizes: by the spec, or by the plan committed with it.</summary>
internal sealed class ExportReach
{
    private const int BlockSize = 32; // numbers that share a scale in q8_0

    private readonly RecipeModel _recipe;
    private readonly ArchitectureModel _architecture;
    private readonly ExportSizes? _sizes;
    private readonly string _heads;

    /// <summary>Takes a checked recipe.</summary>
    public ExportReach(RecipeModel recipe)
    {
        (_recipe, _architecture) = (recipe, recipe.Architecture);
        var attention = _architecture.Layer.First(node => node.Op == "attention");
        _heads = GraphAxes.OfLayer(_architecture)[attention.Input("q")][0];
        _sizes = Sizes(recipe);
    }

    /// <summary>All forms, in the order of the language.</summary>
    public IEnumerable<ExportVerdict> All => ExportKeys.Formats.Select(format => Of(format, null));

    /// <summary>One form.</summary>
    /// <param name="format">Its word.</param>
    /// <param name="dtype">The number format asked for, or null.</param>
    public ExportVerdict Of(string format, string? dtype) => format switch
    {
        ExportKeys.Gguf => Gguf(dtype),
        ExportKeys.NemotronNas => Nemotron(),
        ExportKeys.Peft => Peft(),
        _ => HuggingFace(),
    };

    private ExportVerdict Gguf(string? dtype)
    {
        if (_architecture.Gguf is not { } gguf)
        {
            return Refused(ExportKeys.Gguf, $"the architecture {_architecture.Name} has no section 'gguf', which says what llama.cpp calls its tensors", null);
        }

        if (GgufRefusal.Of(_recipe) is { } refusal)
        {
            return Refused(ExportKeys.Gguf, refusal, null);
        }

        var cutsBranches = _recipe.Prune.OfType<DepthCutModel>().Any(cut => cut.Unit != DepthCutModel.Block);
        if (_sizes is null)
        {
            return gguf.Uneven is not null && !cutsBranches
                ? new(ExportKeys.Gguf, ExportState.Reached, $"llama.cpp loads it as '{gguf.Uniform.Architecture}', or as '{gguf.Uneven.Architecture}' where layers come out different", null)
                : cutsBranches ? new(ExportKeys.Gguf, ExportState.Unknown, "which layers lose a branch only scores will tell, and llama.cpp does not take all", "commit the plan that slim plan makes, or name the layers")
                : Unknown(ExportKeys.Gguf, $"layers may come out different, and llama.cpp's graph '{gguf.Uniform.Architecture}' has one size for all");
        }

        var written = gguf.Metadata.Select(entry => entry.Text).Where(IsDimension).Select(NameOf).ToList();
        var reach = new GgufReach(gguf.Uniform.Architecture, gguf.Uneven?.Architecture, [.. (gguf.Uneven?.MayBeZero ?? default).Select(NameOf)], written, [.. gguf.Derived.Select(Default)]);
        if (reach.Find(_sizes, out var isUneven) is { } problem)
        {
            return Refused(ExportKeys.Gguf, problem.Reason, problem.Remedy);
        }

        var graph = isUneven ? gguf.Uneven!.Architecture : gguf.Uniform.Architecture;
        return dtype == ExportKeys.Q8 && Narrow() is { } dimension
            ? new(ExportKeys.Gguf, ExportState.Partly, $"{dimension} is no multiple of {BlockSize} in some layer, so that matrices which read it are f16 and not q8_0", $"cut with round_to: {BlockSize}")
            : new(ExportKeys.Gguf, ExportState.Reached, $"llama.cpp loads it as '{graph}'", null);
    }

    private ExportVerdict HuggingFace()
    {
        var name = _architecture.HuggingFace.Class;
        var reach = new HuggingFaceReach(_heads, [.. _architecture.Forms!.Derived.Select(Default)], [.. Unsaid]);
        if (reach.Find(_sizes ?? new(0, (_, _) => 0)) is { } problem)
        {
            return Refused(ExportKeys.HuggingFace, problem.Reason, problem.Remedy);
        }

        return _sizes is null ? Unknown(ExportKeys.HuggingFace, $"layers may come out different, and transformers' {name} has one size for all")
            : Varying().ToList() is { Count: > 0 } varying ? new(ExportKeys.HuggingFace, ExportState.Partly, $"layers differ in {string.Join(", ", varying)}: config.json says so under per_layer_config, which transformers' {name} does not build yet", "cut every layer alike, or export gguf")
            : new(ExportKeys.HuggingFace, ExportState.Reached, $"transformers loads it as {name}", null);
    }

    private ExportVerdict Nemotron()
    {
        if (_architecture.Forms!.NemotronNas is not { } nas)
        {
            return Refused(ExportKeys.NemotronNas, $"Nemotron-NAS computes LLaMA's layers, not those of {_architecture.Name}", null);
        }

        var reach = new HuggingFaceReach(_heads, [], [.. Unsaid]);
        return _sizes is null ? Unknown(ExportKeys.NemotronNas, $"Nemotron-NAS has one number of query heads, and MLPs of multiples of {NemotronReach.Multiple} channels")
            : (new NemotronReach(NameOf(nas.Heads), NameOf(nas.Ffn)).Find(_sizes) ?? reach.Find(_sizes)) is { } problem ? Refused(ExportKeys.NemotronNas, problem.Reason, problem.Remedy)
            : new(ExportKeys.NemotronNas, ExportState.Reached, "DeciLMForCausalLM loads it, with the code of a published Nemotron-NAS checkpoint", null);
    }

    private ExportVerdict Peft() => _recipe.Recover.Any(step => step.Lora is not null)
        ? new(ExportKeys.Peft, ExportState.Reached, "PEFT loads the adapters onto the pruned model", null)
        : Refused(ExportKeys.Peft, "no recovery step trains adapters", "recover with method: lora");

    private static ExportVerdict Refused(string format, string reason, string? remedy) => new(format, ExportState.Refused, reason, remedy);

    private static ExportVerdict Unknown(string format, string reason) => new(format, ExportState.Unknown, reason, "commit the plan that slim plan makes, or cut with scope: layer");

    // Linears with a bias that a cut adds and no key of config.json gives.
    private IEnumerable<string> Unsaid => _architecture.Layer
        .Where(node => node.Attribute("bias.added") == "true" && _architecture.Forms!.BiasFlags.All(flag => flag.Name != node.Weight))
        .Select(node => node.Weight!);

    private IEnumerable<string> Varying() => _recipe.Pruned is { } layers ? layers[0].Sizes.Select(size => size.Name).Where(_sizes!.Varies) : [];

    // What rows of a matrix are made of: hidden, MLP and head channels.
    private string? Narrow()
    {
        var headDim = GraphAxes.OfLayer(_architecture)[_architecture.Layer.First(node => node.Op == "attention").Input("q")][1];
        bool IsWhole(System.Func<int, int> width) => Enumerable.Range(0, _sizes!.Layers).All(layer => width(layer) % BlockSize == 0);
        return _architecture.Layer.Where(node => node.Op == "linear").Select(node => GraphAxes.OfLayer(_architecture)[node.Input()]).Distinct()
            .Where(axis => !IsWhole(layer => axis.Aggregate(1, (width, dimension) => width * _sizes!.Size(dimension, layer))))
            .Select(axis => axis.Count == 2 && axis[1] == headDim ? $"{axis[0]} * {axis[1]}" : axis[0])
            .FirstOrDefault();
    }

    private static ExportSizes? Sizes(RecipeModel recipe)
    {
        var dense = recipe.Dimensions.ToDictionary(dimension => dimension.Name, dimension => dimension.Size);
        if (recipe.Pruned is not { } layers)
        {
            return recipe.Prune.Count == 0 ? new(dense[DimensionNames.Layers], (dimension, _) => dense[dimension]) : null;
        }

        var own = layers.Select(layer => layer.Sizes.ToDictionary(size => size.Name, size => size.Size)).ToList();
        return new(own.Count, (dimension, layer) => dimension == DimensionNames.Layers ? own.Count : own[layer].TryGetValue(dimension, out var size) ? size : dense[dimension]);
    }

    private bool IsDimension(string name) => _architecture.Dimensions.Any(dimension => dimension.Name == name);

    private string NameOf(string name) => _architecture.Dimensions.First(dimension => dimension.Name == name).SameAs ?? name;

    private KeyValuePair<string, string> Default(string name) => new(NameOf(name), _architecture.Dimensions.First(dimension => dimension.Name == name).Default!);
}
