using static TorchSharp.torch;

namespace SlimSpec.Tests.Families;

/// <summary>What an observer of a layer sees, for every family.</summary>
public class ObservedForwardTests
{
    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Every_linear_is_shown_its_input_once_and_the_output_is_the_same(string golden)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = CutModels.Load(golden);
        var ids = new FamilyGolden(golden).Ids;
        using var pass = model.Begin(ids);
        var hidden = model.Embed(ids, pass);
        foreach (var layer in model.Layers)
        {
            var seen = new Recorder();
            var observed = model.Observe(layer, hidden, pass, seen);
            var expected = model.Run(layer, hidden, pass);
            observed.bytes.SequenceEqual(expected.bytes).ShouldBeTrue();
            seen.Inputs.Keys.ShouldBe(layer.Weights.Where(weight => weight.Value.dim() == 2).Select(weight => weight.Name), ignoreOrder: true);
            foreach (var weight in layer.Weights.Where(weight => weight.Value.dim() == 2))
            {
                seen.Inputs[weight.Name].shape.ShouldBe([ids.size(0), ids.size(1), weight.Value.size(1)]);
            }

            hidden = expected;
        }
    }

    // The last linear of a layer reads what the one before it wrote, through an activation: its input is checked against
    // what the layer adds to the stream, by the weight itself.
    [Fact]
    public void What_is_shown_is_what_the_weight_is_multiplied_with()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = (LlamaGqaCuts.Model)CutModels.Load("llama-gqa");
        var block = model.Blocks[1];
        block.OProj.Value.zero_();
        var ids = new FamilyGolden("llama-gqa").Ids;
        using var pass = model.Begin(ids);
        var hidden = model.Embed(ids, pass);
        var seen = new Recorder();
        var output = model.Observe(block, hidden, pass, seen);
        var added = seen.Inputs[block.DownProj.Name].matmul(block.DownProj.Value.t());
        Tensors.LargestDifference(output - hidden, added).ShouldBeLessThan(1e-5);
    }

    private sealed class Recorder : ActivationObserver
    {
        public Dictionary<string, Tensor> Inputs { get; } = [];

        public override void Input(Tensor input, params ReadOnlySpan<NamedWeight> readers)
        {
            foreach (var reader in readers)
            {
                Inputs.Add(reader.Name, input.clone().MoveToOuterDisposeScope());
            }
        }
    }
}
