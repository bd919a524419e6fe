using System.Text.Json.Nodes;
using SlimSpec.Specs;

namespace SlimSpec.Tests.Families;

/// <summary>
/// What a config.json decides within a family beyond the goldens: the graph that is left of the architecture's, or why there
/// is none. The graphs are those of transformers' classes.
/// </summary>
public class FamilyVariantTests
{
    [Fact]
    public void GPT_NeoX_without_the_parallel_residual_runs_its_MLP_behind_attention()
    {
        Node(Graph("gpt-neox"), "post_norm").Input().ShouldBe("x");
        Node(Graph("gpt-neox", ("use_parallel_residual", false)), "post_norm").Input().ShouldBe("residual");
    }

    [Fact]
    public void BLOOM_may_add_its_blocks_to_the_norms_outputs()
    {
        var graph = Graph("bloom", ("apply_residual_connection_post_layernorm", true));

        Inputs(Node(graph, "residual")).ShouldBe(["input_norm", "dense"]);
        Inputs(Node(graph, "output")).ShouldBe(["post_norm", "down"]);
    }

    [Fact]
    public void OPT_may_lack_its_biases_and_its_last_norm()
    {
        var graph = Graph("opt-prenorm", ("enable_bias", false), ("_remove_final_layer_norm", true));

        graph.Layer.Where(node => node.HasBias).ShouldAllBe(node => node.Op == "layer_norm");
        graph.Head.Select(node => node.Op).ShouldBe(["linear"]);
    }

    [Fact]
    public void LLaMA_may_have_biases_in_attention_and_MLP()
    {
        Biased(Graph("llama-gqa")).ShouldBeEmpty();
        Biased(Graph("llama-gqa", ("attention_bias", true))).ShouldBe(["q", "k", "v", "o"]);
        Biased(Graph("llama-gqa", ("mlp_bias", true))).ShouldBe(["gate", "up", "down"]);

        static IEnumerable<string> Biased(ArchitectureModel graph) => graph.Layer.Where(node => node.HasBias).Select(node => node.Name);
    }

    [Theory]
    [InlineData("""{"type": "linear", "factor": 2.0}""", "linear")]
    [InlineData("""{"rope_type": "linear", "factor": 2.0}""", "linear")]
    [InlineData("""{"rope_type": "default"}""", null)]
    [InlineData("null", null)]
    public void The_rotation_of_LLaMA_is_scaled_as_either_name_of_the_key_says(string scaling, string? method) =>
        Node(Graph("llama-gqa", ("rope_scaling", JsonNode.Parse(scaling))), "attention").Attribute("rope.scaling").ShouldBe(method);

    [Theory]
    [InlineData("mistral-gqa-sw8")]
    [InlineData("phi3")]
    public void A_window_is_there_if_the_configuration_has_one(string golden)
    {
        Node(Graph(golden, ("sliding_window", 16)), "attention").Attribute("window").ShouldNotBeNull();
        Node(Graph(golden, ("sliding_window", null)), "attention").Attribute("window").ShouldBeNull();
    }

    [Theory]
    [InlineData(null, "gelu_tanh")]
    [InlineData("gelu_pytorch_tanh", "gelu_tanh")]
    [InlineData("gelu", "gelu")]
    public void Gemma_takes_the_tanh_form_of_GELU_unless_told_by_the_newer_key(string? word, string op) =>
        Node(Graph("gemma", ("hidden_act", "gelu"), ("hidden_activation", word)), "act").Op.ShouldBe(op);

    [Theory]
    [InlineData("llama-gqa", "rope_scaling", """{"rope_type": "yarn", "factor": 4.0}""")]
    [InlineData("mistral-gqa-sw8", "rope_scaling", """{"rope_type": "yarn", "factor": 4.0}""")]
    [InlineData("qwen2-gqa-tied", "use_sliding_window", "true")]
    [InlineData("gemma", "hidden_act", "\"silu\"")]
    [InlineData("phi", "qk_layernorm", "true")]
    [InlineData("phi3", "rope_scaling", """{"type": "longrope"}""")]
    [InlineData("gpt2", "scale_attn_by_inverse_layer_idx", "true")]
    [InlineData("opt-prenorm", "layer_norm_elementwise_affine", "false")]
    [InlineData("baichuan-7b", "z_loss_weight", "0")]
    [InlineData("chatglm-6b", "position_encoding_2d", "false")]
    [InlineData("falcon-mqa", "new_decoder_architecture", "true")]
    public void What_a_graph_does_not_compute_is_refused(string golden, string key, string value)
    {
        var (recipe, problems) = GoldenSpec.Compile(golden, (key, JsonNode.Parse(value)));

        recipe.ShouldBeNull();
        problems.ShouldContain(problem => problem.Message.Contains(key, StringComparison.Ordinal));
    }

    private static GraphNode Node(ArchitectureModel graph, string name) => graph.Layer.Single(node => node.Name == name);

    private static IEnumerable<string> Inputs(GraphNode node) => node.Inputs.Select(input => input.Node);

    private static ArchitectureModel Graph(string golden, params (string Key, JsonNode? Value)[] changes) => GoldenSpec.Of(golden, changes).Architecture;
}
