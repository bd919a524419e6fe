namespace SlimSpec.Specs.Tests;

public class GraphLanguageTests
{
    [Fact]
    public void TheWholeLanguageIsAccepted() => Rich.Problems().ShouldBe("");

    [Theory]
    [InlineData("weight: m.widen, when: embed != hidden", "weight: m.widen, when: pre_norm", "a.arch.yaml(35,73): error SLIM213: 'embedding.widened' maps [embed] to [hidden] and can be left out only under the condition 'embed != hidden'")]
    [InlineData("weight: m.widen, when: embed != hidden", "weight: m.widen, when: embed != hidden and pre_norm", "a.arch.yaml(35,73): error SLIM213: 'embedding.widened' maps [embed] to [hidden] and can be left out only under the condition 'embed != hidden'")]
    [InlineData("weight: m.widen, when: embed != hidden", "weight: m.widen, when: embed != ffn", "a.arch.yaml(35,73): error SLIM213: 'embedding.widened' maps [embed] to [hidden] and can be left out only under the condition 'embed != hidden'")]
    [InlineData("weight: mlp.up, bias: true", "weight: mlp.up, when: ffn == hidden", "a.arch.yaml(62,67): error SLIM213: 'layer.nodes.up' maps [hidden] to [ffn] and can be left out only under the condition 'hidden != ffn'")]
    [InlineData("weight: attn.o, bias: biased", "weight: attn.o, when: heads != hidden", "a.arch.yaml(58,72): error SLIM213: 'layer.nodes.o' maps [heads, head_dim] to [hidden] and cannot be left out")]
    [InlineData("out: hidden, weight: m.wpe", "out: hidden, weight: m.wpe, when: pre_norm", "a.arch.yaml(36,104): error SLIM109: 'embedding.place' is an embedding and cannot have 'when': let a choose pass it over")]
    [InlineData("interleaved: kv_heads", "interleaved: kv_heads\n      when: pre_norm", "a.arch.yaml(47,13): error SLIM109: 'layer.nodes.qkv' has several outputs and cannot have 'when'")]
    [InlineData("chosen: { op: choose, when: pre_norm and heads == kv_heads,", "chosen: { op: choose,", "a.arch.yaml(61,13): error SLIM104: 'layer.nodes.chosen' needs the key 'when', as every choose")]
    [InlineData("in: [sum, behind] }", "in: [sum, behind, x] }", "a.arch.yaml(61,69): error SLIM105: 'layer.nodes.chosen.in' must be a list of 2 nodes, found 3")]
    [InlineData("in: [sum, behind] }", "in: [sum, q] }", "a.arch.yaml(61,69): error SLIM213: 'layer.nodes.chosen' must read equal axes, but 'sum' has [hidden] and 'q' has [heads, head_dim]")]
    public void NodesThatMayVanishLeaveTheGraphWhole(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Rich.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("weight: ln_1, when: not pre_norm", "weight: ln_1", "a.arch.yaml(60,58): error SLIM214: 'layer.nodes.behind.weight' is 'ln_1', which another node has already: both need 'when'")]
    [InlineData("weight: mlp.down", "weight: ln_1", "a.arch.yaml(64,55): error SLIM214: 'layer.nodes.down.weight' is 'ln_1', which another node has already: both need 'when'")]
    [InlineData("slopes: attn.slopes", "slopes: attn.qkv", "a.arch.yaml(56,24): error SLIM214: 'layer.nodes.attention.alibi.slopes' is 'attn.qkv', which another node has already")]
    [InlineData("slopes: attn.slopes", "slopes: attn/slopes", "a.arch.yaml(56,24): error SLIM108: 'layer.nodes.attention.alibi.slopes' must be names joined by dots, without .weight, found 'attn/slopes'")]
    [InlineData("weight: head,", "weight: m.norm,", "a.arch.yaml(70,59): error SLIM214: 'head.logits.weight' is 'm.norm', which another node has already")]
    public void WeightsShareANameOnlyIfEachHasACondition(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Rich.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("in: chosen, out: ffn", "in: qkv, out: ffn", "a.arch.yaml(62,27): error SLIM211: 'layer.nodes.up' reads 'qkv', which has several outputs: read one of q, k, v")]
    [InlineData("q: q\n      k: k", "q: qkv\n      k: k", "a.arch.yaml(52,10): error SLIM211: 'layer.nodes.attention' reads 'qkv', which has several outputs: read one of q, k, v")]
    [InlineData("out: { q: [heads, head_dim], k: [kv_heads, head_dim], v: [kv_heads, head_dim] }", "out: { q: [heads, head_dim] }", "a.arch.yaml(45,12): error SLIM105: 'layer.nodes.qkv.out' must be a dimension, a list of them, or a mapping of 2 to 8 nodes to either, found a mapping of 1" + "\n" +
        "a.arch.yaml(53,10): error SLIM211: 'layer.nodes.attention' reads the unknown node 'k'; did you mean 'x'?" + "\n" +
        "a.arch.yaml(54,10): error SLIM211: 'layer.nodes.attention' reads the unknown node 'v'; did you mean 'x'?")]
    [InlineData("{ q: [heads, head_dim], k:", "{ q: [heads, haed_dim], k:", "a.arch.yaml(45,25): error SLIM212: 'layer.nodes.qkv.out.q' names the unknown dimension 'haed_dim'; did you mean 'head_dim'?")]
    [InlineData("{ q: [heads, head_dim], k:", "{ before: [heads, head_dim], k:", "a.arch.yaml(45,14): error SLIM108: there is a node 'before' already" + "\n" +
        "a.arch.yaml(52,10): error SLIM211: 'layer.nodes.attention' reads the unknown node 'q'; did you mean 'x'?")]
    [InlineData("{ q: [heads, head_dim], k:", "{ Q: [heads, head_dim], k:", "a.arch.yaml(45,14): error SLIM108: the node 'Q' must be lower-case words joined by underscores, such as input_norm" + "\n" +
        "a.arch.yaml(52,10): error SLIM211: 'layer.nodes.attention' reads the unknown node 'q'; did you mean 'Q'?")]
    [InlineData("{ q: [heads, head_dim], k:", "{ qkv: [heads, head_dim], k:", "a.arch.yaml(45,14): error SLIM108: there is a node 'qkv' already" + "\n" +
        "a.arch.yaml(52,10): error SLIM211: 'layer.nodes.attention' reads the unknown node 'q'; did you mean 'x'?")]
    [InlineData("interleaved: kv_heads", "interleaved: kv_head", "a.arch.yaml(46,20): error SLIM212: 'layer.nodes.qkv.interleaved' names the unknown dimension 'kv_head'; did you mean 'kv_heads'?")]
    [InlineData("interleaved: kv_heads", "interleaved: head_dim", "a.arch.yaml(46,20): error SLIM213: 'layer.nodes.qkv.interleaved' must be the outermost dimension of its outputs, or group it as kv_heads does heads, found 'head_dim'; known: heads, kv_heads")]
    [InlineData("weight: mlp.down", "weight: mlp.down, interleaved: ffn", "a.arch.yaml(64,78): error SLIM109: 'layer.nodes.down.interleaved' is for a linear with several outputs")]
    [InlineData("{ q: [heads, head_dim], k: [kv_heads, head_dim], v: [kv_heads, head_dim] }", "{ q: [heads, head_dim], k: [kv_heads, head_dim], v: ffn }", "a.arch.yaml(46,20): error SLIM213: 'layer.nodes.qkv.interleaved' is 'kv_heads', which does not group 'v': it has [ffn]" + "\n" +
        "a.arch.yaml(54,10): error SLIM213: 'layer.nodes.attention.v' must have an axis [heads, head_dim], but 'v' has [ffn]")]
    [InlineData("offset: 2, out: hidden", "offset: 2, out: { a: hidden, b: hidden }", "a.arch.yaml(36,75): error SLIM105: 'embedding.place.out' must be a name or a list of names, found a mapping" + "\n" +
        "a.arch.yaml(37,31): error SLIM211: 'embedding.x' reads the unknown node 'place'; known: ids, positions, token, widened, a, b")]
    [InlineData("layout: in_out", "layout: in-out", "a.arch.yaml(49,15): error SLIM106: 'layer.nodes.qkv.layout' must be one of out_in, in_out, found 'in-out'; did you mean 'in_out'?")]
    [InlineData("q: q\n      k: k\n      v: v", "q: q\n      k: k\n      v: k", "a.arch.yaml(45,61): error SLIM219: nothing reads the node 'v'" + "\n" +
        "a.arch.yaml(71,31): error SLIM217: the unit 'attention' cannot be counted by 'kv_heads': 'k' and 'v' both put it out, and nothing ties them: give each a dimension of its own")]
    public void OutputsOfOneWeightAreNodesOfTheirOwn(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Rich.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("in: ids, rows: vocab", "in: positions, rows: vocab", "a.arch.yaml(34,48): error SLIM213: 'embedding.token.rows' must be 'positions' for a table read by 'positions', found 'vocab'")]
    [InlineData("offset: 2", "offset: -1", "a.arch.yaml(36,67): error SLIM107: 'embedding.place.offset' must be a whole number of at least 0 and at most 1000000, found -1")]
    [InlineData("offset: 2", "offset: 1.5", "a.arch.yaml(36,67): error SLIM107: 'embedding.place.offset' must be a whole number of at least 0 and at most 1000000, found 1.5")]
    [InlineData("offset: 2", "offset: eps", "a.arch.yaml(36,67): error SLIM105: 'embedding.place.offset' must be a whole number of at least 0 and at most 1000000, found the text \"eps\"")]
    [InlineData("out: embed, weight: m.wte", "out: embed, offset: 1, weight: m.wte", "a.arch.yaml(34,69): error SLIM109: 'embedding.token.offset' is for a table read by 'positions'")]
    [InlineData("rows: positions, offset: 2", "rows: vocab, offset: 2", "a.arch.yaml(36,48): error SLIM213: 'embedding.place.rows' must be 'positions' for a table read by 'positions', found 'vocab'")]
    [InlineData("in: [widened, place]", "in: [widened, positions]", "a.arch.yaml(37,21): error SLIM213: 'embedding.x' reads 'positions', which only an embedding can")]
    [InlineData("in: positions, rows: positions, offset: 2", "in: ids, rows: vocab", "a.arch.yaml(34,3): error SLIM218: 'embedding' must have one embedding that reads 'ids', and has 2")]
    [InlineData("place:", "positions:", "a.arch.yaml(36,3): error SLIM108: the node cannot be called 'positions', which is the section's input" + "\n" +
        "a.arch.yaml(37,31): error SLIM211: 'embedding.x' reads the unknown node 'place'; known: ids, positions, token, widened")]
    [InlineData("bias: true, tied: {", "layout: in_out, tied: {", "a.arch.yaml(70,73): error SLIM109: 'head.logits' cannot have the layout in_out and be tied to a table, which is [vocab, embed]")]
    [InlineData("bias: true, tied: { when: tied, to: m.wte }", "when: tied", "a.arch.yaml(70,71): error SLIM213: 'head.logits' maps [embed] to [vocab] and can be left out only under the condition 'embed != vocab'")]
    [InlineData("bias: true, tied: { when: tied, to: m.wte }", "tied: { when: teid, to: m.wpe }", "a.arch.yaml(70,71): error SLIM213: 'logits' maps [embed] to [vocab] and cannot be tied to 'm.wpe', which has rows [positions] of [hidden]" + "\n" +
        "a.arch.yaml(70,79): error SLIM212: 'head.logits.tied.when' names the unknown constant 'teid'; did you mean 'tied'?")]
    [InlineData("when: embed != hidden }\n  logits", "when: embed != hidden, tied: { when: tied, to: m.wte } }\n  logits", "a.arch.yaml(69,96): error SLIM213: 'narrowed' maps [hidden] to [embed] and cannot be tied to 'm.wte', which has rows [vocab] of [embed]")]
    public void EmbeddingAndHeadFitTheVocabularyAndThePositions(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Rich.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("dims: rotary,", "dims: rotary, fraction: 0.5,", "a.arch.yaml(55,53): error SLIM109: 'layer.nodes.attention.rope' can have 'dims' or 'fraction', not both")]
    [InlineData("dims: rotary, scaling: scaling, factor: factor, low_freq_factor: low, high_freq_factor: high, original_positions: original", "fraction: 1.5", "a.arch.yaml(55,39): error SLIM107: 'layer.nodes.attention.rope.fraction' must be a number above 0 and at most 1, found 1.5")]
    [InlineData("dims: rotary, scaling: scaling,", "dims: rotary,", "a.arch.yaml(55,51): error SLIM109: 'layer.nodes.attention.rope.factor' is for a scaling: 'rope' needs the key 'scaling'" + "\n" +
        "a.arch.yaml(55,76): error SLIM109: 'layer.nodes.attention.rope.low_freq_factor' is for a scaling: 'rope' needs the key 'scaling'" + "\n" +
        "a.arch.yaml(55,99): error SLIM109: 'layer.nodes.attention.rope.high_freq_factor' is for a scaling: 'rope' needs the key 'scaling'" + "\n" +
        "a.arch.yaml(55,125): error SLIM109: 'layer.nodes.attention.rope.original_positions' is for a scaling: 'rope' needs the key 'scaling'")]
    [InlineData("dims: rotary, scaling: scaling, factor: factor,", "dims: rotary, scaling: llama3,", "a.arch.yaml(55,13): error SLIM104: 'layer.nodes.attention.rope' needs the key 'factor' for the scaling llama3")]
    [InlineData("scaling: scaling,", "scaling: yarn,", "a.arch.yaml(55,52): error SLIM212: 'layer.nodes.attention.rope.scaling' must be a constant or one of none, default, linear, llama3, found 'yarn'")]
    [InlineData("scaling: scaling,", "scaling: act,", "a.arch.yaml(55,52): error SLIM106: 'layer.nodes.attention.rope.scaling' must be one of none, default, linear, llama3, but the default of 'act' is 'gelu_new'")]
    [InlineData("dims: rotary,", "dims: rotary, planes: 2,", "a.arch.yaml(55,35): error SLIM109: 'layer.nodes.attention.rope' cannot have 'dims' with 2 planes" + "\n" +
        "a.arch.yaml(55,63): error SLIM109: 'layer.nodes.attention.rope' cannot have 'scaling' with 2 planes")]
    [InlineData("dims: rotary,", "style: halves, planes: 3,", "a.arch.yaml(55,36): error SLIM106: 'layer.nodes.attention.rope.style' must be one of half, interleaved, found 'halves'" + "\n" +
        "a.arch.yaml(55,52): error SLIM107: 'layer.nodes.attention.rope.planes' must be a whole number of at least 1 and at most 2, found 3")]
    [InlineData("dims: rotary,", "frequencies: float64,", "a.arch.yaml(55,42): error SLIM106: 'layer.nodes.attention.rope.frequencies' must be one of float32, float16, found 'float64'; did you mean 'float32'?")]
    [InlineData("theta: theta, dims", "dims", "a.arch.yaml(55,13): error SLIM104: 'layer.nodes.attention.rope' needs the key 'theta'")]
    [InlineData("theta: theta, dims", "theta: 0.5, dims", "a.arch.yaml(55,22): error SLIM107: 'layer.nodes.attention.rope.theta' must be a number above 1 and at most 1000000000000000, found 0.5")]
    [InlineData("alibi: { slopes: attn.slopes, when: not rotates }", "alibi: { when: not rotates }", "a.arch.yaml(56,14): error SLIM104: 'layer.nodes.attention.alibi' needs the key 'slopes'")]
    [InlineData("window: window\n", "window: 0\n", "a.arch.yaml(57,15): error SLIM107: 'layer.nodes.attention.window' must be a whole number of at least 1 and at most 1000000000, found 0")]
    [InlineData("window: window\n", "window: 2.5\n", "a.arch.yaml(57,15): error SLIM107: 'layer.nodes.attention.window' must be a whole number of at least 1 and at most 1000000000, found 2.5")]
    [InlineData("window: window\n", "window: act\n", "a.arch.yaml(57,15): error SLIM105: 'layer.nodes.attention.window' must name a constant that is a number, but the default of 'act' is not")]
    [InlineData("window: window\n", "window: widow\n", "a.arch.yaml(57,15): error SLIM212: 'layer.nodes.attention.window' names the unknown constant 'widow'; did you mean 'window'?")]
    public void AttentionSaysHowItRotatesAndWhatItSees(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Rich.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("default: sqrt(2 * layers)", "default: sqrt(2 * layer)", "a.arch.yaml(27,31): error SLIM212: the default of 'gain' names 'layer', which is no dimension; did you mean 'layers'?")]
    [InlineData("default: sqrt(2 * layers)", "default: sqrt(2 * layers", "a.arch.yaml(27,31): error SLIM216: the default of 'gain' must be a number, true, false, null, a word, or an expression over dimensions such as sqrt(2 * layers), found 'sqrt(2 * layers'")]
    [InlineData("default: sqrt(2 * layers)", "default: 2 & 3", "a.arch.yaml(27,31): error SLIM216: the default of 'gain' must be a number, true, false, null, a word, or an expression over dimensions such as sqrt(2 * layers), found '2 & 3'")]
    [InlineData("default: gelu_new", "default: gelu_neww", "a.arch.yaml(63,46): error SLIM106: 'layer.nodes.act.function' must be one of silu, swish, gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, gelu_tanh, relu, but the default of 'act' is 'gelu_neww'; did you mean 'gelu_new'?")]
    [InlineData("default: gelu_new", "default: null", "a.arch.yaml(63,46): error SLIM105: 'layer.nodes.act.function' cannot be switched off by null, which is the default of 'act'")]
    [InlineData("default: gelu_new", "default: 3", "a.arch.yaml(63,46): error SLIM105: 'layer.nodes.act.function' must name a constant that is a word, but the default of 'act' is not")]
    [InlineData("function: act", "function: sillu", "a.arch.yaml(63,46): error SLIM212: 'layer.nodes.act.function' must be a constant or one of silu, swish, gelu, gelu_new, gelu_pytorch_tanh, gelu_fast, gelu_tanh, relu, found 'sillu'; did you mean 'silu'?")]
    [InlineData("by: gain", "by: act", "a.arch.yaml(65,40): error SLIM105: 'layer.nodes.scaled.by' must name a constant that is a number, but the default of 'act' is not")]
    [InlineData("when: rotates }", "when: act }", "a.arch.yaml(55,159): error SLIM105: 'layer.nodes.attention.rope.when' must name a constant that is a flag, but the default of 'act' is not")]
    [InlineData("bias: biased\n", "bias: gain\n", "a.arch.yaml(48,13): error SLIM105: 'layer.nodes.qkv.bias' must name a constant that is a flag, but the default of 'gain' is not")]
    [InlineData("eps: 1.0e-6", "eps: window", "a.arch.yaml(68,37): error SLIM105: 'head.norm.eps' cannot be switched off by null, which is the default of 'window'")]
    [InlineData("{ has: theta }", "{ has: theta, default: true }", "a.arch.yaml(19,26): error SLIM103: unknown key 'default' in 'constants.rotates'; known: has")]
    [InlineData("{ has: theta }", "{ has: [theta] }", "a.arch.yaml(19,19): error SLIM105: 'constants.rotates.has' must be a key of config.json, found a list")]
    [InlineData("rope.type", "rope..type", "a.arch.yaml(21,19): error SLIM108: 'constants.scaling' must be a key of config.json, nested ones joined by dots, found 'rope..type'")]
    [InlineData("kv_heads: { key: n_kv, default: heads }", "kv_heads: 0", "a.arch.yaml(9,13): error SLIM107: 'dims.kv_heads' must be an integer from 1 to 1048576, found 0")]
    [InlineData("kv_heads: { key: n_kv, default: heads }", "kv_heads: 2", "a.arch.yaml(71,31): error SLIM217: the unit 'attention' cannot be counted by 'kv_heads', which is always 2")]
    [InlineData("[hidden_size, n_embd]", "[hidden_size, hidden_size]", "a.arch.yaml(5,25): error SLIM111: 'dims.hidden[1]' repeats 'hidden_size'")]
    [InlineData("[hidden_size, n_embd]", "[]", "a.arch.yaml(5,11): error SLIM105: 'dims.hidden' must be a key of config.json, or { key: ..., default: ... }, found an empty list")]
    public void ConstantsAreWhatTheirUsesNeed(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Rich.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("base_prefix: m,", "base_prefix: mm,", "a.arch.yaml(2,74): error SLIM212: no weight's name starts with the 'huggingface.base_prefix' 'mm'; did you mean 'm'?")]
    [InlineData("base_prefix: m,", "base_prefix: m/,", "a.arch.yaml(2,74): error SLIM108: 'huggingface.base_prefix' must be names joined by dots, such as transformer, found 'm/'")]
    [InlineData("[attn.mask]", "attn.mask", "a.arch.yaml(2,85): error SLIM105: 'huggingface.ignore' must be a list of ends of tensors' names, found the text \"attn.mask\"")]
    [InlineData("start: start,", "start: strat,", "a.arch.yaml(32,18): error SLIM212: 'prefix' names the unknown constant 'strat'; did you mean 'start'?")]
    [InlineData("start: start,", "start: act,", "a.arch.yaml(32,18): error SLIM105: 'prefix' must name a constant that is a number, but the default of 'act' is not")]
    [InlineData("marks: [mark]", "marks: []", "a.arch.yaml(32,32): error SLIM105: 'prefix.marks' must be a list of constants, found an empty list")]
    public void CheckpointsAndPrefixesAreNamed(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Rich.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("chosen: { op: choose, when: pre_norm and heads == kv_heads, in: [sum, behind] }", "chosen: { op: linear, in: sum, out: hidden, weight: mix }", "a.arch.yaml(71,69): error SLIM217: the unit 'hidden' cannot be counted by 'hidden': 'widened' and 'chosen' both put it out, and nothing ties them: give each a dimension of its own")]
    [InlineData("norm: { op: rms_norm, in: x, eps: 1.0e-6, offset: 1, weight: m.norm }", "norm: { op: linear, in: x, out: hidden, weight: m.norm }", "a.arch.yaml(71,69): error SLIM217: the unit 'hidden' cannot be counted by 'hidden': 'widened' and 'norm' both put it out, and nothing ties them: give each a dimension of its own")]
    [InlineData("in: x, eps: 1.0e-6", "in: x, epps: 1.0e-6", "a.arch.yaml(68,9): error SLIM104: 'head.norm' needs the key 'eps', as every rms_norm" + "\n" +
        "a.arch.yaml(68,32): error SLIM103: unknown key 'epps' in 'head.norm'; did you mean 'eps'?")]
    public void ChannelsOfTheWholeModelAreTied(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Rich.Architecture.With(old, replacement)).ShouldBe(problems);
}
