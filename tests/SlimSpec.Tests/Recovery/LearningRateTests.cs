namespace SlimSpec.Tests.Recovery;

public class LearningRateTests
{
    [Theory]
    [InlineData(LearningRateSchedule.Linear, new[] { 0.25, 0.5, 0.75, 1, 0.75, 0.5, 0.25 })]
    [InlineData(LearningRateSchedule.Constant, new[] { 0.25, 0.5, 0.75, 1, 1, 1, 1 })]
    [InlineData(LearningRateSchedule.Cosine, new[] { 0.25, 0.5, 0.75, 1, 0.85355339, 0.5, 0.14644661 })]
    public void It_rises_to_the_peak_and_follows_the_schedule(LearningRateSchedule schedule, double[] expected)
    {
        var settings = new TrainingSettings { Dataset = new("none"), LearningRate = 1, WarmupSteps = 3, LrScheduler = schedule };
        Enumerable.Range(0, 7).Select(step => LearningRate.At(settings, step, 7)).ShouldBe(expected, 1e-8);
    }

    [Fact]
    public void A_warm_up_longer_than_the_training_only_rises()
    {
        var settings = new TrainingSettings { Dataset = new("none"), LearningRate = 1, WarmupSteps = 9 };
        Enumerable.Range(0, 3).Select(step => LearningRate.At(settings, step, 3)).ShouldBe([0.1, 0.2, 0.3], 1e-12);
    }

    [Theory]
    [InlineData(0.3, 10, 3)]
    [InlineData(0.25, 10, 3)]
    [InlineData(0, 10, 0)]
    [InlineData(1, 4, 4)]
    public void A_ratio_of_all_steps_warms_up_as_its_steps_do_rounded_up(double ratio, int total, int steps)
    {
        var settings = new TrainingSettings { Dataset = new("none"), LearningRate = 1, WarmupSteps = steps };
        var byRatio = settings with { WarmupSteps = 7, WarmupRatio = ratio };
        Enumerable.Range(0, total).Select(step => LearningRate.At(byRatio, step, total)).ShouldBe(Enumerable.Range(0, total).Select(step => LearningRate.At(settings, step, total)));
    }
}
