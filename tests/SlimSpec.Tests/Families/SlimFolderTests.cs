using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace SlimSpec.Tests.Families;

/// <summary>A model that was cut goes to a folder and comes back: sizes by config.json, packed weights, slopes of the heads that stayed.</summary>
public sealed class SlimFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Layers_cut_unevenly_come_back(string name) =>
        ShouldComeBack(name, structure => structure is { IsWholeModel: false, Within: null });

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Hidden_channels_cut_throughout_the_model_come_back(string name) => ShouldComeBack(name, structure => structure.IsWholeModel);

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void A_configuration_says_what_followed_from_the_width_before_the_cut(string name)
    {
        var recipe = GoldenModels.Recipe(name);
        using var model = Slim(name, structure => structure.IsWholeModel);
        Save(model, recipe, name);
        var config = (JsonObject)JsonNode.Parse(File.ReadAllText(_folder["slim/config.json"]))!;
        foreach (var constant in recipe.Architecture.Constants.Where(constant => constant.FollowsDimensions))
        {
            config[constant.Keys[0]]!.GetValue<double>().ShouldBe((double)constant.Value!);
        }

        foreach (var dimension in recipe.Architecture.Dimensions.Where(dimension => dimension.Name == "head_dim"))
        {
            config[dimension.Keys[0]]!.GetValue<int>().ShouldBe(recipe.Dense.SharedDimensions["head_dim"]);
        }
    }

    private void ShouldComeBack(string name, Func<CoupledStructure, bool> isCut)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var recipe = GoldenModels.Recipe(name);
        using var model = Slim(name, isCut);
        model.Shape.Parameters.ShouldBeLessThan(recipe.Dense.Parameters);
        Save(model, recipe, name);

        using var folder = HuggingFaceFolder.Open(_folder["slim"]);
        folder.ReadShape(recipe).ShouldBe(model.Shape);
        using var again = recipe.CreateModel(folder.ReadShape(recipe), ScalarType.Float32, CPU);
        folder.LoadInto(again);
        var ids = new FamilyGolden(name).Ids;
        Tensors.LargestDifference(again.forward(ids), model.forward(ids)).ShouldBe(0);
    }

    private void Save(CausalLM model, Recipe recipe, string name)
    {
        using var source = HuggingFaceFolder.Open(TestFiles.Golden(name));
        HuggingFaceFolder.Save(model, recipe, source, _folder["slim"], shardBytes: 200_000);
    }

    // Every structure asked for, in each layer another number of units: the last ones stay.
    private static CausalLM Slim(string name, Func<CoupledStructure, bool> isCut)
    {
        var pruner = GoldenModels.Recipe(name).Pruner;
        var model = GoldenModels.Load(name);
        var kept = new Dictionary<(int Layer, string Unit), int[]>();
        foreach (var structure in pruner.Structures.Where(isCut))
        {
            foreach (var layer in structure.IsWholeModel ? [StructuredPruner.WholeModel] : Enumerable.Range(0, model.Layers.Count))
            {
                var units = pruner.Units(model.Shape, structure.Unit, layer);
                kept[(layer, structure.Unit)] = [.. Enumerable.Range(0, units).Skip(Math.Min(units - 1, 1 + Math.Max(layer, 0)))];
            }
        }

        return ModelSurgery.Cut(GoldenModels.Recipe(name), model, new() { Units = kept });
    }
}
