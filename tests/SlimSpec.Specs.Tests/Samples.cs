namespace SlimSpec.Specs.Tests;

/// <summary>The shipped files, a configuration that fits them, and the calls that every test makes.</summary>
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

    public static string Root { get; } = FindRoot();

    public static SourceFile Llama { get; } = new("specs/architectures/llama.arch.yaml", File.ReadAllText(Path.Combine(Root, "specs/architectures/llama.arch.yaml")));

    public static SourceFile Tales20 { get; } = new("specs/tales-20.slim.yaml", File.ReadAllText(Path.Combine(Root, "specs/tales-20.slim.yaml")));

    /// <summary>Compiles a recipe called <c>a.slim.yaml</c> against the LLaMA architecture.</summary>
    public static (RecipeModel? Recipe, EquatableArray<Problem> Problems) Compile(string recipe, string? config = null, params (string Path, string Value)[] overrides) =>
        SpecCompiler.CompileRecipe(new("a.slim.yaml", recipe), [Llama], config is null ? [] : [new(ConfigPath, config)], [.. overrides.Select(change => KeyValuePair.Create(change.Path, change.Value))]);

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
        var (model, problems) = SpecCompiler.CompileArchitecture(new SourceFile("a.arch.yaml", text));
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

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SlimSpec.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("no folder above the tests holds SlimSpec.sln");
    }
}
