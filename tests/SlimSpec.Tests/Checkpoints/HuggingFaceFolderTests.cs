using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace SlimSpec.Tests.Checkpoints;

public sealed class HuggingFaceFolderTests : IDisposable
{
    private static readonly string Golden = TestFiles.Golden("llama-mha");

    private readonly TemporaryFolder _folder = new();
    private readonly LlamaMha _recipe = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_checkpoint_loads_into_its_model_bit_for_bit()
    {
        using var model = NewModel();
        using var folder = HuggingFaceFolder.Open(Golden);
        folder.Check(_recipe);
        folder.ReadShape(_recipe).ShouldBe(_recipe.Dense);
        folder.LoadInto(model);
        using var file = SafetensorsFile.Open(Path.Combine(Golden, "model.safetensors"));
        foreach (var weight in model.Weights)
        {
            using var stored = file.Load(weight.Name);
            stored.bytes.SequenceEqual(weight.Value.bytes).ShouldBeTrue(weight.Name);
        }
    }

    [Fact]
    public void A_checkpoint_is_converted_to_the_dtype_of_the_model()
    {
        using var model = NewModel(dtype: ScalarType.Float64);
        Load(Golden, model);
        using var reference = NewModel();
        Load(Golden, reference);
        Tensors.LargestDifference(model.LmHead.Value, reference.LmHead.Value).ShouldBe(0);
    }

    [Fact]
    public void Shards_are_found_through_their_index()
    {
        WriteShards(_folder.Path, new());
        using var model = NewModel();
        Load(_folder.Path, model);
        using var reference = NewModel();
        Load(Golden, reference);
        foreach (var (mine, theirs) in model.Weights.Zip(reference.Weights))
        {
            Tensors.LargestDifference(mine.Value, theirs.Value).ShouldBe(0, mine.Name);
        }
    }

    [Theory]
    [InlineData("model.norm.weight", "none.safetensors", "none.safetensors")]
    [InlineData("model.norm.weight", "../model-1.safetensors", "is not the name of a file")]
    [InlineData("model.norm.weight", "model-1.safetensors", "model-1.safetensors has no tensor 'model.norm.weight'")]
    [InlineData("model.norms.weight", "model-2.safetensors", "did you mean 'model.norm.weight'?")]
    public void A_wrong_index_is_named(string tensor, string file, string expected)
    {
        WriteShards(_folder.Path, new() { [tensor] = file });
        using var model = NewModel();
        Should.Throw<SlimException>(() => Load(_folder.Path, model)).Message.ShouldContain(expected);
    }

    [Fact]
    public void Missing_and_surplus_tensors_are_named_with_the_nearest()
    {
        WriteCheckpoint(tensors => [.. tensors.Select(tensor => (tensor.Name.Replace("3.mlp.up_proj", "3.mlp.upproj", StringComparison.Ordinal), tensor.Value))]);
        using var model = NewModel();
        var missing = Should.Throw<SlimException>(() => Load(_folder.Path, model)).Message;
        missing.ShouldContain("tensor 'model.layers.3.mlp.up_proj.weight' is missing; did you mean 'model.layers.3.mlp.upproj.weight'?");

        WriteCheckpoint(tensors => [.. tensors, ("model.layers.0.self_attn.q_proj.bias", ones([64]))]);
        Should.Throw<SlimException>(() => Load(_folder.Path, model)).Message.ShouldContain("tensor 'model.layers.0.self_attn.q_proj.bias' is not of this model");

        WriteCheckpoint(tensors => tensors[..5]);
        Should.Throw<SlimException>(() => Load(_folder.Path, model)).Message.ShouldContain($"{model.Weights.Count() - 5} tensors (");
    }

    [Fact]
    public void A_tensor_of_another_shape_is_named_and_no_weight_is_touched()
    {
        WriteCheckpoint(tensors => [.. tensors.Select(tensor => tensor.Name == "lm_head.weight" ? (tensor.Name, ones([255, 64])) : tensor)]);
        using var model = NewModel();
        model.EmbedTokens.Value.zero_();
        Should.Throw<SlimException>(() => Load(_folder.Path, model)).Message.ShouldContain("tensor 'lm_head.weight' has shape [255, 64], but the model's is [256, 64]");
        model.EmbedTokens.Value.abs().max().item<float>().ShouldBe(0);
    }

    [Fact]
    public void Rotary_buffers_of_old_checkpoints_are_no_surplus()
    {
        WriteCheckpoint(tensors => [.. tensors, ("model.layers.0.self_attn.rotary_emb.inv_freq", ones([8]))]);
        using var model = NewModel();
        Load(_folder.Path, model);
    }

    [Theory]
    [InlineData("hidden_size", "192", "config.json: hidden_size is 192, but the recipe LlamaMha was compiled for 64")]
    [InlineData("num_hidden_layers", "5", "num_hidden_layers is 5, but the recipe LlamaMha was compiled for 4")]
    [InlineData("rms_norm_eps", "1e-6", "rms_norm_eps is 1e-6, but the recipe LlamaMha was compiled for 1E-05")]
    [InlineData("tie_word_embeddings", "true", "tie_word_embeddings is true, but the recipe LlamaMha was compiled for false")]
    [InlineData("model_type", "\"gpt2\"", "model_type is 'gpt2'")]
    [InlineData("vocab_size", "\"256\"", "vocab_size: \"256\" is not an integer")]
    [InlineData("intermediate_size", "-3", "intermediate_size: -3 is not an integer from 1")]
    [InlineData("intermediate_size", "[172, 100]", "the array has 2 sizes, but there are 4 layers")]
    [InlineData("intermediate_size", "[172, 100, 0, 4]", "intermediate_size[2]: 0 is not an integer from 1")]
    public void A_config_that_disagrees_is_named_with_both_values(string key, string value, string expected)
    {
        WriteConfig(config => config[key] = JsonNode.Parse(value));
        using var folder = HuggingFaceFolder.Open(_folder.Path);
        Should.Throw<SlimException>(() => folder.ReadShape(_recipe)).Message.ShouldContain(expected);
    }

    [Fact]
    public void A_size_of_the_layers_is_a_number_or_an_array()
    {
        WriteConfig(config =>
        {
            config["intermediate_size"] = new JsonArray(172, 130, 129, 172);
            config["num_attention_heads"] = 3;
            config["num_key_value_heads"] = 3;
            config["head_dim"] = 16;
        });
        using var folder = HuggingFaceFolder.Open(_folder.Path);
        var shape = (LlamaMha.Shape)folder.ReadShape(_recipe);
        shape.Layers.Select(layer => layer.Ffn).ShouldBe([172, 130, 129, 172]);
        shape.Layers.ShouldAllBe(layer => layer.Heads == 3 && layer.KvHeads == 3);
    }

    [Fact]
    public void A_size_that_is_left_out_is_not_guessed_where_the_others_differ()
    {
        WriteConfig(config => config["num_attention_heads"] = 8);
        using var folder = HuggingFaceFolder.Open(_folder.Path);
        Should.Throw<SlimException>(() => folder.Check(_recipe)).Message
            .ShouldContain("num_attention_heads is 8, but the recipe LlamaMha was compiled for 4, and head_dim, which may follow from it, is absent");
    }

    [Fact]
    public void What_the_architecture_takes_for_granted_is_checked()
    {
        var recipe = new RecipeOf(_recipe.Architecture with
        {
            Constants = [new(["rms_norm_eps"], 1e-5) { MayBeAbsent = true, Default = 1e-6 }],
            Requires = new Dictionary<string, IReadOnlyList<string>> { ["rope_scaling"] = ["null"], ["hidden_act"] = ["\"silu\"", "\"swish\""] },
        });
        WriteConfig(config => (config["rope_scaling"], config["hidden_act"]) = (null, "silu"));
        using (var folder = HuggingFaceFolder.Open(_folder.Path))
        {
            folder.Check(recipe);
        }

        WriteConfig(config => config["rope_scaling"] = new JsonObject { ["type"] = "linear" });
        Refused("rope_scaling is {\"type\":\"linear\"}, but the architecture llama computes null only");
        WriteConfig(config => config["hidden_act"] = "gelu");
        Refused("hidden_act is \"gelu\", but the architecture llama computes \"silu\" or \"swish\" only");
        WriteConfig(config => config.Remove("rms_norm_eps"));
        Refused("rms_norm_eps is absent, which means 1E-06, but the recipe LlamaMha was compiled for 1E-05");

        void Refused(string message)
        {
            using var folder = HuggingFaceFolder.Open(_folder.Path);
            Should.Throw<SlimException>(() => folder.Check(recipe)).Message.ShouldContain(message);
        }
    }

    [Theory]
    [InlineData("{", "config.json: line 1: not valid JSON")]
    [InlineData("[]", "the outermost value is an array, expected an object")]
    [InlineData("""{"hidden_size": 64, "hidden_size": 65}""", "not valid JSON")]
    public void A_malformed_config_is_named(string text, string expected)
    {
        _folder.Write("config.json", text);
        Should.Throw<SlimException>(() => HuggingFaceFolder.Open(_folder.Path)).Message.ShouldContain(expected);
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        Should.Throw<SlimException>(() => HuggingFaceFolder.Open(_folder["none"])).Message.ShouldContain("there is no such folder");
        Should.Throw<SlimException>(() => HuggingFaceFolder.Open(_folder.Path)).Message.ShouldContain("config.json: there is no such file");
        WriteConfig(_ => { });
        _folder.Write("pytorch_model.bin", "");
        using var folder = HuggingFaceFolder.Open(_folder.Path);
        Should.Throw<SlimException>(() => folder.TensorNames).Message.ShouldContain("pickled weights");
    }

    [Fact]
    public void A_saved_model_of_uniform_widths_has_plain_numbers_and_reloads_to_the_same_weights()
    {
        using var model = NewModel();
        Load(Golden, model);
        Save(model, "out");
        var config = Config("out");
        config["intermediate_size"]!.GetValue<int>().ShouldBe(172);
        config["num_attention_heads"]!.GetValue<int>().ShouldBe(4);
        config["head_dim"]!.GetValue<int>().ShouldBe(16);
        config["torch_dtype"]!.GetValue<string>().ShouldBe("float32");
        config["architectures"]!.ToJsonString().ShouldContain("LlamaForCausalLM");

        using var again = NewModel();
        Load(_folder["out"], again);
        foreach (var (left, right) in model.Weights.Zip(again.Weights))
        {
            left.Value.bytes.SequenceEqual(right.Value.bytes).ShouldBeTrue(left.Name);
        }
    }

    [Fact]
    public void A_saved_model_of_uneven_widths_has_arrays_and_reloads_to_its_shape()
    {
        var shape = _recipe.Dense.With("ffn", 1, 130).With("kv_heads", 2, 3).With("heads", 2, 3);
        using var model = NewModel(shape);
        foreach (var weight in model.Weights)
        {
            nn.init.normal_(weight.Value);
        }

        Save(model, "out");
        var config = Config("out");
        config["intermediate_size"]!.ToJsonString().ShouldBe("[172,130,172,172]");
        config["num_attention_heads"]!.ToJsonString().ShouldBe("[4,4,3,4]");
        using var folder = HuggingFaceFolder.Open(_folder["out"]);
        folder.ReadShape(_recipe).ShouldBe(shape);
        using var again = NewModel(folder.ReadShape(_recipe));
        folder.LoadInto(again);
        foreach (var (left, right) in model.Weights.Zip(again.Weights))
        {
            left.Value.bytes.SequenceEqual(right.Value.bytes).ShouldBeTrue(left.Name);
        }
    }

    [Fact]
    public void Saving_in_half_precision_says_so()
    {
        using var model = NewModel();
        Load(Golden, model);
        Save(model, "out", ScalarType.BFloat16);
        Config("out")["torch_dtype"]!.GetValue<string>().ShouldBe("bfloat16");
        using var file = SafetensorsFile.Open(_folder["out/model.safetensors"]);
        file.Info("lm_head.weight").Dtype.ShouldBe(ScalarType.BFloat16);
        using var rounded = model.LmHead.Value.to(ScalarType.BFloat16);
        Tensors.LargestDifference(file.Load("lm_head.weight"), rounded).ShouldBe(0);
    }

    [Fact]
    public void Tokenizer_files_come_along_unchanged_and_others_do_not()
    {
        WriteCheckpoint(tensors => tensors);
        _folder.Write("tokenizer.json", "{ \"any\" : 1 }");
        _folder.Write("pytorch_model.bin", "x");
        using var model = NewModel();
        Load(_folder.Path, model);
        using var source = HuggingFaceFolder.Open(_folder.Path);
        HuggingFaceFolder.Save(model, _recipe, source, _folder["out"]);
        File.ReadAllText(_folder["out/tokenizer.json"]).ShouldBe("{ \"any\" : 1 }");
        Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order().ShouldBe(["config.json", "model.safetensors", "tokenizer.json"]);
    }

    [Fact]
    public void A_foreign_folder_is_not_written_into_unless_told_and_an_own_one_is()
    {
        using var model = NewModel();
        Load(Golden, model);
        Directory.CreateDirectory(_folder["out"]);
        _folder.Write("out/thesis.txt", "years of work");
        Should.Throw<SlimException>(() => Save(model, "out")).Message.ShouldContain("choose another place");
        Directory.GetFileSystemEntries(_folder["out"]).ShouldHaveSingleItem();

        using var source = HuggingFaceFolder.Open(Golden);
        HuggingFaceFolder.Save(model, _recipe, source, _folder["out"], overwrite: true);
        _folder.Write("out/model-00001-of-00002.safetensors", "an older division");
        Save(model, "out");
        File.ReadAllText(_folder["out/thesis.txt"]).ShouldBe("years of work");
        Directory.GetFiles(_folder["out"], "*.safetensors").ShouldHaveSingleItem();
        Directory.GetFileSystemEntries(_folder.Path).ShouldBe([_folder["out"]]);
    }

    [Fact]
    public void A_model_is_saved_into_the_folder_it_was_read_from()
    {
        using var model = NewModel();
        Load(Golden, model);
        Save(model, "out");
        using var source = HuggingFaceFolder.Open(_folder["out"]);
        source.LoadInto(model);
        HuggingFaceFolder.Save(model, _recipe, source, _folder["out"], ScalarType.Float16);
        using var file = SafetensorsFile.Open(_folder["out/model.safetensors"]);
        file.Info("model.norm.weight").Dtype.ShouldBe(ScalarType.Float16);
    }

    private LlamaMha.Model NewModel(ModelShape? shape = null, ScalarType dtype = ScalarType.Float32) => (LlamaMha.Model)_recipe.CreateModel(shape ?? _recipe.Dense, dtype, CPU);

    private static void Load(string path, CausalLM model)
    {
        using var folder = HuggingFaceFolder.Open(path);
        folder.LoadInto(model);
    }

    private void Save(CausalLM model, string name, ScalarType? dtype = null)
    {
        using var source = HuggingFaceFolder.Open(Golden);
        HuggingFaceFolder.Save(model, _recipe, source, _folder[name], dtype);
    }

    private JsonObject Config(string name) => (JsonObject)JsonNode.Parse(File.ReadAllText(_folder[$"{name}/config.json"]))!;

    private void WriteConfig(Action<JsonObject> change)
    {
        var config = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(Golden, "config.json")))!;
        change(config);
        _folder.Write("config.json", config.ToJsonString());
    }

    private void WriteCheckpoint(Func<List<(string Name, Tensor Value)>, List<(string Name, Tensor Value)>> change)
    {
        using var scope = NewDisposeScope();
        WriteConfig(_ => { });
        SafetensorsWriter.Write(_folder["model.safetensors"], change(GoldenTensors()));
    }

    private static List<(string Name, Tensor Value)> GoldenTensors()
    {
        using var file = SafetensorsFile.Open(Path.Combine(Golden, "model.safetensors"));
        return [.. file.Names.Select(name => (name, file.Load(name)))];
    }

    // The golden's tensors in two files, layers 0 and 1 in the first, with entries of the index changed.
    private void WriteShards(string place, Dictionary<string, string> changes)
    {
        using var scope = NewDisposeScope();
        WriteConfig(_ => { });
        var shards = GoldenTensors().ToLookup(tensor => tensor.Name.Contains("layers.0.", StringComparison.Ordinal) || tensor.Name.Contains("layers.1.", StringComparison.Ordinal) ? "model-1.safetensors" : "model-2.safetensors");
        var map = new JsonObject();
        foreach (var shard in shards)
        {
            SafetensorsWriter.Write(Path.Combine(place, shard.Key), [.. shard]);
            foreach (var (name, _) in shard)
            {
                map[name] = shard.Key;
            }
        }

        foreach (var (name, file) in changes)
        {
            map[name] = file;
        }

        _folder.Write("model.safetensors.index.json", new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = 1 }, ["weight_map"] = map }.ToJsonString());
    }
}
