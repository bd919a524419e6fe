namespace SlimSpec.Specs.Tests;

/// <summary>An architecture that uses all of the graph language, and a recipe of it.</summary>
internal static class Rich
{
    public const string Architecture = """
        architecture: rich
        huggingface: { model_types: [rich], class: RichForCausalLM, base_prefix: m, ignore: [attn.mask] }
        dims:
          vocab: vocab_size
          hidden: [hidden_size, n_embd]
          embed: { key: embed_size, default: hidden }
          layers: { key: [n_layer, num_layers] }
          heads: n_head
          kv_heads: { key: n_kv, default: heads }
          head_dim: { key: head_dim, default: hidden / heads }
          rotary: { key: rotary_dim, default: head_dim }
          ffn: { key: n_inner, default: 4 * hidden }
          positions: n_positions
        constants:
          eps: { key: [eps, layer_norm_eps], default: 1.0e-5 }
          act: { key: act, default: gelu_new }
          pre_norm: { key: pre_norm, default: true }
          biased: { key: biased, default: true }
          rotates: { has: theta }
          theta: { key: theta, default: 10000.0 }
          scaling: { key: rope.type, default: null }
          factor: { key: rope.factor, default: null }
          low: { key: rope.low, default: null }
          high: { key: rope.high, default: null }
          original: { key: rope.original, default: null }
          window: { key: window, default: null }
          gain: { key: gain, default: sqrt(2 * layers) }
          tied: { key: tied, default: true }
          start: start_id
          mark: mark_id
        requires: { flavour: x, rope.mode: [plain, 2] }
        prefix: { start: start, marks: [mark] }
        embedding:
          token: { op: embedding, in: ids, rows: vocab, out: embed, weight: m.wte }
          widened: { op: linear, in: token, out: hidden, weight: m.widen, when: embed != hidden }
          place: { op: embedding, in: positions, rows: positions, offset: 2, out: hidden, weight: m.wpe }
          x: { op: add, in: [widened, place] }
        layer:
          prefix: m.h
          nodes:
            before: { op: layer_norm, in: x, eps: eps, weight: ln_1, when: pre_norm }
            qkv:
              op: linear
              in: before
              out: { q: [heads, head_dim], k: [kv_heads, head_dim], v: [kv_heads, head_dim] }
              interleaved: kv_heads
              weight: attn.qkv
              bias: biased
              layout: in_out
            attention:
              op: attention
              q: q
              k: k
              v: v
              rope: { theta: theta, dims: rotary, scaling: scaling, factor: factor, low_freq_factor: low, high_freq_factor: high, original_positions: original, when: rotates }
              alibi: { slopes: attn.slopes, when: not rotates }
              window: window
            o: { op: linear, in: attention, out: hidden, weight: attn.o, bias: biased }
            sum: { op: add, in: [x, o] }
            behind: { op: layer_norm, in: sum, eps: eps, weight: ln_1, when: not pre_norm }
            chosen: { op: choose, when: pre_norm and heads == kv_heads, in: [sum, behind] }
            up: { op: linear, in: chosen, out: ffn, weight: mlp.up, bias: true }
            act: { op: activation, in: up, function: act }
            down: { op: linear, in: act, out: hidden, weight: mlp.down }
            scaled: { op: scale, in: down, by: gain }
            output: { op: add, in: [behind, scaled] }
        head:
          norm: { op: rms_norm, in: x, eps: 1.0e-6, offset: 1, weight: m.norm }
          narrowed: { op: linear, in: norm, out: embed, weight: m.narrow, when: embed != hidden }
          logits: { op: linear, in: narrowed, out: vocab, weight: head, bias: true, tied: { when: tied, to: m.wte } }
        units: { mlp: ffn, attention: kv_heads, query_heads: heads, hidden: hidden }
        """;

    /// <summary>Eight layers of four query heads over two KV heads.</summary>
    public const string Recipe = """
        spec: 1
        name: Small
        model:
          architecture: rich
          n_embd: 64
          num_layers: 8
          n_head: 4
          n_kv: 2
          vocab_size: 256
          n_positions: 128
          start_id: 250
          mark_id: 251
        """;

    /// <summary>Compiles a recipe called <c>a.slim.yaml</c> against an architecture called <c>rich.arch.yaml</c>.</summary>
    public static (RecipeModel? Recipe, EquatableArray<Problem> Problems) Compile(string? recipe = null, string? architecture = null, string config = "{}")
    {
        var files = (Recipe: new SourceFile("a.slim.yaml", recipe ?? Recipe), Architecture: new SourceFile("rich.arch.yaml", architecture ?? Architecture));
        var result = SpecCompiler.CompileRecipe(files.Recipe, [files.Architecture], [new("config.json", config)]);
        RecordedSamples.Add(files.Recipe, result.Problems);
        RecordedSamples.Add(files.Architecture, result.Problems);
        return result;
    }

    /// <summary>The recipe with further lines under <c>model:</c>.</summary>
    public static string With(string lines) => Recipe + "\n  " + lines.Replace("\n", "\n  ", StringComparison.Ordinal) + "\n";

    /// <summary>The problems of a recipe as a build prints them, one a line.</summary>
    public static string Problems(string? recipe = null, string? architecture = null, string config = "{}")
    {
        var (model, problems) = Compile(recipe, architecture, config);
        (model is null).ShouldBe(problems.Count > 0);
        return Samples.Print(problems);
    }
}
