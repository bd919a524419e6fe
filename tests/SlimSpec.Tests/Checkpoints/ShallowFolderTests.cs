using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace SlimSpec.Tests.Checkpoints;

/// <summary>A model with fewer layers goes to a folder and comes back, its layers renumbered.</summary>
public sealed class ShallowFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Layers_that_stay_come_back(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var recipe = GoldenModels.Recipe(name);
        int[] kept = [.. Enumerable.Range(0, recipe.Dense.LayerCount).Where(layer => layer != 1)];
        using var model = ModelSurgery.Cut(recipe, GoldenModels.Load(name), new() { Layers = kept });
        using var source = HuggingFaceFolder.Open(TestFiles.Golden(name));
        HuggingFaceFolder.Save(model, recipe, source, _folder["slim"], layers: kept);

        using var folder = HuggingFaceFolder.Open(_folder["slim"]);
        folder.ReadShape(recipe).ShouldBe(model.Shape);
        folder.TensorNames.Count.ShouldBeLessThan(source.TensorNames.Count);
        using var again = recipe.CreateModel(folder.ReadShape(recipe), ScalarType.Float32, CPU);
        folder.LoadInto(again);
        var ids = new Families.FamilyGolden(name).Ids;
        Tensors.LargestDifference(again.forward(ids), model.forward(ids)).ShouldBe(0);
    }

    [Fact]
    public void Lists_with_an_entry_a_layer_follow_the_layers()
    {
        using var model = ModelSurgery.Cut(LlamaMha.Instance, GoldenModels.Load("llama-mha"), new() { Layers = [0, 3] });
        using var source = Source("""{"layer_types": ["a", "b", "c", "d"], "eos_token_id": [1, 2, 3, 4], "nested": {"attention_layers": [1, 2, 3, 4], "no_rope_layers": [1, 2]}}""");
        HuggingFaceFolder.Save(model, LlamaMha.Instance, source, _folder["slim"], layers: [0, 3]);

        var config = JsonNode.Parse(File.ReadAllText(_folder["slim/config.json"]))!;
        ((int)config["num_hidden_layers"]!).ShouldBe(2);
        config["layer_types"]!.ToJsonString().ShouldBe("""["a","d"]""");
        config["eos_token_id"]!.AsArray().Count.ShouldBe(4);
        config["nested"]!.ToJsonString().ShouldBe("""{"attention_layers":[1,4],"no_rope_layers":[1,2]}""");
    }

    [Fact]
    public void Which_layers_were_kept_has_to_be_said()
    {
        using var model = ModelSurgery.Cut(LlamaMha.Instance, GoldenModels.Load("llama-mha"), new() { Layers = [0, 3] });
        using var source = Source("{}");
        Should.Throw<ArgumentNullException>(() => HuggingFaceFolder.Save(model, LlamaMha.Instance, source, _folder["slim"]));
        Directory.Exists(_folder["slim"]).ShouldBeFalse();
    }

    [Fact]
    public void Fewer_layers_are_read_where_they_were_cut_here_alone()
    {
        using (var foreign = Source("""{"num_hidden_layers": 3}"""))
        {
            Should.Throw<SlimException>(() => foreign.Check(LlamaMha.Instance)).Message.ShouldContain("num_hidden_layers is 3, but the recipe LlamaMha was compiled for 4");
        }

        using (var ours = Source("""{"num_hidden_layers": 3, "intermediate_size": [1, 2, 3], "head_dim": 16, "slimspec": {"recipe": "LlamaMha"}}"""))
        {
            ((LlamaMha.Shape)ours.ReadShape(LlamaMha.Instance)).Layers.Select(layer => layer.Ffn).ShouldBe([1, 2, 3]);
        }

        using var deeper = Source("""{"num_hidden_layers": 5, "slimspec": {"recipe": "LlamaMha"}}""");
        Should.Throw<SlimException>(() => deeper.Check(LlamaMha.Instance)).Message.ShouldContain("num_hidden_layers is 5");
    }

    // The golden's configuration with other keys, and no weights.
    private HuggingFaceFolder Source(string changes)
    {
        var config = (JsonObject)JsonNode.Parse(File.ReadAllText(TestFiles.Golden("llama-mha/config.json")))!;
        foreach (var (key, value) in (JsonObject)JsonNode.Parse(changes)!)
        {
            config[key] = value?.DeepClone();
        }

        Directory.CreateDirectory(_folder["source"]);
        _folder.Write("source/config.json", config.ToJsonString());
        return HuggingFaceFolder.Open(_folder["source"]);
    }
}
