using static TorchSharp.torch;

namespace SlimSpec.Tests.Checkpoints;

/// <summary>Checkpoints that store several weights in one tensor, transposed, under names with and without a prefix.</summary>
public sealed class PackedCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel _model = FakeModel.Gpt2().Fill();

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Tensors_come_once_in_the_order_of_the_weights()
    {
        _model.Tensors.Select(tensor => tensor.Name).ShouldBe(
        [
            "transformer.wte.weight", "transformer.wpe.weight", "transformer.ln_f.weight", "transformer.ln_f.bias", "transformer.h.0.attn.c_attn.weight",
            "transformer.h.0.attn.c_attn.bias", "transformer.h.0.attn.c_proj.weight", "transformer.h.0.mlp.c_fc.weight", "transformer.h.0.mlp.c_proj.weight",
        ]);
        _model.Weights.Select(weight => weight.Name).ShouldContain("transformer.h.0.attn.c_attn.weight[k]");
    }

    [Fact]
    public void A_written_model_has_the_checkpoints_shapes_and_reloads_to_the_same_weights()
    {
        Write(_model.Tensors);
        using var file = SafetensorsFile.Open(_folder["model.safetensors"]);
        file.Info("transformer.h.0.attn.c_attn.weight").Shape.ShouldBe([4, 12]);
        file.Info("transformer.h.0.mlp.c_proj.weight").Shape.ShouldBe([6, 4]);
        using var stored = file.Load("transformer.h.0.mlp.c_fc.weight");
        using var leaf = _model.Layers[0].Leaves[3].Leaf.detach().t();
        Tensors.LargestDifference(stored, leaf).ShouldBe(0);
        ShouldReload();
    }

    [Fact]
    public void Checkpoints_of_the_base_model_lack_the_prefix()
    {
        Write(_model.Tensors, name => name["transformer.".Length..]);
        ShouldReload();
    }

    [Fact]
    public void A_prefix_where_none_is_expected_is_found_too()
    {
        using var model = new FakeModel([WeightLeaf.Vector("head.weight", 4, ScalarType.Float32, CPU)]) { Info = FakeModel.Gpt2Info };
        _folder.Write("config.json", "{}");
        using var values = rand([4]);
        SafetensorsWriter.Write(_folder["model.safetensors"], [("transformer.head.weight", values)]);
        using var folder = HuggingFaceFolder.Open(_folder.Path);
        folder.LoadInto(model);
        Tensors.LargestDifference(model.OuterLeaves[0].Leaf, values).ShouldBe(0);
    }

    [Fact]
    public void Needless_tensors_are_passed_over_and_others_are_not()
    {
        Write(_model.Tensors, extra: ["transformer.h.0.attn.bias", "h.0.attn.masked_bias", "transformer.h.0.attn.rotary_emb.inv_freq"]);
        ShouldReload();
        Write(_model.Tensors, extra: ["transformer.h.0.c_attn.bias"]);
        Should.Throw<SlimException>(ShouldReload).Message
            .ShouldContain("tensor 'transformer.h.0.c_attn.bias' is not of this model; did you mean 'transformer.h.0.attn.c_attn.bias'?");
    }

    [Fact]
    public void A_tensor_stored_the_other_way_round_is_named_with_both_shapes()
    {
        Write(_model.Tensors, transposed: "transformer.h.0.mlp.c_fc.weight");
        Should.Throw<SlimException>(ShouldReload).Message.ShouldContain("tensor 'transformer.h.0.mlp.c_fc.weight' has shape [6, 4], but the model's is [4, 6]");
    }

    [Fact]
    public void A_head_stored_beside_any_of_the_embeddings_is_compared_with_the_one_of_its_shape()
    {
        using var scope = NewDisposeScope();
        var head = new StoredTensor("lm_head.weight", [8, 4], ScalarType.Float32, () => _model.OuterLeaves[0].Leaf);
        Write(_model.Tensors, extraTensors: [head]);
        ShouldReload();
    }

    [Fact]
    public void The_matrices_say_what_dtype_a_checkpoint_is_stored_in()
    {
        _folder.Write("config.json", "{}");
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(_folder["model.safetensors"], [("mask", ones([1, 1, 4, 4])), ("norm", ones([4])), ("matrix", ones([2, 2], dtype: ScalarType.BFloat16))]);
        using var folder = HuggingFaceFolder.Open(_folder.Path);
        folder.StoredDtype.ShouldBe(ScalarType.BFloat16);
    }

    private void ShouldReload()
    {
        using var model = FakeModel.Gpt2();
        using var folder = HuggingFaceFolder.Open(_folder.Path);
        folder.LoadInto(model);
        foreach (var (mine, theirs) in model.Leaves.Zip(_model.Leaves))
        {
            mine.Leaf.bytes.SequenceEqual(theirs.Leaf.bytes).ShouldBeTrue(mine.Parts[0].Name);
        }
    }

    private void Write(
        IEnumerable<CheckpointTensor> tensors, Func<string, string>? rename = null, string[]? extra = null, string? transposed = null, StoredTensor[]? extraTensors = null)
    {
        _folder.Write("config.json", "{}");
        var stored = tensors.Select(tensor => tensor.Name == transposed
            ? new StoredTensor(tensor.Name, tensor.Weight.Value.shape, ScalarType.Float32, () => tensor.Weight.Value)
            : new StoredTensor(rename?.Invoke(tensor.Name) ?? tensor.Name, tensor.Shape, ScalarType.Float32, () => tensor.Value));
        var more = (extra ?? []).Select(name => new StoredTensor(name, [1], ScalarType.Float32, () => zeros([1])));
        CheckpointWriter.WriteWeights(_folder.Path, [.. stored, .. more, .. extraTensors ?? []], CheckpointWriter.ShardBytes);
    }
}
