namespace SlimSpec.Specs.Tests;

/// <summary>Small files that are right, and the calls that every test makes.</summary>
internal static class Samples
{
    public const string ConfigPath = "models/tales/config.json";

    /// <summary>A configuration as transformers writes it: 6 layers, 6 heads over 2 KV heads of 32, hidden 192, ffn 512.</summary>
    public const string Config = """
        {
          "architectures": ["LlamaForCausalLM"],
          "model_type": "llama",
          "hidden_size": 192,
          "intermediate_size": 512,
          "num_hidden_layers": 6,
          "num_attention_heads": 6,
          "num_key_value_heads": 2,
          "vocab_size": 4096,
          "max_position_embeddings": 512,
          "rms_norm_eps": 1e-05,
          "rope_theta": 10000.0,
          "rope_scaling": null,
          "hidden_act": "silu",
          "attention_bias": false,
          "tie_word_embeddings": true,
          "torch_dtype": "float16"
        }
        """;

    /// <summary>The smallest recipe with everything that most tests need, sizes written in it.</summary>
    public const string Small = """
        spec: 1
        name: Small
        model:
          architecture: llama
          hidden_size: 64
          intermediate_size: 160
          num_hidden_layers: 4
          num_attention_heads: 8
          num_key_value_heads: 4
          vocab_size: 256
          max_position_embeddings: 128
        calibration: { dataset: a.txt }
        prune:
          - cut: width
            targets: [mlp, attention]
            sparsity: 0.25
        recover:
          - method: lora
            dataset: a.txt
            max_seq_length: 64
        evaluate: { dataset: a.txt, window: 64 }
        train: { dataset: a.txt, max_seq_length: 64 }
        """;

    /// <summary>The smallest recipe that reads <see cref="Config"/>.</summary>
    public const string Configured = """
        spec: 1
        model: { architecture: llama, checkpoint: models/tales, config: models/tales/config.json }
        calibration: { dataset: a.txt }
        prune:
          - { cut: width, targets: [mlp, attention], sparsity: 0.25, protect: { first: 1, last: 1 } }
        recover: [{ method: lora, dataset: a.txt }]
        evaluate: { dataset: a.txt }
        """;

    /// <summary>The LLaMA architecture, frozen here so that places in expected messages do not move with the shipped file.</summary>
    public const string Architecture = """
        architecture: llama
        huggingface: { model_types: [llama], class: LlamaForCausalLM }
        dims:
          vocab: vocab_size
          hidden: hidden_size
          layers: num_hidden_layers
          heads: num_attention_heads
          kv_heads: { key: num_key_value_heads, default: heads }
          head_dim: { key: head_dim, default: hidden / heads }
          ffn: intermediate_size
          positions: max_position_embeddings
        constants:
          eps: { key: rms_norm_eps, default: 1.0e-6 }
          theta: { key: rope_theta, default: 10000.0 }
          tied: { key: tie_word_embeddings, default: false }
        requires: { hidden_act: silu, attention_bias: false, mlp_bias: false, rope_scaling: null }
        embedding:
          x: { op: embedding, in: ids, rows: vocab, out: hidden, weight: model.embed_tokens }
        layer:
          prefix: model.layers
          nodes:
            input_norm: { op: rms_norm, in: x, eps: eps, weight: input_layernorm }
            q: { op: linear, in: input_norm, out: [heads, head_dim], weight: self_attn.q_proj }
            k: { op: linear, in: input_norm, out: [kv_heads, head_dim], weight: self_attn.k_proj }
            v: { op: linear, in: input_norm, out: [kv_heads, head_dim], weight: self_attn.v_proj }
            attention: { op: attention, q: q, k: k, v: v, rope: { theta: theta } }
            o: { op: linear, in: attention, out: hidden, weight: self_attn.o_proj }
            residual: { op: add, in: [x, o] }
            post_norm: { op: rms_norm, in: residual, eps: eps, weight: post_attention_layernorm }
            gate: { op: linear, in: post_norm, out: ffn, weight: mlp.gate_proj }
            up: { op: linear, in: post_norm, out: ffn, weight: mlp.up_proj }
            act: { op: silu, in: gate }
            product: { op: mul, in: [act, up] }
            down: { op: linear, in: product, out: hidden, weight: mlp.down_proj }
            output: { op: add, in: [residual, down] }
        head:
          norm: { op: rms_norm, in: x, eps: eps, weight: model.norm }
          logits: { op: linear, in: norm, out: vocab, weight: lm_head, tied: { when: tied, to: model.embed_tokens } }
        units:
          mlp: ffn
          attention: kv_heads
        """;

    public static SourceFile Llama { get; } = new("specs/architectures/llama.arch.yaml", Architecture);

    /// <summary>Compiles a recipe called <c>a.slim.yaml</c> against <see cref="Llama"/>.</summary>
    public static (RecipeModel? Recipe, EquatableArray<Problem> Problems) Compile(string recipe, string? config = null, params (string Path, string Value)[] overrides)
    {
        var file = new SourceFile("a.slim.yaml", recipe);
        var result = SpecCompiler.CompileRecipe(file, [Llama], [new(ConfigPath, config ?? Config)], [.. overrides.Select(change => KeyValuePair.Create(change.Path, change.Value))]);
        if (overrides.Length == 0)
        {
            RecordedSamples.Add(file, result.Problems);
        }

        return result;
    }

    /// <summary>A width cut of a recipe.</summary>
    public static WidthCutModel Width(this RecipeModel recipe, int cut = 0) => recipe.Prune[cut].ShouldBeOfType<WidthCutModel>();

    /// <summary>A depth cut of a recipe.</summary>
    public static DepthCutModel Depth(this RecipeModel recipe, int cut = 0) => recipe.Prune[cut].ShouldBeOfType<DepthCutModel>();

    /// <summary>The problems of a recipe as a build prints them, one a line.</summary>
    public static string Problems(string recipe, string? config = null, params (string Path, string Value)[] overrides)
    {
        var (model, problems) = Compile(recipe, config, overrides);
        (model is null).ShouldBe(problems.Count > 0);
        return Print(problems);
    }

    /// <summary>The problems of an architecture called <c>a.arch.yaml</c>.</summary>
    public static string ArchitectureProblems(string text)
    {
        var file = new SourceFile("a.arch.yaml", text);
        var (model, problems) = SpecCompiler.CompileArchitecture(file);
        RecordedSamples.Add(file, problems);
        (model is null).ShouldBe(problems.Count > 0);
        return Print(problems);
    }

    public static string Print(EquatableArray<Problem> problems) => string.Join("\n", problems);

    /// <summary>The text with one piece replaced, which must be in it.</summary>
    public static string With(this string text, string old, string replacement)
    {
        text.ShouldContain(old);
        return text.Replace(old, replacement, StringComparison.Ordinal);
    }
}
