using static TorchSharp.torch;

namespace SlimSpec.Tests.Importance;

public class LlmPrunerGoldenTests
{
    public static TheoryData<string> OneStep =>
    [
        "l1", "l2", "vectorize", "param_first", "param_second", "param_mix", "param_first-mean", "param_first-max",
        "param_first-prod", "param_first-first", "param_first-layers1to3", "param_first-50", "channel-param_first", "channel-vectorize",
    ];

    public static TheoryData<string> TwoSteps => ["param_first-50-iter2", "param_mix-50-iter2"];

    public static TheoryData<string> GroupedQueries => ["gqa-param_first", "gqa-param_mix", "gqa-l2"];

    public static TheoryData<string> ChannelWiseMagnitudes => ["channel-l1-v250", "channel-l2-v250"];

    private const string Global = "param_first-global";

    [Fact]
    public void Every_golden_of_LLM_Pruner_is_compared()
    {
        var folders = Directory.GetDirectories(TestFiles.Golden("."), "llm-pruner-*").Select(folder => Path.GetFileName(folder)["llm-pruner-".Length..]);
        var compared = new[] { OneStep, TwoSteps, GroupedQueries, ChannelWiseMagnitudes }.SelectMany(cases => (IEnumerable<object[]>)cases).Select(row => (string)row[0]).Append(Global);
        compared.ShouldBe(folders, ignoreOrder: true);
    }

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
    [MemberData(nameof(GroupedQueries))]
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

    // LLM-Pruner never sums the embedding's scores over the vocabulary. They have the wrong length then and are dropped without a word, so
    // that the embedding has no say; with a vocabulary that is a multiple of the width it crashes, which is why this one has 250 ids.
    [Theory]
    [MemberData(nameof(ChannelWiseMagnitudes))]
    public void Channel_wise_magnitudes_are_LLM_Pruners_and_the_embeddings_beside_them(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var golden = new LlmPrunerGolden(name);
        using var model = (LlamaMha.Model)GoldenModels.Load("llama-mha");
        model.EmbedTokens.Value.narrow(0, 250, 6).zero_();
        model.LmHead.Value.narrow(0, 250, 6).zero_();
        var cut = golden.Cut;
        var ours = golden.Score(model, cut)[(StructuredPruner.WholeModel, "hidden")];

        const int Members = 39;
        var embedding = new MagnitudeScores(cut.Score == WidthScore.L2, cut.Reduce).Columns(model.EmbedTokens).data<float>().ToArray();
        var without = ours.Select((score, channel) => ((Members * score) - embedding[channel]) / (Members - 1)).ToArray();
        var expected = golden.Groups.ShouldHaveSingleItem();
        ShouldAgree(without, expected.Scores, Tolerance(cut));
        UnitRanking.Highest(without, 48).ShouldBe(expected.Kept);
        UnitRanking.Highest(ours, 48).ShouldNotBe(expected.Kept, "the embedding is a third of the weights and has a say");
    }

    // LLM-Pruner ranks heads and channels together by their raw scores and counts units, not parameters: no head is ever low enough, and of the
    // 25 % of the layers that were asked for 17 % go.
    [Fact]
    public void Scores_of_all_layers_are_LLM_Pruners_and_so_is_its_global_choice_by_its_own_rule()
    {
        using var scope = NewDisposeScope();
        using var golden = new LlmPrunerGolden(Global);
        using var model = GoldenModels.Load("llama-mha");
        var scores = golden.Score(model, golden.Cut);
        foreach (var expected in golden.Groups)
        {
            ShouldAgree(scores[(expected.Layer, expected.Unit)], expected.Scores, Tolerance(golden.Cut));
        }

        var pool = scores.Values.SelectMany(units => units).Order().ToArray();
        var threshold = pool[pool.Length - (int)(pool.Length * 0.75) - 1];
        foreach (var expected in golden.Groups)
        {
            var units = scores[(expected.Layer, expected.Unit)];
            expected.Kept.ShouldBe([.. Enumerable.Range(0, units.Length).Where(unit => units[unit] > threshold)]);
            (expected.Unit == "mlp" || expected.Kept.Length == units.Length).ShouldBeTrue();
        }

        var layers = model.Layers.Sum(layer => layer.Weights.Sum(weight => weight.Value.numel()));
        ((golden.Parameters.Before - golden.Parameters.After) / (double)layers).ShouldBeLessThan(0.18);
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
