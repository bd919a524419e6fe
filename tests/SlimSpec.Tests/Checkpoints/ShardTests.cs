using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace SlimSpec.Tests.Checkpoints;

public sealed class ShardTests : IDisposable
{
    private static readonly string Golden = TestFiles.Golden("llama-mha");

    private readonly TemporaryFolder _folder = new();
    private readonly CausalLM _model = GoldenModels.Load("llama-mha");

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_model_above_the_limit_is_divided_as_hugging_face_names_it()
    {
        Save(300_000);
        Files().ShouldBe(
        [
            "config.json", "model-00001-of-00004.safetensors", "model-00002-of-00004.safetensors", "model-00003-of-00004.safetensors",
            "model-00004-of-00004.safetensors", "model.safetensors.index.json",
        ]);
        var index = (JsonObject)JsonNode.Parse(File.ReadAllText(_folder["out/model.safetensors.index.json"]))!;
        index["metadata"]!["total_size"]!.GetValue<long>().ShouldBe(4 * _model.Shape.Parameters);
        index["weight_map"]!.AsObject().Count.ShouldBe(_model.Tensors.Count());
        index["weight_map"]!["lm_head.weight"]!.GetValue<string>().ShouldBe("model-00004-of-00004.safetensors");
        foreach (var file in Directory.GetFiles(_folder["out"], "*.safetensors"))
        {
            using var shard = SafetensorsFile.Open(file);
            shard.Names.Sum(name => shard.Info(name).ByteCount).ShouldBeInRange(1, 300_000);
        }
    }

    [Fact]
    public void Shards_reload_to_the_same_weights()
    {
        Save(300_000);
        using var folder = HuggingFaceFolder.Open(_folder["out"]);
        using var again = LlamaMha.Instance.CreateModel(folder.ReadShape(LlamaMha.Instance), ScalarType.Float32, CPU);
        folder.LoadInto(again);
        foreach (var (mine, theirs) in again.Leaves.Zip(_model.Leaves))
        {
            mine.Leaf.bytes.SequenceEqual(theirs.Leaf.bytes).ShouldBeTrue(mine.Parts[0].Name);
        }
    }

    [Fact]
    public void A_tensor_above_the_limit_has_a_file_of_its_own()
    {
        Save(1);
        Directory.GetFiles(_folder["out"], "*.safetensors").Length.ShouldBe(_model.Tensors.Count());
    }

    [Fact]
    public void Another_division_takes_the_place_of_the_old_one()
    {
        Save(300_000);
        Save(CheckpointWriter.ShardBytes);
        Files().ShouldBe(["config.json", "model.safetensors"]);
        Save(400_000);
        Files().ShouldBe(["config.json", "model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors", "model-00003-of-00003.safetensors", "model.safetensors.index.json"]);
    }

    [Fact]
    public void A_shard_that_cannot_be_written_leaves_the_old_checkpoint_as_it_was()
    {
        Save(CheckpointWriter.ShardBytes);
        var before = File.ReadAllBytes(_folder["out/model.safetensors"]);
        _model.Layers[3].Dispose();
        Should.Throw<Exception>(() => Save(300_000));
        Files().ShouldBe(["config.json", "model.safetensors"]);
        File.ReadAllBytes(_folder["out/model.safetensors"]).ShouldBe(before);
    }

    [Fact]
    public void Writing_a_packed_matrix_takes_memory_for_it_and_not_for_the_model()
    {
        using var model = new FakeModel([.. Enumerable.Range(0, 8).Select(i => WeightLeaf.Packed($"{i}.weight", new(true, 2), 1024, ScalarType.Float32, CPU, ("q", 512), ("k", 512)))]);
        const long Matrix = 4L * 1024 * 1024;
        var before = NativeMemory.InUse;
        long most = 0;
        CheckpointWriter.WriteWeights(
            _folder.Path,
            [.. model.Tensors.Select(tensor => new StoredTensor(tensor.Name, tensor.Shape, ScalarType.Float32, () =>
            {
                var value = tensor.Value;
                most = Math.Max(most, NativeMemory.InUse - before);
                return value;
            }))],
            CheckpointWriter.ShardBytes);
        most.ShouldBeInRange(Matrix / 2, 3 * Matrix);
    }

    private void Save(long shardBytes)
    {
        using var source = HuggingFaceFolder.Open(Golden);
        HuggingFaceFolder.Save(_model, LlamaMha.Instance, source, _folder["out"], shardBytes: shardBytes);
    }

    private string?[] Files() => [.. Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal)];
}
