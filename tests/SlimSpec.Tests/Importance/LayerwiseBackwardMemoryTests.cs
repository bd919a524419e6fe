namespace SlimSpec.Tests.Importance;

public class LayerwiseBackwardMemoryTests
{
    private const int Layers = 12;
    private const int Hidden = 384;
    private const int Ffn = 1152;
    private const int Vocab = 256;
    private const int Samples = 10;
    private const int Tokens = 32;
    private const long Layer = 4L * 3 * Hidden * Ffn;
    private const long Weights = (Layers * Layer) + (4L * Vocab * Hidden);
    private const long HiddenState = 4L * Samples * Tokens * Hidden;

    // Beside what the algorithm must hold: the activations of one micro batch, by construction less than a layer's weights,
    // and what the runtime (its compiler above all) allocates meanwhile, or frees.
    private const long Margin = Layer + RuntimesOwn;
    private const long RuntimesOwn = 1 << 20;

    [Fact]
    public void First_order_scores_take_the_weights_one_layers_gradients_and_the_layer_inputs()
    {
        const long Needed = Weights + Layer + ((Layers + 1) * HiddenState); // the inputs, and the gradient of the last output
        Peak(TaylorOrder.First).ShouldBeInRange(Needed - RuntimesOwn, Needed + Margin);
    }

    [Fact]
    public void Mixed_scores_take_two_more_layers_of_gradients_at_most() =>
        Peak(TaylorOrder.Mix).ShouldBeLessThan(Weights + (3 * Layer) + ((Layers + 1) * HiddenState) + Margin);

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var model = RandomLlama.Make(LlamaMha.Shape.Dense.Layers);
        using var ids = RandomLlama.Ids(3, 8);
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
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = NativeMemory.InUse;
        var peak = before;
        Score(order, ids, () => peak = Math.Max(peak, NativeMemory.InUse));
        return peak - before;
    }

    private static void Score(TaylorOrder order, torch.Tensor ids, Action observe)
    {
        using var model = new StackedMlp(Layers, Hidden, Ffn, Vocab) { Observed = observe };
        var cut = new WidthCut { Targets = ["mlp"], Order = order, Sparsity = 0.5, Layers = [.. Enumerable.Range(0, Layers)] };
        var scores = UnitScores.Take(new StackedMlp.MlpPruner(), model, cut, CutPlaces.Of(new StackedMlp.MlpPruner(), model.Shape, cut), ids, _ => [], _ => observe());
        scores.Scores.Count.ShouldBe(Layers);
    }
}
