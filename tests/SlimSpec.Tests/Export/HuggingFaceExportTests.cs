using System.Text.Json.Nodes;

namespace SlimSpec.Tests.Export;

/// <summary>Exported folders against what transformers says of its own classes, and read again here.</summary>
public sealed class HuggingFaceExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Names and shapes are those of transformers' LlamaForCausalLM (modeling_llama.py: LlamaAttention, LlamaMLP, LlamaRMSNorm), written down here.</summary>
    [Fact]
    public void A_uniform_model_is_one_of_the_familys_own_class()
    {
        using var model = CutModels.Cut("llama-gqa", Uniform());

        Export("llama-gqa", model, ExportFormat.Huggingface).ShouldBeNull();

        const int Hidden = 64, Heads = 4, KvHeads = 1, HeadDim = 8, Ffn = 40, Vocabulary = 256;
        var config = Config();
        config["architectures"]![0]!.GetValue<string>().ShouldBe("LlamaForCausalLM");
        var sizes = new (string Key, int Value)[] { ("hidden_size", Hidden), ("num_attention_heads", Heads), ("num_key_value_heads", KvHeads), ("head_dim", HeadDim), ("intermediate_size", Ffn), ("num_hidden_layers", 4), ("vocab_size", Vocabulary) };
        sizes.ShouldAllBe(size => config[size.Key]!.GetValue<int>() == size.Value);
        config.ContainsKey("per_layer_config").ShouldBeFalse();
        var expected = new Dictionary<string, long[]> { ["model.embed_tokens.weight"] = [Vocabulary, Hidden], ["model.norm.weight"] = [Hidden], ["lm_head.weight"] = [Vocabulary, Hidden] };
        for (var layer = 0; layer < 4; layer++)
        {
            var prefix = $"model.layers.{layer}.";
            expected[prefix + "input_layernorm.weight"] = [Hidden];
            expected[prefix + "self_attn.q_proj.weight"] = [Heads * HeadDim, Hidden];
            expected[prefix + "self_attn.k_proj.weight"] = [KvHeads * HeadDim, Hidden];
            expected[prefix + "self_attn.v_proj.weight"] = [KvHeads * HeadDim, Hidden];
            expected[prefix + "self_attn.o_proj.weight"] = [Hidden, Heads * HeadDim];
            expected[prefix + "post_attention_layernorm.weight"] = [Hidden];
            expected[prefix + "mlp.gate_proj.weight"] = [Ffn, Hidden];
            expected[prefix + "mlp.up_proj.weight"] = [Ffn, Hidden];
            expected[prefix + "mlp.down_proj.weight"] = [Hidden, Ffn];

            // The recipe's cuts make up by biases: both flags are on, and the class then has all of these.
            expected[prefix + "self_attn.q_proj.bias"] = [Heads * HeadDim];
            expected[prefix + "self_attn.k_proj.bias"] = [KvHeads * HeadDim];
            expected[prefix + "self_attn.v_proj.bias"] = [KvHeads * HeadDim];
            expected[prefix + "self_attn.o_proj.bias"] = [Hidden];
            expected[prefix + "mlp.gate_proj.bias"] = [Ffn];
            expected[prefix + "mlp.up_proj.bias"] = [Ffn];
            expected[prefix + "mlp.down_proj.bias"] = [Hidden];
        }

        config["attention_bias"]!.GetValue<bool>().ShouldBeTrue();
        config["mlp_bias"]!.GetValue<bool>().ShouldBeTrue();
        using var file = SafetensorsFile.Open(_folder["out/model.safetensors"]);
        file.Names.ShouldBe(expected.Keys, ignoreOrder: true);
        expected.ShouldAllBe(tensor => file.Info(tensor.Key).Shape.SequenceEqual(tensor.Value));
    }

    [Fact]
    public void A_uniform_model_of_a_plain_recipe_comes_back_with_the_same_logits()
    {
        var recipe = GoldenModels.Recipe("llama-gqa");
        using var model = ModelSurgery.Cut(recipe, GoldenModels.Load("llama-gqa"), Uniform());
        Export(recipe, "llama-gqa", model, ExportFormat.Huggingface).ShouldBeNull();
        ShouldComeBack(recipe, model);
    }

    [Fact]
    public void Layers_that_differ_are_told_apart_layer_by_layer_and_come_back()
    {
        var recipe = LlamaNas.Instance;
        using var dense = Random(recipe);
        using var model = ModelSurgery.Cut(recipe, dense, new() { Units = new Dictionary<(int, string), int[]> { [(0, "mlp")] = [.. Enumerable.Range(0, 44)], [(1, "attention")] = [1], [(2, "attention")] = [], [(3, "mlp")] = [] } });

        Export(recipe, "llama-gqa", model, ExportFormat.Huggingface).ShouldNotBeNull().ShouldContain("per_layer_config");

        JsonNode.DeepEquals(Config()["per_layer_config"], JsonNode.Parse("""
            {
              "1": { "num_attention_heads": 4, "num_key_value_heads": 1, "intermediate_size": 512 },
              "2": { "intermediate_size": 512, "skip": ["attention"] },
              "3": { "skip": ["mlp"] }
            }
            """)).ShouldBeTrue(Config()["per_layer_config"]!.ToJsonString());
        Config()["intermediate_size"]!.GetValue<int>().ShouldBe(44);
        Config()["num_attention_heads"]!.GetValue<int>().ShouldBe(8);
        ShouldComeBack(recipe, model);
    }

    [Fact]
    public void Nemotron_nas_has_blocks()
    {
        var recipe = LlamaNas.Instance;
        using var dense = Random(recipe);
        using var model = ModelSurgery.Cut(recipe, dense, new() { Units = new Dictionary<(int, string), int[]> { [(1, "mlp")] = [.. Enumerable.Range(0, 256)], [(2, "attention")] = [], [(3, "mlp")] = [] } });

        Export(recipe, "llama-gqa", model, ExportFormat.NemotronNas).ShouldNotBeNull().ShouldContain("trust_remote_code");

        var config = Config();
        config["model_type"]!.GetValue<string>().ShouldBe("nemotron-nas");
        config["architectures"]![0]!.GetValue<string>().ShouldBe("DeciLMForCausalLM");
        config["intermediate_size"].ShouldBeNull();
        var blocks = config["block_configs"]!.AsArray().Select(block => block!.AsObject()).ToList();
        blocks.Select(block => block["attention"]!["no_op"]!.GetValue<bool>()).ShouldBe([false, false, true, false]);
        blocks.Select(block => block["attention"]!["n_heads_in_group"]?.GetValue<int>()).ShouldBe([4, 4, null, 4]);
        blocks.Select(block => block["ffn"]!["no_op"]!.GetValue<bool>()).ShouldBe([false, false, false, true]);

        // What DeciLM's configuration makes of a factor, which it rounds to six places.
        int Size(double factor) => ((int)(2 * Math.Round(factor, 6) * 64 / 3) + 255) / 256 * 256;
        blocks.Take(3).Select(block => Size(block["ffn"]!["ffn_mult"]!.GetValue<double>())).ShouldBe([512, 256, 512]);
    }

    [Fact]
    public void What_a_form_cannot_say_is_refused_with_the_reason_and_the_remedy()
    {
        Refusal("mistral-gqa-sw8", new(), ExportFormat.Huggingface).ShouldBe("MistralGqaSw8Cuts cannot be written in Hugging Face form: its class in transformers has no bias for self_attn.o_proj, mlp.down_proj. Cut with compensate: none.");
        Refusal("gpt2", Same("attention", [0, 1, 2]), ExportFormat.Huggingface).ShouldContain("layer 0 has 3 query heads, and transformers 5 takes only numbers that divide the 64 hidden channels. Keep 2 or 4.");
        Refusal("gpt2", Same("attention", [0, 1]), ExportFormat.Huggingface).ShouldContain("it takes head_dim for hidden / heads, and in layer 0 that is not 16");
        Refusal("gpt2", new(), ExportFormat.NemotronNas).ShouldContain("Nemotron-NAS computes LLaMA's layers, not those of gpt2");
        Refusal("llama-gqa", new(), ExportFormat.NemotronNas).ShouldContain("layer 0 has 172 MLP channels, and Nemotron-NAS takes multiples of 256. Cut the MLP with round_to: 256.");
        Refusal("llama-gqa", new() { Units = new Dictionary<(int, string), int[]> { [(1, "attention")] = [0] } }, ExportFormat.NemotronNas).ShouldContain("layers have 8, 4 query heads, and Nemotron-NAS has one number for all");
        Refusal("llama-gqa", CutModels.Without("attention", 0), ExportFormat.NemotronNas).ShouldContain("layer 0 has no attention");
        Refusal("llama-gqa", new(), ExportFormat.Huggingface, ExportDtype.Q8_0).ShouldBe("q8_0 is a number format of GGUF; choose f32, f16 or bf16");
        Refusal("llama-gqa", new(), ExportFormat.Peft).ShouldContain("there is no adapter");
        Directory.Exists(_folder["out"]).ShouldBeFalse();
    }

    private static CausalLM Random(Recipe recipe)
    {
        using var noGradients = torch.no_grad();
        torch.manual_seed(0);
        var model = recipe.CreateModel(recipe.Dense, torch.ScalarType.Float32, torch.CPU);
        foreach (var weight in model.Weights)
        {
            weight.Value.normal_(0, 0.1);
        }

        return model;
    }

    private static Selection Uniform() => new() { Units = Enumerable.Range(0, 4).SelectMany(layer => new[] { ((layer, "attention"), new[] { layer % 2 }), ((layer, "mlp"), Enumerable.Range(layer, 40).ToArray()) }).ToDictionary(pair => pair.Item1, pair => pair.Item2) };

    private static Selection Same(string unit, int[] kept) => new() { Units = Enumerable.Range(0, 4).ToDictionary(layer => (layer, unit), _ => kept) };

    private string Refusal(string golden, Selection selection, ExportFormat format, ExportDtype? dtype = null)
    {
        using var model = CutModels.Cut(golden, selection);
        return Should.Throw<SlimException>(() => Export(CutModels.Recipe(golden), golden, model, format, dtype)).Message;
    }

    private string? Export(string golden, CausalLM model, ExportFormat format) => Export(CutModels.Recipe(golden), golden, model, format);

    // From a folder, as a run leaves it.
    private string? Export(Recipe recipe, string golden, CausalLM model, ExportFormat format, ExportDtype? dtype = null)
    {
        using var source = HuggingFaceFolder.Open(TestFiles.Golden(golden));
        HuggingFaceFolder.Save(model, recipe, source, _folder["run"], overwrite: true);
        using var run = HuggingFaceFolder.Open(_folder["run"]);
        return ModelExport.Write(run, recipe, new(format, dtype), _folder["out"]).Note;
    }

    private void ShouldComeBack(Recipe recipe, CausalLM model)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        using var folder = HuggingFaceFolder.Open(_folder["out"]);
        using var again = recipe.CreateModel(folder.ReadShape(recipe), torch.ScalarType.Float32, torch.CPU);
        folder.LoadInto(again);
        var ids = torch.arange(0, 24).view(2, 12);
        Tensors.LargestDifference(again.forward(ids), model.forward(ids)).ShouldBe(0);
    }

    private JsonObject Config() => JsonNode.Parse(File.ReadAllText(_folder["out/config.json"]))!.AsObject();
}
