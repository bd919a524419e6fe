namespace SlimSpec.Tests.Exits;

/// <summary>What a token costs the host.</summary>
public class SteadyStateTests
{
    [Theory]
    [InlineData(ExitMode.Adaptive)]
    [InlineData(ExitMode.AdaptiveVerified)]
    public void Tokens_allocate_no_more_as_the_text_grows_and_leave_no_tensor_behind(ExitMode mode)
    {
        using var noGradients = torch.no_grad();
        using var model = GoldenModels.Load(ExitsVerified.Instance, "llama-gqa");
        using var head = new PlainHead(model);
        using var exits = new ExitsVerified.ExitLoop((ExitsVerified.Model)model, head, new PlannedExits(0, 1, 1, -1));
        var id = exits.Begin([5, 80, 13, 200], new());
        var cycles = Enumerable.Range(0, 25).Select(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var pass = 0; pass < (mode == ExitMode.Adaptive ? 4 : 1); pass++)
            {
                id = mode == ExitMode.Adaptive ? exits.Next(id) : exits.Round(id, 100)[^1]; // a round has the plan's four passes
            }

            return (Bytes: GC.GetAllocatedBytesForCurrentThread() - before, Tensors: DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
        }).ToArray();

        var settled = cycles.Skip(5).ToArray();
        settled[10..].Average(cycle => cycle.Bytes).ShouldBeLessThan(1.001 * settled[..10].Average(cycle => cycle.Bytes), string.Join(" ", cycles.Select(cycle => cycle.Bytes)));
        settled.Select(cycle => cycle.Tensors).Distinct().Count().ShouldBe(1, string.Join(" ", cycles.Select(cycle => cycle.Tensors)));
    }
}
