using SlimSpec.Tests.SampleModel;

namespace SlimSpec.Tests.Importance;

public class LayerwiseBackwardMemoryTests
{
    private const int Layers = 12;
    private const int Hidden = 256;
    private const int Ffn = 768;
    private const int Vocab = 256;
    private const int Samples = 10;
    private const int Tokens = 64;

    [Fact]
    public void First_order_scores_take_the_weights_one_layers_gradients_and_the_layer_inputs()
    {
        var layer = 4L * 3 * Hidden * Ffn;
        var weights = (Layers * layer) + (4L * Vocab * Hidden);
        var inputs = 4L * Layers * Samples * Tokens * Hidden;
        // Beside them, the activations of one micro batch: by construction less than a layer's weights.
        Peak(TaylorOrder.First).ShouldBeInRange(weights + layer + inputs, weights + layer + inputs + layer);
    }

    [Fact]
    public void Second_order_scores_take_two_more_layers_of_gradients_at_most()
    {
        var layer = 4L * 3 * Hidden * Ffn;
        var weights = (Layers * layer) + (4L * Vocab * Hidden);
        var inputs = 4L * Layers * Samples * Tokens * Hidden;
        Peak(TaylorOrder.Mix).ShouldBeLessThan(weights + (3 * layer) + inputs + layer);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var model = RandomSample.Make(Sample.Shape.Dense, torch.ScalarType.Float32);
        using var ids = RandomSample.Ids(3, 8);
        Run();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        Run();
        DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount.ShouldBe(before);
        model.Leaves.ShouldAllBe(leaf => !leaf.Leaf.requires_grad);

        void Run() => LayerwiseBackward.Run(
            model, ids, new(new HashSet<int> { 1, 3 }, _ => true, GradientStatistics.Mean | GradientStatistics.MeanSquare), (_, _) => { });
    }

    private static long Peak(TaylorOrder order)
    {
        using var ids = torch.randint(0, Vocab, [Samples, Tokens], dtype: torch.ScalarType.Int64);
        Score(order, ids, () => { }); // thread pools and workspaces stay
        var before = NativeMemory.InUse;
        var peak = before;
        Score(order, ids, () => peak = Math.Max(peak, NativeMemory.InUse));
        return peak - before;
    }

    private static void Score(TaylorOrder order, torch.Tensor ids, Action observe)
    {
        using var model = new StackedMlp(Layers, Hidden, Ffn, Vocab) { Observe = observe };
        var cut = new WidthCut { Targets = ["mlp"], Order = order, Sparsity = 0.5, Layers = [.. Enumerable.Range(0, Layers)] };
        var scores = UnitScores.Take(new StackedMlp.MlpPruner(), model, cut, ids, _ => [], _ => observe());
        scores.Count.ShouldBe(Layers);
    }
}
