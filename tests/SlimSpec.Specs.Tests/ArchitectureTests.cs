namespace SlimSpec.Specs.Tests;

public class ArchitectureTests
{
    [Theory]
    [InlineData("architecture: llama", "architecture: [llama]", "a.arch.yaml(1,15): error SLIM105: 'architecture' must be a name, found a list")]
    [InlineData("huggingface:", "hugingface:", "a.arch.yaml(1,1): error SLIM104: the file needs the key 'huggingface' (what Hugging Face calls it)" + "\n" +
        "a.arch.yaml(2,1): error SLIM103: unknown key 'hugingface'; did you mean 'huggingface'?")]
    [InlineData("model_types: [llama], ", "", "a.arch.yaml(2,14): error SLIM104: 'huggingface' needs the key 'model_types' (values of model_type in config.json)")]
    [InlineData("default: hidden / heads", "defalt: hidden / heads", "a.arch.yaml(9,30): error SLIM103: unknown key 'defalt' in 'dims.head_dim'; did you mean 'default'?")]
    [InlineData("prefix: model.layers", "prefix: model layers", "a.arch.yaml(20,11): error SLIM108: 'layer.prefix' must be names joined by dots, such as model.layers, found 'model layers'")]
    [InlineData("  positions: max_position_embeddings\n", "", "a.arch.yaml(4,3): error SLIM104: 'dims' needs the dimension 'positions', which every architecture has")]
    [InlineData("ffn: intermediate_size", "ffn: [[intermediate_size]]", "a.arch.yaml(10,9): error SLIM105: 'dims.ffn[0]' must be a key of config.json, found a list")]
    [InlineData("hidden_act: silu", "hidden_act: [[silu]]", "a.arch.yaml(16,26): error SLIM105: 'requires.hidden_act[0]' must be a word, a number, true, false or null, found a list")]
    public void TheFileHasTheKeysOfTheLanguage(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Samples.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("architecture: llama", "architecture: \"lla<ma\"", "a.arch.yaml(1,15): error SLIM108: 'architecture' must be letters, digits, '-', '_' and '.', found 'lla<ma'")]
    [InlineData("class: LlamaForCausalLM", "class: \"Llama()\"", "a.arch.yaml(2,45): error SLIM108: 'huggingface.class' must be letters, digits, '-', '_' and '.', found 'Llama()'")]
    [InlineData("ffn: intermediate_size", "ffn: intermediate_size\n  Wide: wide", "a.arch.yaml(11,3): error SLIM108: the dimension 'Wide' must be lower-case words joined by underscores, such as input_norm")]
    [InlineData("ffn: intermediate_size", "ffn: intermediate_size\n  \"wide\\n\": wide", "a.arch.yaml(11,3): error SLIM108: the dimension 'wide\\u000A' must be lower-case words joined by underscores, such as input_norm")]
    [InlineData("ffn: intermediate_size", "ffn: intermediate_size\n  class: wide", "a.arch.yaml(11,3): error SLIM108: the dimension 'class' is a keyword of C#")]
    [InlineData("ffn: intermediate_size", "ffn: intermediate_size\n  parameters: wide", "a.arch.yaml(11,3): error SLIM108: the dimension 'parameters' is taken by the generated code")]
    [InlineData("constants:\n", "constants:\n  kvheads: { key: a, default: 1 }\n", "a.arch.yaml(13,3): error SLIM108: the constant 'kvheads' and 'kv_heads' would have one name in generated code")]
    [InlineData("constants:\n", "constants:\n  heads: { key: a, default: 1 }\n", "a.arch.yaml(13,3): error SLIM108: there is a dimension or constant 'heads' already")]
    [InlineData("act: { op: silu, in: gate }", "act: { op: silu, in: gate }\n    act_2: { op: silu, in: act }\n    act2: { op: silu, in: act }", "a.arch.yaml(34,5): error SLIM108: the nodes 'act2' and 'act_2' would have one name in generated code")]
    [InlineData("act: { op: silu, in: gate }", "act: { op: silu, in: gate }\n    x: { op: silu, in: act }", "a.arch.yaml(33,5): error SLIM108: the node cannot be called 'x', which is the section's input")]
    [InlineData("act: { op: silu, in: gate }", "tokens: { op: silu, in: gate }", "a.arch.yaml(32,5): error SLIM108: the node 'tokens' is taken by the generated code" + "\n" + "a.arch.yaml(33,30): error SLIM211: 'layer.nodes.product' reads the unknown node 'act'; known: x, input_norm, q, k, v, attention, o, residual, post_norm, gate, up, tokens")]
    [InlineData("act: { op: silu, in: gate }", "heads: { op: silu, in: gate }\n    act: { op: silu, in: heads }", "a.arch.yaml(32,5): error SLIM108: the node 'heads' cannot have the name that the dimension 'heads' has in generated code")]
    [InlineData("act: { op: silu, in: gate }", "kv_heads_width: { op: silu, in: gate }\n    act: { op: silu, in: kv_heads_width }", "a.arch.yaml(32,5): error SLIM108: the node 'kv_heads_width' cannot have the name that the dimension 'kv_heads' has in generated code")]
    [InlineData("act: { op: silu, in: gate }", "q_heads: { op: silu, in: gate }\n    act: { op: silu, in: q_heads }", "a.arch.yaml(32,5): error SLIM108: the node 'q_heads' cannot have the name that the heads of an attention's input have in generated code")]
    [InlineData("mlp: ffn", "mlp: ffn\n  Mlp: ffn", "a.arch.yaml(41,3): error SLIM108: the unit 'Mlp' must be lower-case words joined by underscores, such as input_norm" + "\n" +
        "a.arch.yaml(41,8): error SLIM217: the unit 'Mlp' cannot be counted by 'ffn', which counts the unit 'mlp'")]
    [InlineData("mlp: ffn", "m_lp: ffn\n  mlp: ffn", "a.arch.yaml(41,3): error SLIM108: the units 'mlp' and 'm_lp' would have one name in generated code" + "\n" +
        "a.arch.yaml(41,8): error SLIM217: the unit 'mlp' cannot be counted by 'ffn', which counts the unit 'm_lp'")]
    public void NamesServeAsCSharp(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Samples.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("default: hidden / heads", "default: hidden / haeds", "a.arch.yaml(9,39): error SLIM212: the default of 'head_dim' names 'haeds', which is no dimension above it; did you mean 'heads'?")]
    [InlineData("default: hidden / heads", "default: ffn / heads", "a.arch.yaml(9,39): error SLIM212: the default of 'head_dim' names 'ffn', which is no dimension above it; known: vocab, hidden, layers, heads, kv_heads")]
    [InlineData("default: hidden / heads", "default: hidden /", "a.arch.yaml(9,39): error SLIM216: the default of 'head_dim' must be dimensions and integers with + - * /, found 'hidden /'")]
    [InlineData("default: hidden / heads", "default: (hidden)", "a.arch.yaml(9,39): error SLIM216: the default of 'head_dim' must be dimensions and integers with + - * /, found '(hidden)'")]
    [InlineData("default: 10000.0", "default: big", "a.arch.yaml(26,66): error SLIM105: 'layer.nodes.attention.rope.theta' must name a constant that is a number, but the default of 'theta' is not")]
    public void DefaultsAreExpressionsOverEarlierDimensions(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Samples.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("act: { op: silu, in: gate }", "act: { op: silo, in: gate }", "a.arch.yaml(32,16): error SLIM210: 'layer.nodes.act' has the unknown operation 'silo'; did you mean 'silu'?")]
    [InlineData("act: { op: silu, in: gate }", "act: { in: gate }", "a.arch.yaml(32,10): error SLIM104: 'layer.nodes.act' needs the key 'op': embedding, linear, rms_norm, layer_norm, scale, add, mul, silu, gelu, gelu_tanh, relu, activation, attention, choose")]
    [InlineData("act: { op: silu, in: gate }", "act: silu", "a.arch.yaml(32,10): error SLIM105: 'layer.nodes.act' must be a node such as { op: silu, in: gate }, found the text \"silu\"")]
    [InlineData("act: { op: silu, in: gate }", "act: { op: [silu], in: gate }", "a.arch.yaml(32,16): error SLIM105: 'layer.nodes.act.op' must be a name, found a list")]
    public void OperationsAreKnown(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Samples.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("act: { op: silu, in: gate }", "act: { op: silu, in: gaet }", "a.arch.yaml(32,26): error SLIM211: 'layer.nodes.act' reads the unknown node 'gaet'; did you mean 'gate'?")]
    [InlineData("act: { op: silu, in: gate }", "act: { op: silu, in: down }", "a.arch.yaml(32,26): error SLIM211: 'layer.nodes.act' reads 'down', which is not computed before it: nodes run in the order of the file")]
    [InlineData("act: { op: silu, in: gate }", "act: { op: silu, in: act }", "a.arch.yaml(32,26): error SLIM211: 'layer.nodes.act' reads 'act', which is not computed before it: nodes run in the order of the file")]
    [InlineData("in: ids", "in: x", "a.arch.yaml(18,27): error SLIM211: 'embedding.x' reads 'x', which is not computed before it: nodes run in the order of the file")]
    [InlineData("rms_norm, in: x, eps: eps, weight: input_layernorm", "rms_norm, in: ids, eps: eps, weight: input_layernorm", "a.arch.yaml(22,37): error SLIM211: 'layer.nodes.input_norm' reads the unknown node 'ids'; known: x")]
    public void NodesReadEarlierNodes(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Samples.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("act: { op: silu, in: gate }", "act: { op: silu, in: [gate, up] }", "a.arch.yaml(32,26): error SLIM105: 'layer.nodes.act.in' must be a name, found a list")]
    [InlineData("act: { op: silu, in: gate }", "act: { op: silu }", "a.arch.yaml(32,10): error SLIM104: 'layer.nodes.act' needs the key 'in', as every silu")]
    [InlineData("act: { op: silu, in: gate }", "act: { op: silu, in: gate, weight: w }", "a.arch.yaml(32,32): error SLIM103: unknown key 'weight' in 'layer.nodes.act'; known: op, in, when")]
    [InlineData("in: [act, up]", "in: [act]", "a.arch.yaml(33,29): error SLIM105: 'layer.nodes.product.in' must be a list of 2 to 8 nodes, found 1")]
    [InlineData("in: [act, up]", "in: act", "a.arch.yaml(33,29): error SLIM105: 'layer.nodes.product.in' must be a list of 2 to 8 nodes, found the text \"act\"")]
    [InlineData("weight: mlp.up_proj", "wieght: mlp.up_proj", "a.arch.yaml(31,9): error SLIM104: 'layer.nodes.up' needs the key 'weight', as every linear" + "\n" +
        "a.arch.yaml(31,48): error SLIM103: unknown key 'wieght' in 'layer.nodes.up'; did you mean 'weight'?")]
    [InlineData("weight: mlp.up_proj", "weight: mlp/up_proj", "a.arch.yaml(31,56): error SLIM108: 'layer.nodes.up.weight' must be names joined by dots, without .weight, found 'mlp/up_proj'")]
    [InlineData("rope: { theta: theta }", "rope: theta", "a.arch.yaml(26,57): error SLIM105: 'layer.nodes.attention.rope' must be a mapping with the keys theta, dims, fraction, style, planes, frequencies, scaling, factor, low_freq_factor, high_freq_factor, original_positions, when, found the text \"theta\"")]
    [InlineData("rope: { theta: theta }", "rope: {}", "a.arch.yaml(26,57): error SLIM104: 'layer.nodes.attention.rope' needs the key 'theta'")]
    [InlineData("tied: { when: tied", "tied: { wenn: tied", "a.arch.yaml(38,70): error SLIM104: 'head.logits.tied' needs the key 'when'" + "\n" +
        "a.arch.yaml(38,72): error SLIM103: unknown key 'wenn' in 'head.logits.tied'; known: when, to")]
    [InlineData("out: ffn, weight: mlp.up_proj", "out: [ffn, ffn], weight: mlp.up_proj", "a.arch.yaml(31,49): error SLIM111: 'layer.nodes.up.out[1]' repeats 'ffn'")]
    public void NodesHaveTheKeysOfTheirOperation(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Samples.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("out: ffn, weight: mlp.up_proj", "out: fnn, weight: mlp.up_proj", "a.arch.yaml(31,43): error SLIM212: 'layer.nodes.up.out' names the unknown dimension 'fnn'; did you mean 'ffn'?")]
    [InlineData("rows: vocab", "rows: vocb", "a.arch.yaml(18,38): error SLIM212: 'embedding.x.rows' names the unknown dimension 'vocb'; did you mean 'vocab'?")]
    [InlineData("theta: theta", "theta: thta", "a.arch.yaml(26,66): error SLIM212: 'layer.nodes.attention.rope.theta' names the unknown constant 'thta'; did you mean 'theta'?")]
    [InlineData("theta: theta", "theta: tied", "a.arch.yaml(26,66): error SLIM105: 'layer.nodes.attention.rope.theta' must name a constant that is a number, but the default of 'tied' is not")]
    [InlineData("when: tied", "when: eps", "a.arch.yaml(38,78): error SLIM105: 'head.logits.tied.when' must name a constant that is a flag, but the default of 'eps' is not")]
    [InlineData("to: model.embed_tokens", "to: model.embed_token", "a.arch.yaml(38,88): error SLIM212: 'head.logits.tied.to' names 'model.embed_token', which is no weight of the embedding; did you mean 'model.embed_tokens'?")]
    [InlineData("default: 10000.0", "default: 0.5", "a.arch.yaml(26,66): error SLIM107: 'layer.nodes.attention.rope.theta' must be a number above 1 and at most 1000000000000000, but the default of 'theta' is not")]
    [InlineData("out: ffn, weight: mlp.up_proj", "out: ffn, weight: mlp.up_proj, tied: { when: tied, to: model.embed_tokens }", "a.arch.yaml(31,93): error SLIM212: 'layer.nodes.up.tied.to' can be in the head only")]
    public void DimensionsConstantsAndWeightsExist(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Samples.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("in: [act, up]", "in: [act, x]", "a.arch.yaml(33,29): error SLIM213: 'layer.nodes.product' must read equal axes, but 'act' has [ffn] and 'x' has [hidden]")]
    [InlineData("v: { op: linear, in: input_norm, out: [kv_heads, head_dim]", "v: { op: linear, in: input_norm, out: [heads, head_dim]", "a.arch.yaml(26,48): error SLIM213: 'layer.nodes.attention' must read keys and values of equal axes, but 'k' has [kv_heads, head_dim] and 'v' has [heads, head_dim]")]
    [InlineData("q: { op: linear, in: input_norm, out: [heads, head_dim]", "q: { op: linear, in: input_norm, out: hidden", "a.arch.yaml(26,36): error SLIM213: 'layer.nodes.attention.q' must have an axis [heads, head_dim], but 'q' has [hidden]")]
    [InlineData("q: { op: linear, in: input_norm, out: [heads, head_dim]", "q: { op: linear, in: input_norm, out: [heads, ffn]", "a.arch.yaml(26,42): error SLIM213: 'layer.nodes.attention' must read queries and keys of one head size, but 'q' has [heads, ffn] and 'k' has [kv_heads, head_dim]")]
    [InlineData("rows: vocab", "rows: positions", "a.arch.yaml(18,38): error SLIM213: 'embedding.x.rows' must be 'vocab' for a table read by 'ids', found 'positions'" + "\n" + "a.arch.yaml(38,70): error SLIM213: 'logits' maps [hidden] to [vocab] and cannot be tied to 'model.embed_tokens', which has rows [positions] of [hidden]")]
    public void AxesFitTheOperations(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Samples.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("mlp.up_proj", "mlp.gate_proj", "a.arch.yaml(31,56): error SLIM214: 'layer.nodes.up.weight' is 'mlp.gate_proj', which another node has already")]
    [InlineData("model.norm", "model.embed_tokens", "a.arch.yaml(37,50): error SLIM214: 'head.norm.weight' is 'model.embed_tokens', which another node has already")]
    public void WeightsHaveNamesOfTheirOwn(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Samples.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("output: { op: add, in: [residual, down] }", "output: { op: silu, in: gate }", "a.arch.yaml(35,5): error SLIM215: 'layer.nodes' must end in the axis [hidden], but its last node 'output' has [ffn]")]
    [InlineData("out: vocab, weight: lm_head", "out: ffn, weight: lm_head", "a.arch.yaml(38,3): error SLIM215: 'head' must end in the axis [vocab], but its last node 'logits' has [ffn]" + "\n" +
        "a.arch.yaml(38,68): error SLIM213: 'logits' maps [hidden] to [ffn] and cannot be tied to 'model.embed_tokens', which has rows [vocab] of [hidden]")]
    public void SectionsEndInTheirAxis(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Samples.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("act: { op: silu, in: gate }", "act: { op: embedding, in: gate, rows: vocab, out: ffn, weight: w }", "a.arch.yaml(32,16): error SLIM218: 'layer.nodes.act' cannot be embedding here, only linear, rms_norm, layer_norm, scale, add, mul, silu, gelu, gelu_tanh, relu, activation, attention, choose")]
    [InlineData("norm: { op: rms_norm, in: x, eps: eps, weight: model.norm }", "norm: { op: attention, q: x, k: x, v: x }", "a.arch.yaml(37,15): error SLIM218: 'head.norm' cannot be attention here, only linear, rms_norm, layer_norm, scale, add, mul, silu, gelu, gelu_tanh, relu, activation, choose")]
    [InlineData("o: { op: linear, in: attention, out: hidden", "attention2: { op: attention, q: attention, k: k, v: v }\n    o: { op: linear, in: attention2, out: hidden", "a.arch.yaml(22,5): error SLIM218: 'layer.nodes' must have one attention, or several of which each has 'when', and has 2")]
    [InlineData("to: model.embed_tokens } }", "to: model.embed_tokens } }\n  last: { op: rms_norm, in: logits, eps: eps, weight: last }", "a.arch.yaml(38,3): error SLIM218: only the last node of 'head' can be tied" + "\n" +
        "a.arch.yaml(39,3): error SLIM218: 'head' must end in a linear to [vocab], without 'when'")]
    public void OperationsStandWhereTheyCan(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Samples.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("act: { op: silu, in: gate }", "act: { op: silu, in: gate }\n    spare: { op: relu, in: gate }", "a.arch.yaml(33,5): error SLIM219: nothing reads the node 'spare'")]
    [InlineData("in: [residual, down]", "in: [residual, o]", "a.arch.yaml(34,5): error SLIM219: nothing reads the node 'down'")]
    public void EveryNodeIsRead(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Samples.Architecture.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("mlp: ffn", "mlp: fnn", "a.arch.yaml(40,8): error SLIM212: the unit 'mlp' is counted by 'fnn', which is no dimension; did you mean 'ffn'?")]
    [InlineData("mlp: ffn", "mlp: vocab", "a.arch.yaml(40,8): error SLIM217: the unit 'mlp' cannot be counted by 'vocab': units are what a linear of the layer puts out, outermost; known: heads, kv_heads, hidden, ffn")]
    [InlineData("attention: kv_heads", "attention: head_dim", "a.arch.yaml(41,14): error SLIM217: the unit 'attention' cannot be counted by 'head_dim': units are what a linear of the layer puts out, outermost; known: heads, kv_heads, hidden, ffn")]
    [InlineData("mlp: ffn", "mlp: ffn\n  gates: ffn", "a.arch.yaml(41,10): error SLIM217: the unit 'gates' cannot be counted by 'ffn', which counts the unit 'mlp'")]
    [InlineData("output: { op: add, in: [residual, down] }", "gate2: { op: linear, in: post_norm, out: ffn, weight: gate2 }\n    down2: { op: linear, in: gate2, out: hidden, weight: down2 }\n    output: { op: add, in: [residual, down, down2] }", "a.arch.yaml(42,8): error SLIM217: the unit 'mlp' cannot be counted by 'ffn': 'gate' and 'gate2' both put it out, and nothing ties them: give each a dimension of its own")]
    public void UnitsCanBeCut(string old, string replacement, string problems) =>
        Samples.ArchitectureProblems(Samples.Architecture.With(old, replacement)).ShouldBe(problems);
}
