using static TorchSharp.torch;

namespace SlimSpec.Tests.Families;

/// <summary>A Hugging Face folder goes in and comes out the same, whatever its family packs, transposes or ties.</summary>
public sealed class FamilyCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void A_saved_model_has_the_same_bytes_and_the_same_logits(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var recipe = GoldenModels.Recipe(name);
        using var model = GoldenModels.Load(name);
        using (var source = HuggingFaceFolder.Open(TestFiles.Golden(name)))
        {
            HuggingFaceFolder.Save(model, recipe, source, _folder["saved"]);
        }

        using var saved = HuggingFaceFolder.Open(_folder["saved"]);
        using var again = recipe.CreateModel(saved.ReadShape(recipe), ScalarType.Float32, CPU);
        saved.LoadInto(again);
        var ids = new FamilyGolden(name).Ids;
        Tensors.LargestDifference(again.forward(ids), model.forward(ids)).ShouldBe(0);

        using var original = SafetensorsFile.Open(TestFiles.Golden($"{name}/model.safetensors"));
        using var written = SafetensorsFile.Open(_folder["saved/model.safetensors"]);
        written.Names.ShouldBe(new FamilyGolden(name).Gradients.Keys, ignoreOrder: true);
        written.Names.ShouldAllBe(tensor => written.SameBytes(tensor, original, tensor));
    }

    [Theory]
    [MemberData(nameof(GoldenModels.WithBaseModel), MemberType = typeof(GoldenModels))]
    public void Names_of_a_base_models_checkpoint_are_understood(string name)
    {
        var recipe = GoldenModels.Recipe(name);
        var prefix = recipe.Architecture.BasePrefix + ".";
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var original = SafetensorsFile.Open(TestFiles.Golden($"{name}/model.safetensors"));
        SafetensorsWriter.Write(
            _folder["model.safetensors"],
            [.. original.Names.Select(tensor => (tensor.StartsWith(prefix, StringComparison.Ordinal) ? tensor[prefix.Length..] : tensor, original.Load(tensor)))]);
        File.Copy(TestFiles.Golden($"{name}/config.json"), _folder["config.json"]);
        using var folder = HuggingFaceFolder.Open(_folder.Path);
        using var model = recipe.CreateModel(recipe.Dense, ScalarType.Float32, CPU);

        folder.LoadInto(model);

        using var expected = GoldenModels.Load(name);
        var ids = new FamilyGolden(name).Ids;
        Tensors.LargestDifference(model.forward(ids), expected.forward(ids)).ShouldBe(0);
    }
}
