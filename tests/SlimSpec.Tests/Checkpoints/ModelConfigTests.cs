using System.Text.Json.Nodes;

namespace SlimSpec.Tests.Checkpoints;

/// <summary>What config.json may say: nested keys, alternatives, null, words, flags by presence, and what follows from dimensions.</summary>
public sealed class ModelConfigTests : IDisposable
{
    private static readonly LlamaMha Sample = new();

    private static readonly ArchitectureInfo Bare = new("llama", "LlamaForCausalLM", ["llama"], [], []);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_nested_value_is_found_under_its_dotted_key()
    {
        var recipe = With(new ConfigConstant(["rope_scaling.factor"], 8.0) { MayBeAbsent = true });
        Check(recipe, """{"rope_scaling": {"factor": 8}}""");
        Refused(recipe, """{"rope_scaling": {"factor": 4.0}}""", "rope_scaling.factor is 4.0, but the recipe LlamaMha was compiled for 8");
        Refused(recipe, """{"rope_scaling": null}""", "rope_scaling.factor is absent, which means null, but the recipe LlamaMha was compiled for 8");
        Refused(recipe, """{"rope_scaling": "dynamic"}""", "rope_scaling: \"dynamic\" is not an object");
    }

    [Fact]
    public void Null_in_a_file_is_as_good_as_absent()
    {
        var off = With(new ConfigConstant(["sliding_window"], null) { MayBeAbsent = true });
        Check(off, "{}");
        Check(off, """{"sliding_window": null}""");
        Refused(off, """{"sliding_window": 4096}""", "sliding_window is 4096, but the recipe LlamaMha was compiled for null");
        var on = With(new ConfigConstant(["sliding_window"], 8.0) { MayBeAbsent = true });
        Refused(on, """{"sliding_window": null}""", "sliding_window is absent, which means null, but the recipe LlamaMha was compiled for 8");
    }

    [Fact]
    public void A_constant_without_default_is_compared_where_it_is_given()
    {
        var recipe = With(new ConfigConstant(["gmask_token_id"], 130001.0));
        Check(recipe, "{}");
        Refused(recipe, """{"gmask_token_id": 150001}""", "gmask_token_id is 150001, but the recipe LlamaMha was compiled for 130001");
    }

    [Fact]
    public void Words_are_compared_as_words()
    {
        var recipe = With(new ConfigConstant(["activation_function"], "gelu_new") { MayBeAbsent = true, Default = "gelu_new" });
        Check(recipe, """{"activation_function": "gelu_new"}""");
        Check(recipe, "{}");
        Refused(recipe, """{"activation_function": "relu"}""", "activation_function is \"relu\", but the recipe LlamaMha was compiled for \"gelu_new\"");
        Refused(recipe, """{"activation_function": true}""", "activation_function is true, but");
    }

    [Fact]
    public void The_presence_of_a_key_is_a_flag()
    {
        var rotary = With(new ConfigConstant(["max_positions"], true) { IsPresence = true });
        Check(rotary, """{"max_positions": 7}""");
        Refused(rotary, "{}", "max_positions is absent, but the recipe LlamaMha was compiled for a configuration with it");
        var alibi = With(new ConfigConstant(["max_positions"], false) { IsPresence = true });
        Check(alibi, """{"max_positions": null}""");
        Refused(alibi, """{"max_positions": 7}""", "max_positions is there, but the recipe LlamaMha was compiled for a configuration without it");
    }

    [Fact]
    public void Any_of_the_alternative_keys_is_read_and_those_that_are_there_are_written()
    {
        var recipe = WithDimension("ffn", "inner_size", "intermediate_size", "n_inner");
        var slim = Sample.Dense.With("ffn", 0, 8).With("ffn", 1, 8).With("ffn", 2, 8).With("ffn", 3, 8);
        Read("""{"n_inner": 8}""").ReadShape(recipe).ShouldBe(slim);
        Read("""{"intermediate_size": 8, "n_inner": 9}""").ReadShape(recipe).ShouldBe(slim);
        Keys("""{"n_inner": 172}""").ShouldBe([null, null, 8]);
        Keys("""{"intermediate_size": 172, "n_inner": 172}""").ShouldBe([null, 8, 8]);
        Keys("""{"inner_size": null}""").ShouldBe([8, null, null]);

        int?[] Keys(string given)
        {
            var written = Write(recipe, given, slim);
            return [(int?)written["inner_size"], (int?)written["intermediate_size"], (int?)written["n_inner"]];
        }
    }

    [Fact]
    public void A_nested_size_is_written_where_it_was_read()
    {
        var recipe = WithDimension("ffn", "text_config.intermediate_size");
        Write(recipe, """{"text_config": {"intermediate_size": 172, "other": 1}}""", Sample.Dense.With("ffn", 0, 8))["text_config"]!.ToJsonString()
            .ShouldBe("""{"intermediate_size":[8,172,172,172],"other":1}""");
        Write(recipe, "{}", Sample.Dense)["text_config"]!.ToJsonString().ShouldBe("""{"intermediate_size":172}""");
    }

    [Fact]
    public void A_size_is_not_written_where_its_presence_would_be_read_as_a_flag()
    {
        var recipe = new RecipeOf(Bare with
        {
            Dimensions = [new("positions", "max_position_embeddings", "model_max_length")],
            Constants = [new(["max_position_embeddings"], false) { IsPresence = true }],
        });
        var written = Write(recipe, "{}", Sample.Dense);
        written.ContainsKey("max_position_embeddings").ShouldBeFalse();
        written["model_max_length"]!.GetValue<int>().ShouldBe(128);
        Check(recipe, written.ToJsonString());
    }

    [Fact]
    public void A_fixed_size_is_not_written_and_a_cut_of_it_is_refused()
    {
        var recipe = WithDimension("kv_heads");
        Write(recipe, "{}", Sample.Dense).Count.ShouldBe(3); // model_type, dtype and the mark
        var message = Should.Throw<SlimException>(() => Write(recipe, "{}", Sample.Dense.With("kv_heads", 1, 3))).Message;
        message.ShouldContain("llama-mha.slim.yaml: the model's kv_heads is 4, 3, but the architecture llama fixes it at 4 and config.json has no key for it");
    }

    [Fact]
    public void A_constant_that_follows_from_sizes_is_spelled_out()
    {
        var recipe = With(new ConfigConstant(["embedding_scale"], 8.0) { MayBeAbsent = true, Default = 8.0, FollowsDimensions = true });
        var written = Write(recipe, "{}", Sample.Dense);
        written["embedding_scale"]!.GetValue<double>().ShouldBe(8);
        Check(recipe, written.ToJsonString());
    }

    [Fact]
    public void What_follows_from_sizes_is_not_guessed_where_they_differ()
    {
        var recipe = new RecipeOf(Bare with
        {
            Dimensions = [new("ffn", "intermediate_size")],
            Constants = [new(["scale"], 2.0) { MayBeAbsent = true, Default = 2.0, FollowsDimensions = true }],
        });
        Check(recipe, """{"intermediate_size": 172}""");
        Check(recipe, """{"intermediate_size": 100, "scale": 2}""");
        Refused(recipe, """{"intermediate_size": [172, 100, 172, 172]}""", "intermediate_size is [172,100,172,172], but the recipe LlamaMha was compiled for 172, and scale, which may follow from it, is absent");
    }

    [Fact]
    public void A_cut_of_the_whole_model_is_written_and_read_back()
    {
        var recipe = new RecipeOf(Bare with { Dimensions = [new("hidden", "n_embd"), new("ffn", "n_inner")] }, new Gpt2Shape(64, 4, 256));
        var slim = new Gpt2Shape(48, 4, 200);
        var written = Write(recipe, """{"n_embd": 64, "n_inner": null}""", slim);
        written["n_embd"]!.GetValue<int>().ShouldBe(48);
        Read(written.ToJsonString()).ReadShape(recipe).ShouldBe(slim);
        Refused(recipe, """{"n_embd": 48, "slimspec": {}}""", "n_embd is 48, but the recipe LlamaMha was compiled for 64, and n_inner, which may follow from it, is absent");
    }

    [Fact]
    public void A_checkpoint_of_another_width_that_was_not_cut_is_another_model()
    {
        var recipe = new RecipeOf(Bare with { Dimensions = [new("hidden", "n_embd")] }, new Gpt2Shape(64, 4, 256));
        Check(recipe, """{"n_embd": 48, "slimspec": {}}""");
        Refused(recipe, """{"n_embd": 48}""", "n_embd is 48, but the recipe LlamaMha was compiled for 64");
    }

    [Fact]
    public void Two_dimensions_that_the_configuration_made_one_stay_equal()
    {
        var recipe = new RecipeOf(Bare with { Dimensions = [new("hidden", "hidden_size"), new("hidden", "word_embed_proj_dim")] }, new Gpt2Shape(64, 4, 256));
        var slim = new Gpt2Shape(48, 4, 256);
        var written = Write(recipe, """{"hidden_size": 64, "word_embed_proj_dim": 64}""", slim);
        written["word_embed_proj_dim"]!.GetValue<int>().ShouldBe(48);
        Read(written.ToJsonString()).ReadShape(recipe).ShouldBe(slim);
        Refused(recipe, """{"hidden_size": 48, "word_embed_proj_dim": 32, "slimspec": {}}""", "word_embed_proj_dim is 32, but the recipe LlamaMha was compiled for a model in which it equals hidden_size, which is 48");
    }

    [Fact]
    public void Requirements_may_be_nested()
    {
        var recipe = new RecipeOf(Bare with
        {
            Requires = new Dictionary<string, IReadOnlyList<string>> { ["rope_scaling.rope_type"] = ["\"llama3\"", "null"] },
        });
        Check(recipe, "{}");
        Check(recipe, """{"rope_scaling": null}""");
        Check(recipe, """{"rope_scaling": {"rope_type": "llama3"}}""");
        Check(recipe, """{"rope_scaling": {"rope_type": null}}""");
        Refused(recipe, """{"rope_scaling": {"rope_type": "yarn"}}""", "rope_scaling.rope_type is \"yarn\", but the architecture llama computes \"llama3\" or null only");
    }

    [Fact]
    public void An_empty_configuration_gets_the_constants_that_are_no_flags_of_presence_and_not_null()
    {
        var config = new JsonObject();
        ModelConfig.AddConstants(config, Bare with
        {
            Constants = [new(["rope_scaling.factor"], 8.0), new(["act", "other"], "silu"), new(["window"], null), new(["positions"], true) { IsPresence = true }, new(["tied"], false)],
        });
        config.ToJsonString().ShouldBe("""{"rope_scaling":{"factor":8},"act":"silu","tied":false}""");
    }

    private static RecipeOf With(ConfigConstant constant) => new(Bare with { Constants = [constant] });

    private static RecipeOf WithDimension(string name, params string[] keys) => new(Bare with { Dimensions = [new(name, keys)] });

    private ModelConfig Read(string text)
    {
        var config = (JsonObject)JsonNode.Parse(text)!;
        config["model_type"] = "llama";
        return ModelConfig.Read(_folder.Write("config.json", config.ToJsonString()));
    }

    private void Check(Recipe recipe, string text) => Read(text).Check(recipe);

    private void Refused(Recipe recipe, string text, string message) => Should.Throw<SlimException>(() => Check(recipe, text)).Message.ShouldContain(message);

    private JsonObject Write(Recipe recipe, string text, ModelShape shape) =>
        (JsonObject)JsonNode.Parse(Read(text).With(shape, recipe, torch.ScalarType.Float32))!;
}
