using static TorchSharp.torch;

namespace SlimSpec.Tests.Families;

/// <summary>
/// Query heads count for the KV head that they read. LLM-Pruner folds their channels modulo the KV width instead and so
/// credits half of them to another group.
/// </summary>
public class GroupedQueryScoreTests
{
    private const int Layer = 1;
    private const int Boosted = 0;

    [Theory]
    [InlineData(WidthScore.L1)]
    [InlineData(WidthScore.L2)]
    public void Boosting_the_query_heads_of_a_group_raises_that_groups_magnitude_alone(WidthScore score)
    {
        using var scope = NewDisposeScope();
        using var model = (LlamaGqa.Model)GoldenModels.Load("llama-gqa");
        var scores = new MagnitudeScores(score == WidthScore.L2, GroupReduction.Sum);

        var before = Attention(model, scores);
        Boost(model);

        ShouldRaiseOneGroup(before, Attention(model, scores));
    }

    [Theory]
    [InlineData(TaylorOrder.First)]
    [InlineData(TaylorOrder.Second)]
    [InlineData(TaylorOrder.Mix)]
    [InlineData(TaylorOrder.Vector)]
    public void Boosting_the_query_heads_of_a_group_raises_that_groups_Taylor_score_alone(TaylorOrder order)
    {
        using var scope = NewDisposeScope();
        using var model = (LlamaGqa.Model)GoldenModels.Load("llama-gqa");
        manual_seed(0);
        var gradients = model.Layers[Layer].Weights.ToDictionary(
            weight => weight.Name,
            weight => new WeightGradient(rand(weight.Value.shape) - 2, rand(weight.Value.shape))); // of one sign, so that signed sums rise too
        using (no_grad())
        {
            foreach (var weight in model.Layers[Layer].Weights)
            {
                weight.Value.abs_();
            }
        }

        var scores = new TaylorScores(order, GroupReduction.Sum, gradients);
        var before = Attention(model, scores);
        Boost(model);

        ShouldRaiseOneGroup(before, Attention(model, scores));
    }

    private static float[] Attention(LlamaGqa.Model model, LayerScores scores) =>
        LlamaGqa.Instance.Pruner.Score(model.Layers[Layer], "attention", scores).data<float>().ToArray();

    // The rows of q_proj and the columns of o_proj that belong to the group's query heads.
    private static void Boost(LlamaGqa.Model model)
    {
        using var noGradients = no_grad();
        var block = model.Blocks[Layer];
        var width = block.QProj.Value.size(0) / block.Shape.KvHeads;
        block.QProj.Value.narrow(0, Boosted * width, width).mul_(3);
        block.OProj.Value.narrow(1, Boosted * width, width).mul_(3);
    }

    private static void ShouldRaiseOneGroup(float[] before, float[] after)
    {
        after.Length.ShouldBe(before.Length);
        for (var group = 0; group < before.Length; group++)
        {
            if (group == Boosted)
            {
                after[group].ShouldBeGreaterThan(1.5f * before[group]);
            }
            else
            {
                after[group].ShouldBe(before[group]);
            }
        }
    }
}
