using System.Xml.Linq;

namespace SlimSpec.CommandLine.Tests;

/// <summary><c>slim show</c> of architectures, and drawings of both kinds.</summary>
public sealed class ShowTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void AnArchitectureIsShownOneLineANode()
    {
        var (code, output, error) = Slim.Run("show", "llama");

        code.ShouldBe(0, error);
        var lines = output.Split('\n');
        lines[0].ShouldBe("llama: LlamaForCausalLM, model_type llama");
        lines.ShouldContain("layer \u00d7 num_hidden_layers, model.layers.N");
        Words(lines, "down").ShouldBe(["down", "linear", "product", "hidden", "mlp.down_proj"], ignoreOrder: false, customMessage: "node, op, in, out, weight");
        lines.Single(line => line.StartsWith("  down ", StringComparison.Ordinal)).ShouldContain("ffn M");
    }

    [Fact]
    public void TheGraphIsGivenAsJsonToo()
    {
        var graph = Slim.Json("show", "llama");

        var k = graph.GetProperty("parts")[1].GetProperty("nodes").EnumerateArray().Single(node => node.GetProperty("name").GetString() == "k");
        var rows = k.GetProperty("axes").EnumerateArray().Single(axis => axis.GetProperty("name").GetString() == "rows");
        rows.GetProperty("label").GetString().ShouldBe("kv_heads * head_dim");
        rows.GetProperty("structures")[0].GetString().ShouldBe("A");
    }

    [Fact]
    public void AnArchitectureFileIsShownByItsPathAndCheckedLikeABuildDoes()
    {
        var shipped = File.ReadAllText(UserPath.FindUpwards(AppContext.BaseDirectory, "specs/architectures/llama.arch.yaml")!);
        var good = _place.Write("mine.arch.yaml", shipped.Replace("architecture: llama", "architecture: mine", StringComparison.Ordinal));
        var bad = _place.Write("bad.arch.yaml", shipped.Replace("op: mul", "op: mull", StringComparison.Ordinal));

        Slim.Run("show", good).Output.ShouldStartWith("mine: ");
        Slim.Refused("show", bad).ShouldContain("error SLIM210");
        Slim.Refused("show", _place.At("none.arch.yaml")).ShouldContain("there is no such architecture file");
        Slim.Refused("show", "lama").ShouldContain("there is no recipe or architecture 'lama'; did you mean 'llama'?");
    }

    [Fact]
    public void WhatIsForRecipesIsRefusedWithAnArchitecture()
    {
        Slim.Refused("show", "llama", "--set", "prune[0].sparsity=0.3").ShouldBe("slim: --set is for recipes, and 'llama' is an architecture");
        Slim.Refused("show", "llama", "--dtype", "float16").ShouldBe("slim: --dtype is for recipes, and 'llama' is an architecture");
    }

    [Fact]
    public void ARecipesDrawingHasItsSizes()
    {
        var file = _place.At("drawings/tiny.svg");

        var (code, output, error) = Slim.Run("show", _place.Spec, "--set", "model.intermediate_size=20", "--svg", file);

        code.ShouldBe(0, error);
        error.ShouldBe($"written to {file}");
        output.ShouldContain("pruned");
        var texts = XDocument.Load(file).Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).ToList();
        texts.ShouldContain("ffn = 20");
        texts.ShouldContain("kv_heads \u00d7 head_dim = 8");
        texts.ShouldContain("layer \u00d7 3, model.layers.0 to model.layers.2");
    }

    [Fact]
    public void ADrawingThatCannotBeWrittenLeavesNothing()
    {
        var inTheWay = _place.Write("in-the-way", "");

        Slim.Refused("show", "llama", "--svg", Path.Combine(inTheWay, "llama.svg")).ShouldContain("cannot be written");
        Directory.GetFiles(_place.Folder, "*.tmp", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    private static string[] Words(string[] lines, string node) =>
        [.. lines.Single(line => line.StartsWith($"  {node} ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(5)];
}
