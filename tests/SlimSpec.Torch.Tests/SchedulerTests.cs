using static TorchSharp.torch;
using static TorchSharp.torch.optim.lr_scheduler;

namespace SlimSpec.Torch.Tests;

public sealed class SchedulerTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly SGD optimizer = optim.SGD([new Parameter(ones(1))], 2);

    public void Dispose()
    {
        optimizer.Dispose();
        scope.Dispose();
    }

    private void Check(LRScheduler scheduler, Func<int, double> formula, int steps = 12)
    {
        for (var t = 0; t < steps; t++)
        {
            scheduler.get_last_lr().Single().ShouldBe(2 * formula(t), 1e-9, $"step {t}");
            optimizer.ParamGroups.Single().LearningRate.ShouldBe(2 * formula(t), 1e-9);
            scheduler.step();
        }
    }

    [Fact]
    public void Lambda() => Check(LambdaLR(optimizer, t => 1.0 / (1 + t)), t => 1.0 / (1 + t));

    [Fact]
    public void Cosine() => Check(CosineAnnealingLR(optimizer, 10, 0.5), t => 0.25 + (0.75 * (1 + Math.Cos(Math.PI * t / 10)) / 2), 11);

    [Fact]
    public void Linear() => Check(LinearLR(optimizer, 0.1, 1, 5), t => 0.1 + (0.9 * Math.Min(t, 5) / 5));

    [Fact]
    public void Constant() => Check(ConstantLR(optimizer, 0.5, 4), t => t < 4 ? 0.5 : 1);

    [Fact]
    public void Step() => Check(StepLR(optimizer, 3, 0.1), t => Math.Pow(0.1, t / 3));

    [Fact]
    public void Exponential() => Check(ExponentialLR(optimizer, 0.9), t => Math.Pow(0.9, t));

    [Fact]
    public void Sequence_goes_from_one_to_the_next() =>
        Check(SequentialLR(optimizer, [LinearLR(optimizer, 0.5, 1, 4), ConstantLR(optimizer, 0.25, 100)], [4]), t => t < 4 ? 0.5 + (0.5 * t / 4) : 0.25, 8);

    [Fact]
    public void A_step_to_a_given_epoch_takes_the_closed_form()
    {
        var scheduler = CosineAnnealingLR(optimizer, 10);
        scheduler.step(5);
        scheduler.get_last_lr().Single().ShouldBe(1, 1e-12);
    }

    [Fact]
    public void Every_group_follows_from_its_own_rate()
    {
        using var two = optim.SGD([new SGD.ParamGroup([new Parameter(ones(1))], lr: 1), new SGD.ParamGroup([new Parameter(ones(1))], lr: 4)], 2);
        var scheduler = StepLR(two, 1, 0.5);
        scheduler.step();
        scheduler.get_last_lr().ShouldBe([0.5, 2]);
    }
}
