namespace SlimSpec.Tests.Evaluation;

public sealed class TextGeneratorTests : IDisposable
{
    private static readonly int[] Prompt = [5, 80, 13, 200];
    private readonly CausalLM _model = GoldenModels.Load("llama-mha");

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Greedy_ids_are_those_of_whole_forward_passes()
    {
        var ids = Prompt.ToList();
        using var noGradients = torch.no_grad();
        for (var i = 0; i < 20; i++)
        {
            using var scope = torch.NewDisposeScope();
            ids.Add((int)_model.forward(Tensors.Of([[.. ids]]))[0, ids.Count - 1].argmax().item<long>());
        }

        TextGenerator.Generate(_model, Prompt, new() { MaxNewTokens = 20 }).NewIds.ShouldBe(ids.Skip(Prompt.Length));
    }

    [Fact]
    public void Tokens_are_streamed_as_they_come()
    {
        var streamed = new List<int>();
        var result = TextGenerator.Generate(_model, Prompt, new() { MaxNewTokens = 8 }, id =>
        {
            streamed.Add(id);
            return streamed.Count < 5;
        });
        result.NewIds.ShouldBe(streamed);
        result.NewIds.Count.ShouldBe(5);
        result.Stop.ShouldBe(StopReason.Callback);
    }

    [Fact]
    public void A_stop_id_ends_the_text()
    {
        var all = TextGenerator.Generate(_model, Prompt, new() { MaxNewTokens = 10 }).NewIds;
        var stop = all[4];
        var result = TextGenerator.Generate(_model, Prompt, new() { MaxNewTokens = 10, StopIds = [stop] });
        result.Stop.ShouldBe(StopReason.StopId);
        result.NewIds.ShouldBe(all.Take(all.ToList().IndexOf(stop) + 1));
    }

    [Fact]
    public void A_seed_repeats_its_sample()
    {
        var settings = new GenerationSettings { MaxNewTokens = 30, Temperature = 1, TopK = 50, TopP = 0.95, Seed = 3 };
        var first = TextGenerator.Generate(_model, Prompt, settings).NewIds;
        TextGenerator.Generate(_model, Prompt, settings).NewIds.ShouldBe(first);
        TextGenerator.Generate(_model, Prompt, settings with { Seed = 4 }).NewIds.ShouldNotBe(first);
    }

    [Fact]
    public void Sampling_from_one_candidate_is_greedy()
    {
        var greedy = TextGenerator.Generate(_model, Prompt, new() { MaxNewTokens = 12 }).NewIds;
        TextGenerator.Generate(_model, Prompt, new() { MaxNewTokens = 12, Temperature = 1, TopK = 1 }).NewIds.ShouldBe(greedy);
        TextGenerator.Generate(_model, Prompt, new() { MaxNewTokens = 12, Temperature = 1, TopP = 1e-9 }).NewIds.ShouldBe(greedy);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.8)]
    public void A_token_leaves_no_tensor_behind(double temperature)
    {
        var counts = new List<long>();
        TextGenerator.Generate(_model, Prompt, new() { MaxNewTokens = 40, Temperature = temperature }, _ =>
        {
            counts.Add(DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
            return true;
        });
        counts.Distinct().Count().ShouldBe(1, string.Join(" ", counts));
    }

    [Fact]
    public void Nothing_is_left_when_it_ends()
    {
        TextGenerator.Generate(_model, Prompt, new() { MaxNewTokens = 3 });
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        TextGenerator.Generate(_model, Prompt, new() { MaxNewTokens = 3 });
        DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount.ShouldBe(before);
    }

    [Fact]
    public void Wrong_input_is_named()
    {
        Should.Throw<SlimException>(() => TextGenerator.Generate(_model, [], new())).Message.ShouldStartWith("prompt:");
        Should.Throw<SlimException>(() => TextGenerator.Generate(_model, [256], new())).Message.ShouldContain("256");
        Should.Throw<SlimException>(() => TextGenerator.Generate(_model, Prompt, new() { TopP = 0 })).Message.ShouldStartWith("top_p: 0");
        Should.Throw<SlimException>(() => TextGenerator.Generate(_model, Prompt, new() { Temperature = -1 })).Message.ShouldStartWith("temperature: -1");
    }
}

public class SamplerTests
{
    private static readonly float[] Logits = [0.5f, 2, -1, 1.5f, 0, 2.5f];

    [Fact]
    public void Frequencies_follow_the_tempered_softmax()
    {
        var counts = Draw(new() { Temperature = 0.7, Seed = 1 }, 40_000);
        var weights = Logits.Select(logit => Math.Exp(logit / 0.7)).ToArray();
        for (var id = 0; id < Logits.Length; id++)
        {
            (counts[id] / 40_000.0).ShouldBe(weights[id] / weights.Sum(), 0.01);
        }
    }

    [Fact]
    public void Top_k_keeps_the_most_likely()
    {
        var counts = Draw(new() { Temperature = 1, TopK = 3, Seed = 2 }, 2_000);
        counts.Select((count, id) => (count, id)).Where(entry => entry.count > 0).Select(entry => entry.id).ShouldBe([1, 3, 5]);
    }

    [Fact]
    public void Top_p_keeps_the_fewest_that_reach_it()
    {
        var weights = Logits.Select(logit => Math.Exp(logit)).ToArray();
        var two = (weights[5] + weights[1]) / weights.Sum();
        Draw(new() { Temperature = 1, TopP = two - 1e-6, Seed = 3 }, 2_000).Count(count => count > 0).ShouldBe(2);
        Draw(new() { Temperature = 1, TopP = two + 1e-6, Seed = 3 }, 2_000).Count(count => count > 0).ShouldBe(3);
    }

    private static int[] Draw(GenerationSettings settings, int times)
    {
        var sampler = new Sampler(settings, Logits.Length);
        var counts = new int[Logits.Length];
        for (var i = 0; i < times; i++)
        {
            counts[sampler.Draw(Logits)]++;
        }

        return counts;
    }
}
