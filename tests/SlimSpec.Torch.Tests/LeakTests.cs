using static TorchSharp.torch;

namespace SlimSpec.Torch.Tests;

public class LeakTests
{
    /// <summary>Forward, backward, clipping, AdamW and schedule, 1,000 times: neither live tensors nor resident memory grow.</summary>
    [Fact]
    public void A_thousand_training_steps_leave_memory_flat()
    {
        using var outer = NewDisposeScope();
        manual_seed(0);
        var table = new Parameter(randn(32, 32) * 0.1);
        var (q, up, down) = (new Parameter(randn(32, 32) * 0.1), new Parameter(randn(64, 32) * 0.1), new Parameter(randn(32, 64) * 0.1));
        using var optimizer = optim.AdamW([table, q, up, down], lr: 1e-3, weight_decay: 0.01);
        var schedule = optim.lr_scheduler.CosineAnnealingLR(optimizer, 1000);
        var ids = randint(32, [2 * 16]);
        double first = 0, last = 0;
        long tensors = 0, bytes = 0;
        for (var step = 0; step < 1000; step++)
        {
            using (NewDisposeScope())
            {
                last = Step();
            }
            if (step == 0)
            {
                first = last;
            }
            if (step == 200)
            {
                (tensors, bytes) = Settled();
            }
        }

        last.ShouldBeLessThan(first / 2, "the steps train");
        var (tensorsAtEnd, bytesAtEnd) = Settled();
        tensorsAtEnd.ShouldBe(tensors);
        (bytesAtEnd - bytes).ShouldBeLessThan(16L << 20);

        double Step()
        {
            var x = table.index_select(0, ids).view(2, 16, 32);
            var h = nn.functional.linear(x, q).view(2, 16, 4, 8).transpose(1, 2);
            x = x + nn.functional.scaled_dot_product_attention(h, h, h, null, 0, true).transpose(1, 2).reshape(2, 16, 32);
            x = x + nn.functional.linear(nn.functional.silu(nn.functional.linear(x, up)), down);
            var loss = nn.functional.cross_entropy(nn.functional.linear(x, table).view(-1, 32), ids);
            optimizer.zero_grad();
            loss.backward();
            nn.utils.clip_grad_norm_(optimizer.parameters(), 1);
            optimizer.step();
            schedule.step();
            return loss.ToDouble();
        }
    }

    /// <summary>Live tensors and resident bytes when the finalizers have nothing left to do.</summary>
    private static (long Tensors, long Bytes) Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return (Tensor.TotalCount, long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], null) * Environment.SystemPageSize);
    }
}
