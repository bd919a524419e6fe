namespace SlimSpec.Specs.Tests;

public class ConfigurationTests
{
    private const string Config = """
        { "model_type": "rich", "n_embd": 64, "n_layer": 8, "n_head": 4, "vocab_size": 256, "n_positions": 128, "start_id": 1, "mark_id": 2,
        """;

    [Theory]
    [InlineData("act: gelu_neww", "a.slim.yaml(13,8): error SLIM106: 'act' must be one of silu, swish, gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, gelu_tanh, relu, found 'gelu_neww'; did you mean 'gelu_new'?")]
    [InlineData("act: 3", "a.slim.yaml(13,8): error SLIM106: 'act' must be one of silu, swish, gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, gelu_tanh, relu, found '3'")]
    [InlineData("act: [silu]", "a.slim.yaml(13,8): error SLIM105: 'act' must be one of silu, swish, gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, gelu_tanh, relu, found a list")]
    [InlineData("gain: much", "a.slim.yaml(13,9): error SLIM105: 'gain' must be a number of at least -1000000 and at most 1000000, found the text \"much\"")]
    [InlineData("gain: null", "")]
    [InlineData("window: 0", "a.slim.yaml(13,11): error SLIM107: 'window' must be a whole number of at least 1 and at most 1000000000, found 0")]
    [InlineData("window: 3.5", "a.slim.yaml(13,11): error SLIM107: 'window' must be a whole number of at least 1 and at most 1000000000, found 3.5")]
    [InlineData("window: null", "")]
    [InlineData("biased: 1", "a.slim.yaml(13,11): error SLIM105: 'biased' must be true or false, found 1")]
    [InlineData("biased: null", "")]
    [InlineData("act: null", "")]
    [InlineData("eps: 2", "a.slim.yaml(13,8): error SLIM107: 'eps' must be a number above 0 and at most 1, found 2")]
    [InlineData("rope: { type: linear }\ntheta: 100", "a.slim.yaml(13,17): error SLIM207: the scaling linear of rotary positions needs 'rope.factor'")]
    [InlineData("rope: { type: linear, factor: 2 }\ntheta: 100", "")]
    [InlineData("rope: { type: llama3, factor: 2, low: 1, original: 64 }\ntheta: 100", "a.slim.yaml(13,17): error SLIM207: the scaling llama3 of rotary positions needs 'rope.high'")]
    [InlineData("rope: { type: llama3, factor: 2, low: 1, high: 4, original: 64 }\ntheta: 100", "")]
    [InlineData("rope: { type: llama4 }\ntheta: 100", "a.slim.yaml(13,17): error SLIM106: 'rope.type' must be one of none, default, linear, llama3, found 'llama4'; did you mean 'llama3'?")]
    [InlineData("rope: { type: null }", "")]
    [InlineData("rope: null", "")]
    [InlineData("rope: 8", "a.slim.yaml(13,9): error SLIM105: 'model.rope' must be a mapping, found 8")]
    [InlineData("rope: { typ: linear }", "a.slim.yaml(13,11): error SLIM103: unknown key 'typ' in 'model.rope'; did you mean 'type'?")]
    [InlineData("rope: { type: { a: 1 } }", "a.slim.yaml(13,17): error SLIM105: 'rope.type' must be one of none, default, linear, llama3, found a mapping")]
    [InlineData("rope.type: linear", "a.slim.yaml(13,3): error SLIM103: unknown key 'rope.type' in 'model'; did you mean 'rope'?")]
    [InlineData("roep: { type: linear }", "a.slim.yaml(13,3): error SLIM103: unknown key 'roep' in 'model'; did you mean 'rope'?")]
    [InlineData("hidden_size: 60", "")]
    [InlineData("rotary_dim: 7\ntheta: 100", "a.slim.yaml(13,15): error SLIM204: 'rotary_dim' is 7 and must be even: rotary positions turn pairs of channels")]
    [InlineData("rotary_dim: 18\ntheta: 100", "a.slim.yaml(13,15): error SLIM107: 'rotary_dim' is 18 and must be at most 'head_dim' 16: no more channels can be rotated than a head has")]
    [InlineData("rotary_dim: 18", "")]
    [InlineData("n_inner: null", "")]
    [InlineData("n_inner: 0", "a.slim.yaml(13,12): error SLIM107: 'n_inner' must be an integer from 1 to 1048576, found 0")]
    public void ValuesFitTheirUse(string lines, string problems) =>
        Rich.Problems(Rich.With(lines)).ShouldBe(problems);

    [Theory]
    [InlineData("\"flavour\": \"x\"", "")]
    [InlineData("\"flavour\": \"y\"", "config.json(2,12): error SLIM205: 'flavour' is \"y\", but the architecture 'rich' computes \"x\" only")]
    [InlineData("\"flavour\": null", "config.json(2,12): error SLIM205: 'flavour' is null, but the architecture 'rich' computes \"x\" only")]
    [InlineData("\"rope\": { \"mode\": \"plain\" }", "")]
    [InlineData("\"rope\": { \"mode\": 2 }", "")]
    [InlineData("\"rope\": { \"mode\": \"odd\" }", "config.json(2,19): error SLIM205: 'rope.mode' is \"odd\", but the architecture 'rich' computes \"plain\" or 2 only")]
    [InlineData("\"rope\": { \"mode\": null }", "config.json(2,19): error SLIM205: 'rope.mode' is null, but the architecture 'rich' computes \"plain\" or 2 only")]
    [InlineData("\"rope\": { \"mode\": [2] }", "config.json(2,19): error SLIM205: 'rope.mode' is a list, but the architecture 'rich' computes \"plain\" or 2 only")]
    [InlineData("\"rope\": null", "")]
    [InlineData("\"rope\": 5", "config.json(2,9): error SLIM105: 'rope' must be a mapping, found 5")]
    [InlineData("\"rope\": {}", "")]
    [InlineData("\"hidden_size\": 62", "config.json(2,16): error SLIM204: 'hidden_size' 62 is not divisible by 'n_head' 4, and 'head_dim' is hidden / heads where it is not given")]
    [InlineData("\"hidden_size\": null", "")]
    [InlineData("\"rope\": { \"type\": \"linear\" }, \"theta\": 10000", "config.json(2,19): error SLIM207: the scaling linear of rotary positions needs 'rope.factor'")]
    [InlineData("\"rope\": { \"type\": \"linear\", \"factor\": null }, \"theta\": 10000", "config.json(2,19): error SLIM207: the scaling linear of rotary positions needs 'rope.factor'")]
    [InlineData("\"rope\": { \"type\": 3 }", "config.json(2,19): error SLIM106: 'rope.type' must be one of none, default, linear, llama3, found '3'")]
    [InlineData("\"act\": \"gelo\"", "config.json(2,8): error SLIM106: 'act' must be one of silu, swish, gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, gelu_tanh, relu, found 'gelo'; did you mean 'gelu'?")]
    [InlineData("\"n_kv\": 3", "config.json(2,9): error SLIM204: 'n_head' 4 is not divisible by 'n_kv' 3: every KV head serves equally many query heads")]
    [InlineData("\"rope\": [1]", "config.json(2,9): error SLIM105: 'rope' must be a mapping, found a list")]
    public void KeysMayBeNested(string keys, string problems) =>
        Rich.Problems("spec: 1\nname: Small\nmodel: { architecture: rich, config: config.json }", config: $"{Config}\n{keys} }}").ShouldBe(problems);

    [Theory]
    [InlineData("dims: rotary, scaling: scaling, factor: factor, low_freq_factor: low, high_freq_factor: high, original_positions: original, ", "fraction: 0.45, ", "theta: 100", "a.slim.yaml(5,11): error SLIM204: 0.45 of 'head_dim' 16 is 7 and must be even: rotary positions turn pairs of channels")]
    [InlineData("dims: rotary, scaling: scaling, factor: factor, low_freq_factor: low, high_freq_factor: high, original_positions: original, ", "fraction: 0.01, ", "theta: 100", "a.slim.yaml(5,11): error SLIM204: 0.01 of 'head_dim' 16 is none: nothing would be rotated")]
    [InlineData("dims: rotary, scaling: scaling, factor: factor, low_freq_factor: low, high_freq_factor: high, original_positions: original, ", "fraction: gain, ", "gain: 0.2\n  theta: 100", "a.slim.yaml(13,9): error SLIM204: 0.2 of 'head_dim' 16 is 3 and must be even: rotary positions turn pairs of channels")]
    [InlineData("dims: rotary, scaling: scaling, factor: factor, low_freq_factor: low, high_freq_factor: high, original_positions: original, ", "planes: 2, ", "head_dim: 6\n  theta: 100", "a.slim.yaml(13,13): error SLIM204: 'head_dim' is 6 and must be divisible by 4: rotary positions in two planes turn pairs of channels in each half")]
    [InlineData("dims: rotary, scaling: scaling, factor: factor, low_freq_factor: low, high_freq_factor: high, original_positions: original, ", "style: interleaved, ", "head_dim: 7\n  theta: 100", "a.slim.yaml(13,13): error SLIM204: 'head_dim' is 7 and must be even: rotary positions turn pairs of channels")]
    [InlineData("{ start: start, marks: [mark] }", "{ start: gain, marks: [mark] }", "gain: 256", "a.slim.yaml(13,9): error SLIM107: 'gain' is 256 and must be below 'vocab_size' 256: it is the id of a token")]
    [InlineData("{ start: start, marks: [mark] }", "{ start: gain, marks: [mark] }", "gain: 1.5", "a.slim.yaml(13,9): error SLIM107: 'gain' must be a whole number of at least 0 and at most 1000000, found 1.5")]
    [InlineData("kv_heads: { key: n_kv, default: heads }", "kv_heads: 3", "eps: 0.1", "rich.arch.yaml(71,31): error SLIM217: the unit 'attention' cannot be counted by 'kv_heads', which is always 3")]
    [InlineData("default: sqrt(2 * layers)", "default: layers / 3", "eps: 0.1", "a.slim.yaml(6,15): error SLIM204: layers is not divisible by 3, and 'gain' is layers / 3 where it is not given")]
    [InlineData("default: sqrt(2 * layers)", "default: sqrt(layers - hidden)", "eps: 0.1", "a.slim.yaml(6,15): error SLIM107: 'gain' must be a number of at least -1000000 and at most 1000000, and is sqrt(layers - hidden) where it is not given")]
    [InlineData("default: sqrt(2 * layers)", "default: hidden", "eps: 0.1", "")]
    public void SizesFitTheGraph(string old, string replacement, string lines, string problems) =>
        Rich.Problems(Rich.With(lines.Replace("\n  ", "\n", StringComparison.Ordinal)), Rich.Architecture.With(old, replacement)).ShouldBe(problems);
}
