using static TorchSharp.torch;

namespace SlimSpec.Tests.Importance;

public class LlmPrunerGoldenTests
{
    public static TheoryData<string> OneStep =>
    [
        "l1", "l2", "vectorize", "param_first", "param_second", "param_mix", "param_first-mean", "param_first-max",
        "param_first-prod", "param_first-first", "param_first-layers1to3", "param_first-50",
    ];

    public static TheoryData<string> TwoSteps => ["param_first-50-iter2", "param_mix-50-iter2"];

    [Theory]
    [MemberData(nameof(OneStep))]
    public void Scores_kept_units_and_pruned_logits_are_those_of_LLM_Pruner(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = new LlmPrunerGolden(name);
        var result = golden.Prune();

        result.Plan.Groups.Count.ShouldBe(golden.Groups.Count);
        foreach (var expected in golden.Groups)
        {
            var group = result.Plan.Groups.Single(group => group.Layer == expected.Layer && group.Unit == expected.Unit);
            ShouldAgree(group.Scores, expected.Scores, Tolerance(golden.Cut));
            group.Kept.ShouldBe(expected.Kept);
        }

        ShouldGive(result.Model, golden.PrunedLogits);
    }

    [Theory]
    [MemberData(nameof(TwoSteps))]
    public void A_second_step_scores_the_cut_model_and_the_plan_still_counts_dense_units(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = new LlmPrunerGolden(name);
        var result = golden.Prune();

        foreach (var group in result.Plan.Groups)
        {
            var steps = golden.Groups.Where(step => step.Layer == group.Layer && step.Unit == group.Unit).ToArray();
            steps.Length.ShouldBe(2);
            var afterFirst = steps[0].Kept;
            group.Kept.ShouldBe([.. steps[1].Kept.Select(unit => afterFirst[unit])]);

            var scores = steps[0].Scores.ToArray();
            for (var i = 0; i < afterFirst.Length; i++)
            {
                scores[afterFirst[i]] = steps[1].Scores[i];
            }

            ShouldAgree(group.Scores, scores, Tolerance(golden.Cut));
        }

        ShouldGive(result.Model, golden.PrunedLogits);
    }

    [Theory]
    [InlineData("gqa-param_first")]
    [InlineData("gqa-param_mix")]
    [InlineData("gqa-l2")]
    public void With_grouped_queries_the_MLP_scores_are_LLM_Pruners_and_the_attention_scores_sum_to_the_same(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = new LlmPrunerGolden(name);
        var result = golden.Prune();
        result.Model.Dispose();
        foreach (var expected in golden.Groups)
        {
            var group = result.Plan.Groups.Single(group => group.Layer == expected.Layer && group.Unit == expected.Unit);
            if (group.Unit == "mlp")
            {
                ShouldAgree(group.Scores, expected.Scores, Tolerance(golden.Cut));
                group.Kept.ShouldBe(expected.Kept);
            }
            else
            {
                // It credits query heads to the wrong groups: nothing is lost, but the groups' shares are wrong.
                group.Scores.Sum().ShouldBe(expected.Scores.Sum(), 1e-4 * expected.Scores.Sum());
                Math.Abs(group.Scores[0] - expected.Scores[0]).ShouldBeGreaterThan(0.01f * expected.Scores[0]);
            }
        }
    }

    [Fact]
    public void LLM_Pruners_attention_scores_with_grouped_queries_come_from_folding_query_channels_modulo_the_KV_width()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var golden = new LlmPrunerGolden("gqa-l2");
        using var model = (LlamaGqa.Model)GoldenModels.Load("llama-gqa");
        var scores = new MagnitudeScores(true, GroupReduction.Mean);
        foreach (var expected in golden.Groups.Where(group => group.Unit == "attention"))
        {
            var block = model.Blocks[expected.Layer];
            var (width, heads) = (block.KProj.Value.size(0), block.Shape.KvHeads);
            var folded = scores.Reduce(
                scores.Rows(block.QProj).view(-1, width).sum([0]).view(heads, -1),
                scores.Rows(block.KProj).view(heads, -1),
                scores.Rows(block.VProj).view(heads, -1),
                scores.Columns(block.OProj).view(-1, width).sum([0]).view(heads, -1));
            ShouldAgree(folded.data<float>().ToArray(), expected.Scores, 1e-4f);
        }
    }

    [Fact]
    public void The_calibration_loss_is_LLM_Pruners()
    {
        using var scope = NewDisposeScope();
        using var golden = new LlmPrunerGolden("param_first");
        using var model = GoldenModels.Load("llama-mha");
        var loss = LayerwiseBackward.Run(
            model,
            LlmPrunerGolden.Calibration,
            new(new HashSet<int> { 3 }, _ => true, GradientStatistics.Mean),
            (_, _) => { });
        loss.ShouldBe(golden.CalibrationLosses[0], 1e-5);
    }

    // Signed sums cancel, so LLM-Pruner's own vectorize scores differ by 8e-5 between two BLAS libraries.
    private static float Tolerance(WidthCut cut) => cut.Order == TaylorOrder.Vector ? 1e-3f : 1e-4f;

    private static void ShouldAgree(IReadOnlyList<float> actual, float[] expected, float relative)
    {
        actual.Count.ShouldBe(expected.Length);
        var floor = 1e-5f * expected.Max();
        for (var unit = 0; unit < expected.Length; unit++)
        {
            actual[unit].ShouldBe(expected[unit], Math.Max(relative * expected[unit], floor), $"unit {unit}");
        }
    }

    private static void ShouldGive(CausalLM model, Tensor logits)
    {
        using var noGradients = no_grad();
        using (model)
        {
            Tensors.LargestDifference(model.forward(LlmPrunerGolden.InputIds), logits).ShouldBeLessThan(1e-4);
        }
    }
}
