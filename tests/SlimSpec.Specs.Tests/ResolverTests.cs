namespace SlimSpec.Specs.Tests;

public class ResolverTests
{
    [Fact]
    public void WhatIsSwitchedOffIsGone() => Print(Rich.Compile(Rich.With("window: null")).Recipe!.Architecture).ShouldBe("""
        token: embedding ids -> [hidden] m.wte rows=vocab
        place: embedding positions -> [hidden] m.wpe rows=positions offset=2
        x: add token place
        - before: layer_norm x ln_1 eps=eps bias=true
        - q: linear before -> [heads, head_dim] attn.qkv bias=true layout=in_out (qkv by kv_heads)
        - k: linear before -> [kv_heads, head_dim] attn.qkv bias=true layout=in_out (qkv by kv_heads)
        - v: linear before -> [kv_heads, head_dim] attn.qkv bias=true layout=in_out (qkv by kv_heads)
        - attention: attention q k v alibi.slopes=attn.slopes
        - o: linear attention -> [hidden] attn.o bias=true
        - sum: add x o
        - up: linear sum -> [ffn] mlp.up bias=true
        - act: gelu_tanh up
        - down: linear act -> [hidden] mlp.down
        - scaled: scale down by=gain
        - output: add sum scaled
        norm: rms_norm x m.norm eps=1E-06 offset=1
        logits: linear norm -> [vocab] head bias=true tied.to=m.wte
        """);

    [Fact]
    public void WhatIsSwitchedOnIsPlain() => Print(Rich.Compile(Rich.With(
        "embed_size: 32\nact: relu\npre_norm: false\nbiased: false\ntheta: 500.0\nrotary_dim: 8\nrope: { type: linear, factor: 4, low: 1 }\nwindow: 32\ngain: null\ntied: false")).Recipe!.Architecture).ShouldBe("""
        token: embedding ids -> [embed] m.wte rows=vocab
        widened: linear token -> [hidden] m.widen
        place: embedding positions -> [hidden] m.wpe rows=positions offset=2
        x: add widened place
        - q: linear x -> [heads, head_dim] attn.qkv layout=in_out (qkv by kv_heads)
        - k: linear x -> [kv_heads, head_dim] attn.qkv layout=in_out (qkv by kv_heads)
        - v: linear x -> [kv_heads, head_dim] attn.qkv layout=in_out (qkv by kv_heads)
        - attention: attention q k v rope.theta=theta rope.dims=rotary rope.scaling=linear rope.factor=factor window=window
        - o: linear attention -> [hidden] attn.o
        - sum: add x o
        - behind: layer_norm sum ln_1 eps=eps bias=true
        - up: linear behind -> [ffn] mlp.up bias=true
        - act: relu up
        - down: linear act -> [hidden] mlp.down
        - output: add behind down
        norm: rms_norm x m.norm eps=1E-06 offset=1
        narrowed: linear norm -> [embed] m.narrow
        logits: linear narrowed -> [vocab] head bias=true
        """);

    [Fact]
    public void DimensionsThatAreEqualAreOne()
    {
        var recipe = Rich.Compile().Recipe!;

        recipe.Architecture.Dimensions.Where(dimension => dimension.SameAs is not null).ShouldBe([new DimensionDefinition("embed", new(["embed_size"]), "hidden", "hidden")]);
        recipe.Dimensions.ShouldContain(new DimensionValue("embed", 64));
        Rich.Compile(Rich.With("embed_size: 32")).Recipe!.Architecture.Dimensions.ShouldAllBe(dimension => dimension.SameAs == null);
    }

    [Fact]
    public void ALastNodeThatVanishesLeavesTheOneBeforeIt()
    {
        var architecture = Rich.Architecture.With("output: { op: add, in: [behind, scaled] }", "total: { op: add, in: [behind, scaled] }\n    output: { op: layer_norm, in: total, eps: eps, weight: last, when: not pre_norm }");

        Rich.Compile(architecture: architecture).Recipe!.Architecture.Layer[^1].Name.ShouldBe("total");
        Rich.Compile(Rich.With("pre_norm: false"), architecture).Recipe!.Architecture.Layer[^1].Name.ShouldBe("output");
    }

    [Fact]
    public void WithoutConfigurationConstantsHaveTheirDefaultsAndFlagsAreFalse()
    {
        var architecture = SpecCompiler.CompileArchitecture(new SourceFile("rich.arch.yaml", Rich.Architecture.With("biased: { key: biased, default: true }", "biased: biased").With("default: gelu_new", "default: relu"))).Architecture!;

        var lines = Print(GraphResolver.ResolveDefaults(architecture)).Split('\n');

        lines.ShouldContain("- q: linear before -> [heads, head_dim] attn.qkv layout=in_out (qkv by kv_heads)");
        lines.ShouldContain("- attention: attention q k v alibi.slopes=attn.slopes");
        lines.ShouldContain("- up: linear sum -> [ffn] mlp.up bias=true");
        lines.ShouldContain("- act: relu up");
    }

    [Fact]
    public void AnActivationWithoutDefaultStaysOne()
    {
        var architecture = SpecCompiler.CompileArchitecture(new SourceFile("rich.arch.yaml", Rich.Architecture.With("act: { key: act, default: gelu_new }", "act: act"))).Architecture!;

        Print(GraphResolver.ResolveDefaults(architecture)).ShouldContain("- act: activation up function=act\n");
    }

    [Fact]
    public void ConstantsHaveTheValuesThatTheConfigurationGives()
    {
        var recipe = Rich.Compile(Rich.With("layer_norm_eps: 0.001\nact: null\ntheta: 100.0\nrope: { factor: 2 }\nhead_dim: 4")).Recipe!;

        recipe.Constants.Select(constant => (constant.Name, constant.Value)).ShouldBe(
        [
            ("eps", new(0.001, null)), ("act", new(null, null, "gelu_new")), ("pre_norm", new(null, true)), ("biased", new(null, true)), ("rotates", new(null, true)),
            ("theta", new(100, null)), ("scaling", new(null, null)), ("factor", new(2, null)), ("low", new(null, null)), ("high", new(null, null)), ("original", new(null, null)),
            ("window", new(null, null)), ("gain", new(4, null)), ("tied", new(null, true)), ("start", new(250, null)), ("mark", new(251, null)),
        ]);
        recipe.Constants[0].Key.ShouldBe("eps");
    }

    [Theory]
    [InlineData("interleaved: kv_heads\n      weight", "weight")]
    [InlineData("layout: in_out", "layout: out_in")]
    [InlineData("base_prefix: m,", "")]
    [InlineData("offset: 2", "offset: 3")]
    [InlineData("marks: [mark]", "marks: [mark, start]")]
    public void WhatTheGraphSaysCountsForTheHash(string old, string replacement) =>
        Rich.Compile(Rich.With("n_inner: 7"), Rich.Architecture.With(old, replacement)).Recipe!.Hash
            .ShouldNotBe(Rich.Compile(Rich.With("n_inner: 7")).Recipe!.Hash);

    private static string Print(ArchitectureModel architecture) => string.Join("\n", architecture.Embedding.Select(Print)
        .Concat(architecture.Layer.Select(node => $"- {Print(node)}"))
        .Concat(architecture.Head.Select(Print)));

    private static string Print(GraphNode node)
    {
        node.When.ShouldBeNull();
        var words = node.Inputs.Select(input => input.Node)
            .Concat(node.Out.Count > 0 ? ["->", $"[{string.Join(", ", node.Out)}]"] : [])
            .Concat(node.Weight is { } weight ? [weight] : [])
            .Concat(node.Attributes.Select(attribute => $"{attribute.Key}={attribute.Value}"))
            .Concat(node.Pack is { } pack ? [$"({pack.Name} by {pack.Interleaved})"] : []);
        return $"{node.Name}: {node.Op} {string.Join(" ", words)}";
    }
}
