using System.Text.Json;
using System.Text.Json.Nodes;
using SlimSpec.Specs;

namespace SlimSpec;

/// <summary>
/// Writes models as Hugging Face folders for other libraries. Where all layers are of one size that is what transformers' own class loads; where they
/// are not, <c>config.json</c> has the sizes of layers under <c>per_layer_config</c>.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="recipe">Its recipe.</param>
/// <param name="source">The folder that it was read from.</param>
/// <param name="dtype">Number format of the weights.</param>
internal sealed class HuggingFaceExport(CausalLM model, Recipe recipe, HuggingFaceFolder source, ExportDtype dtype)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly ArchitectureInfo _architecture = recipe.Architecture;

    /// <summary>Writes the folder.</summary>
    /// <returns>What a reader of it must know; null: nothing.</returns>
    /// <exception cref="SlimException">The family's class does not take the model, or the place cannot be written.</exception>
    public string? Save(string path)
    {
        Check("in Hugging Face form", new HuggingFaceReach(_architecture.Heads, [.. _architecture.Derived], [.. Unsaid]).Find(ExportShape.Of(model.Shape)));
        var config = Configuration();
        var isUneven = PerLayerConfig.Divide(config, _architecture, model.Shape);
        Write(path, config);
        return isUneven ? $"layers differ, which config.json says under per_layer_config: SlimSpec reads that, transformers' {_architecture.HuggingFaceClass} does not yet build such layers" : null;
    }

    /// <summary>Writes the folder for Nemotron-NAS.</summary>
    /// <inheritdoc cref="Save"/>
    public string SaveNemotronNas(string path)
    {
        var dimensions = _architecture.NemotronNas ?? throw Refused("as nemotron_nas", $"Nemotron-NAS computes LLaMA's layers, not those of {_architecture.Name}");
        Check("as nemotron_nas", new NemotronReach(dimensions.Heads, dimensions.Ffn).Find(ExportShape.Of(model.Shape))
            ?? new HuggingFaceReach(_architecture.Heads, [.. _architecture.Derived], [.. Unsaid]).Find(ExportShape.Of(model.Shape)));
        var config = Configuration();
        NemotronConfig.Rewrite(config, _architecture, dimensions, model.Shape);
        Write(path, config);
        return "loaded with trust_remote_code: transformers and vLLM take configuration_decilm.py from a published Nemotron-NAS checkpoint, which is not copied here";
    }

    private SlimException Refused(string form, string reason) => new($"{recipe.Name} cannot be written {form}: {reason}");

    private void Check(string form, ExportProblem? problem)
    {
        if (problem is not null)
        {
            throw Refused(form, problem.Sentences);
        }
    }

    private void Write(string path, JsonObject config)
    {
        using var weights = new WeightCursor(model);
        CheckpointWriter.WriteFolder(source, path, config.ToJsonString(Indented) + "\n", [.. CheckpointWriter.Tensors(model, weights, Dtype), .. Zeros()], overwrite: false, CheckpointWriter.ShardBytes);
    }

    private JsonObject Configuration()
    {
        var config = JsonNode.Parse(source.Config.With(model.Shape, recipe, Dtype))!.AsObject();
        foreach (var key in SetFlags)
        {
            ConfigKey.Set(config, key, true);
        }

        return config;
    }

    private torch.ScalarType Dtype => dtype switch
    {
        ExportDtype.F32 => torch.ScalarType.Float32,
        ExportDtype.F16 => torch.ScalarType.Float16,
        ExportDtype.Bf16 => torch.ScalarType.BFloat16,
        _ => throw new SlimException($"{SpecWords.Of(dtype)} is a number format of GGUF; choose f32, f16 or bf16"),
    };

    // Linears of a layer, by weight, to which a cut has added a bias.
    private IEnumerable<string> Added => model.Tensors.Where(tensor => tensor.MayBeAbsent).Select(tensor => Inner(tensor.Name)).Distinct();

    private IEnumerable<string> Unsaid => Added.Where(weight => _architecture.BiasFlags.All(flag => flag.Key != weight));

    private List<string> SetFlags => [.. _architecture.BiasFlags.Where(flag => Added.Contains(flag.Key)).Select(flag => flag.Value).Distinct()];

    // What a flag gives a bias besides the linears that have one: theirs is zero.
    private IEnumerable<StoredTensor> Zeros()
    {
        var flagged = _architecture.BiasFlags.Where(flag => SetFlags.Contains(flag.Value)).Select(flag => flag.Key).ToHashSet();
        var names = model.Tensors.Select(tensor => tensor.Name).ToHashSet();
        foreach (var tensor in model.Layers.SelectMany(layer => layer.Leaves).SelectMany(leaf => leaf.Tensors).Where(tensor => tensor.Name.EndsWith(".weight", StringComparison.Ordinal)))
        {
            var bias = tensor.Name[..^"weight".Length] + "bias";
            if (flagged.Contains(Inner(tensor.Name)) && !names.Contains(bias))
            {
                var rows = tensor.Weight.Value.size(0);
                yield return new(bias, [rows], Dtype, () => torch.zeros(rows));
            }
        }
    }

    // self_attn.o_proj of model.layers.3.self_attn.o_proj.bias.
    private static string Inner(string tensor)
    {
        var parts = tensor.Split('.');
        var number = Array.FindIndex(parts, part => part.All(char.IsAsciiDigit));
        return number < 0 ? tensor : string.Join('.', parts[(number + 1)..^1]);
    }
}
