using static TorchSharp.torch;

namespace SlimSpec.Tests.Importance;

public class MagnitudeScoresTests
{
    // LLM-Pruner folds query channel c onto KV channel c modulo KV width, so that with 8 heads in 4 groups the boosted heads
    // 2 and 3 would raise groups 2 and 3. The heads it then cuts with group 1 are 2 and 3: the right answer is group 1.
    [Fact]
    public void Query_heads_count_for_their_own_group_alone()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = RandomLlama.Make([new(64, 8, 4, 16)]);
        var before = Score();
        model.Blocks[0].QProj.Value.narrow(0, 2 * LlamaMha.Dims.HeadDim, 2 * LlamaMha.Dims.HeadDim).mul_(3);
        model.Blocks[0].OProj.Value.narrow(1, 2 * LlamaMha.Dims.HeadDim, 2 * LlamaMha.Dims.HeadDim).mul_(3);
        var after = Score();

        after[1].ShouldBeGreaterThan(2 * before[1]);
        new[] { after[0], after[2], after[3] }.ShouldBe([before[0], before[2], before[3]]);

        float[] Score() => LlamaMha.WidthPruner.ScoreAttention(model.Blocks[0], new MagnitudeScores(true, GroupReduction.Sum)).data<float>().ToArray();
    }

    [Fact]
    public void Sums_of_16_bit_weights_run_in_float32()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = RandomLlama.Make([new(64, 1, 1, 4000)], ScalarType.BFloat16);
        model.Blocks[0].GateProj.Value.fill_(1);
        var scores = new MagnitudeScores(false, GroupReduction.Sum);
        scores.Rows(model.Blocks[0].GateProj).sum().item<float>().ShouldBe(4000 * LlamaMha.Shape.Dense.Hidden); // not a bfloat16
        scores.Columns(model.Blocks[0].GateProj).data<float>().ToArray().ShouldAllBe(sum => sum == 4000);
    }

    [Theory]
    [InlineData(GroupReduction.Sum, 9f)]
    [InlineData(GroupReduction.Mean, 3f)]
    [InlineData(GroupReduction.Max, 4f)]
    [InlineData(GroupReduction.Prod, 24f)]
    [InlineData(GroupReduction.First, 2f)]
    [InlineData(GroupReduction.Last, 3f)]
    public void Members_are_reduced_as_asked(GroupReduction reduction, float expected)
    {
        using var scope = NewDisposeScope();
        new MagnitudeScores(false, reduction).Reduce(tensor(new[] { 2f }), tensor(new[] { 4f }), tensor(new[] { 3f })).item<float>().ShouldBe(expected);
    }

    // The last member writes to the residual stream in both structures: LLM-Pruner's positions would give k_proj for attention.
    [Fact]
    public void The_last_member_is_the_linear_that_writes_to_the_residual_stream()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = RandomLlama.Make([new(64, 4, 2, 12)]);
        var block = model.Blocks[0];
        var pruner = new LlamaMha.WidthPruner();
        var scores = new MagnitudeScores(false, GroupReduction.Last);
        pruner.Score(block, "mlp", scores).data<float>().ToArray().ShouldBe(block.DownProj.Value.abs().sum([0]).data<float>().ToArray(), 1e-4);
        pruner.Score(block, "attention", scores).data<float>().ToArray().ShouldBe(block.OProj.Value.abs().sum([0]).view(2, -1).sum([1]).data<float>().ToArray(), 1e-4);
    }
}
