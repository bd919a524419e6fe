namespace SlimSpec.Tests.Evaluation;

public sealed class PerplexityTests : IDisposable
{
    private readonly CausalLM _model = GoldenModels.Load("llama-mha");

    public void Dispose() => _model.Dispose();

    [Fact]
    public void It_is_the_mean_over_all_predictions_of_whole_windows()
    {
        var ids = RandomIds.Rows(1, 75)[0];
        var result = Perplexity.Measure(_model, ids, 16, "random");

        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        var nll = 0.0;
        for (var window = 0; window < 4; window++)
        {
            var tokens = Tensors.Of([ids[(16 * window)..(16 * (window + 1))]]);
            var logits = _model.forward(tokens).to(torch.ScalarType.Float64).squeeze(0);
            var expected = -logits.log_softmax(-1).narrow(0, 0, 15).gather(1, tokens[0].narrow(0, 1, 15).unsqueeze(1)).sum().item<double>();
            result.WindowNll[window].ShouldBe(expected, 1e-4);
            nll += expected;
        }

        result.Windows.ShouldBe(4);
        result.Tokens.ShouldBe(60);
        result.Nll.ShouldBe(nll, 1e-5 * nll);
        result.Perplexity.ShouldBe(Math.Exp(nll / 60), 1e-5 * Math.Exp(nll / 60));
        result.Dtype.ShouldBe("float32");
    }

    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    public void By_llama_cpps_protocol_each_window_begins_with_BOS_and_what_is_behind_its_middle_is_scored(int window)
    {
        var ids = RandomIds.Rows(1, 75)[0];
        var result = Perplexity.Measure(_model, TokenDataset.FromStream("random", ids, bos: 1), new() { Dataset = new("random"), Window = window, Protocol = PerplexityProtocol.LlamaCpp });

        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        var (first, nll) = ((window / 2) + 1, 0.0);
        for (var number = 0; number < 4; number++)
        {
            var tokens = Tensors.Of([[1, .. ids[((window * number) + 1)..(window * (number + 1))]]]);
            var logits = _model.forward(tokens).to(torch.ScalarType.Float64).squeeze(0);
            var expected = -logits.log_softmax(-1).narrow(0, first - 1, window - first).gather(1, tokens[0].narrow(0, first, window - first).unsqueeze(1)).sum().item<double>();
            result.WindowNll[number].ShouldBe(expected, 1e-4);
            nll += expected;
        }

        result.Tokens.ShouldBe(4 * (window - first));
        result.Perplexity.ShouldBe(Math.Exp(nll / result.Tokens), 1e-5 * Math.Exp(nll / result.Tokens));
        result.Protocol.ShouldBe(PerplexityProtocol.LlamaCpp);
    }

    [Fact]
    public void A_window_that_leaves_nothing_behind_its_middle_is_refused() =>
        Should.Throw<SlimException>(() => Perplexity.Measure(_model, TokenDataset.FromStream("a.txt", [1, 2, 3, 4]), new() { Dataset = new("a.txt"), Window = 2, Protocol = PerplexityProtocol.LlamaCpp }))
            .Message.ShouldBe("window: 2 is too short: only what is behind the middle of a window is scored, so it takes at least 3 tokens.");

    [Fact]
    public void A_text_of_many_batches_scores_like_its_windows_alone()
    {
        var ids = RandomIds.Rows(1, 128 * 21)[0];
        var result = Perplexity.Measure(_model, ids, 128, "random");
        result.Windows.ShouldBe(21);
        foreach (var window in new[] { 0, 15, 16, 20 })
        {
            var alone = Perplexity.Measure(_model, ids[(128 * window)..(128 * (window + 1))], 128, "one");
            alone.Nll.ShouldBe(result.WindowNll[window], 1e-5 * alone.Nll);
        }
    }

    [Fact]
    public void A_limit_takes_windows_from_the_start()
    {
        var ids = RandomIds.Rows(1, 200)[0];
        var all = Perplexity.Measure(_model, ids, 20, "random");
        var some = Perplexity.Measure(_model, ids, 20, "random", limit: 3);
        some.Windows.ShouldBe(3);
        some.WindowNll.ShouldBe(all.WindowNll.Take(3), 1e-4);
        Perplexity.Measure(_model, ids, 20, "random", limit: 99).Windows.ShouldBe(10);
    }

    [Fact]
    public void Progress_ends_at_the_last_window()
    {
        var updates = new List<ProgressUpdate>();
        Perplexity.Measure(_model, RandomIds.Rows(1, 128 * 21)[0], 128, "random", progress: updates.Add);
        updates.Select(update => update.Done).ShouldBe([16, 21]);
    }

    [Fact]
    public void It_leaks_no_tensor()
    {
        var ids = RandomIds.Rows(1, 64)[0];
        Perplexity.Measure(_model, ids, 16, "random");
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        Perplexity.Measure(_model, ids, 16, "random");
        DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount.ShouldBe(before);
    }

    [Fact]
    public void A_text_that_cannot_be_scored_is_named()
    {
        Should.Throw<SlimException>(() => Perplexity.Measure(_model, [1, 2, 3], 4, "a.txt")).Message.ShouldBe("a.txt: 3 tokens do not fill one window of 4; the largest window that fits is 3.");
        Should.Throw<SlimException>(() => Perplexity.Measure(_model, [1, 2, 300], 3, "a.txt")).Message.ShouldContain("token 2 has id 300");
        Should.Throw<SlimException>(() => Perplexity.Measure(_model, [1, 2, 3], 1, "a.txt")).Message.ShouldStartWith("window:");
        Should.Throw<SlimException>(() => Perplexity.Measure(_model, [1, 2, 3], 2, "a.txt", limit: 0)).Message.ShouldStartWith("limit:");
    }
}
