namespace SlimSpec.Tests.Recovery;

/// <summary>A training that ends at any step goes on there when it is asked for again, and comes to the same weights, bit for bit.</summary>
public sealed class ResumedTrainingTests : IDisposable
{
    private const int Steps = 5;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Trainings => [.. Settings.Keys];

    private static Dictionary<string, RecoveryStep> Settings { get; } = new()
    {
        ["full"] = Of(new FullRecovery { Dataset = new("none"), WarmupRatio = 0.3, GradientAccumulationSteps = 2, GroupByLength = true }),
        ["adapters with dropout"] = Of(new LoraRecovery { Dataset = new("none"), LoraTargetModules = ["q_proj", "down_proj"], LoraDropout = 0.2 }),
        ["adapters and a classifier"] = Of(new LoraRecovery { Dataset = new("none"), LoraTargetModules = ["q_proj"], Objective = RecoveryObjective.PCls }),
        ["a part, with validation"] = Of(new PartialRecovery { Dataset = new("none"), LastLayers = 1, Norms = true, EvalSteps = 1, LearningRate = 0.3 }),
        ["a part, stopped early"] = Of(new PartialRecovery { Dataset = new("none"), LastLayers = 1, EvalSteps = 1, LearningRate = 0.3, EarlyStoppingPatience = 2, Objective = RecoveryObjective.PromptLm }),
    };

    private string Journal => _folder["journal"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Trainings))]
    public void It_comes_to_the_same_weights_wherever_it_was_left(string training)
    {
        var step = Settings[training];
        var (expected, whole) = Train(step, journal: false);
        for (var left = 1; left <= whole.Summary.Steps; left++)
        {
            LeaveIn(left, step);
            var (weights, outcome) = Train(step);
            weights.ShouldBe(expected, $"left in step {left}");
            outcome.ResumedFrom.ShouldBe(left > 2 ? (left - 1) / 2 * 2 : null, $"left in step {left}");
            (outcome.BestStep, outcome.BestValidation, outcome.StoppedEarly).ShouldBe((whole.BestStep, whole.BestValidation, whole.StoppedEarly));
            (outcome.Summary.Steps, outcome.Summary.Tokens, outcome.Summary.LastLoss).ShouldBe((whole.Summary.Steps, whole.Summary.Tokens, whole.Summary.LastLoss));
            Directory.Delete(Journal, recursive: true);
        }
    }

    [Fact]
    public void It_may_be_left_again_and_again()
    {
        var step = Settings["adapters with dropout"] with { SaveSteps = 1 };
        var (expected, _) = Train(step, journal: false);
        for (var left = 1; left <= Steps; left++)
        {
            LeaveIn(left, step);
        }

        Train(step).Weights.ShouldBe(expected);
    }

    [Fact]
    public void A_training_that_was_done_is_not_done_again()
    {
        var step = Settings["a part, stopped early"];
        var (expected, whole) = Train(step);
        var (weights, outcome) = Train(step, hooks: new() { OnStep = _ => throw new InvalidOperationException("there is nothing to do") });
        weights.ShouldBe(expected);
        outcome.ResumedFrom.ShouldBe(whole.Summary.Steps);
        outcome.StoppedEarly.ShouldBeTrue();
        Directory.GetFileSystemEntries(Journal).Length.ShouldBe(3); // identity, last checkpoint, best weights
    }

    [Fact]
    public void A_training_that_is_told_to_stop_leaves_a_checkpoint_of_its_last_step()
    {
        var step = Settings["full"] with { SaveSteps = 100 };
        using var source = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() => Train(step, hooks: new()
        {
            OnStep = metric =>
            {
                if (metric.Step == 3)
                {
                    source.Cancel();
                }
            },
            Cancellation = source.Token,
        }));
        Train(step).Outcome.ResumedFrom.ShouldBe(3);
    }

    [Fact]
    public void Whoever_takes_notes_is_told_which_of_them_are_void()
    {
        var step = Settings["full"];
        var resumed = new List<int>();
        var notes = new List<int>();
        var hooks = new TrainingHooks
        {
            OnResume = done =>
            {
                resumed.Add(done);
                notes.RemoveAll(note => note > done);
            },
        };
        LeaveIn(4, step, hooks with { OnStep = metric => notes.Add(metric.Step) });
        Train(step, hooks: hooks with { OnStep = metric => notes.Add(metric.Step) });
        resumed.ShouldBe([0, 2]);
        notes.ShouldBe(Enumerable.Range(1, Steps));
    }

    [Fact]
    public void A_checkpoint_that_was_not_finished_is_none()
    {
        var step = Settings["a part, with validation"];
        var (expected, _) = Train(step, journal: false);
        LeaveIn(4, step);
        Directory.CreateDirectory(Path.Combine(Journal, "step-00000004.99-00000000000000000000000000000000.tmp"));
        File.WriteAllText(Path.Combine(Journal, "best-00000004.safetensors.99-00000000000000000000000000000000.tmp"), "half");
        var (weights, outcome) = Train(step);
        weights.ShouldBe(expected);
        outcome.ResumedFrom.ShouldBe(2);
        Directory.GetFileSystemEntries(Journal).ShouldAllBe(entry => !entry.EndsWith(".tmp"));
    }

    [Theory]
    [InlineData("state.json", "{")]
    [InlineData("optimizer.bin", "AdamW")]
    [InlineData("weights.safetensors", "short")]
    public void A_damaged_checkpoint_is_named(string file, string content)
    {
        var step = Settings["full"];
        LeaveIn(4, step);
        File.WriteAllText(Path.Combine(Journal, "step-00000002", file), content);
        var message = Should.Throw<SlimException>(() => Train(step)).Message;
        message.ShouldStartWith(Path.Combine(Journal, "step-00000002"));
        message.ShouldContain($"delete {Journal}");
    }

    public static TheoryData<string> Changes => ["seed", "rate", "data", "labels", "weights", "dtype"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void The_checkpoint_of_another_training_is_not_taken_up(string change)
    {
        var step = Settings["adapters with dropout"];
        LeaveIn(4, step);
        var data = Data(step);
        var (_, outcome) = change switch
        {
            "seed" => Train(step with { Seed = 3 }),
            "rate" => Train(step with { LearningRate = 2e-2 }),
            "data" => Train(step, data: data with { Training = [.. data.Training.Skip(1)] }),
            "labels" => Train(step, data: data with { Training = [.. data.Training.Select(example => example with { FirstTarget = 2 })] }),
            "weights" => Train(step, change: model => model.Leaves.Last().Leaf.add_(1e-3)),
            _ => Train(step, dtype: torch.ScalarType.Float64),
        };
        outcome.ResumedFrom.ShouldBeNull();
    }

    [Fact]
    public void Where_data_lies_and_how_often_is_saved_does_not_tell_trainings_apart()
    {
        var step = Settings["adapters with dropout"];
        LeaveIn(4, step);
        Train(step with { Dataset = new("elsewhere"), SaveSteps = 50 }).Outcome.ResumedFrom.ShouldBe(2);
    }

    [Fact]
    public void Validation_leaves_the_training_as_it_is()
    {
        var step = Settings["adapters with dropout"];
        var data = Data(step);
        var validated = Train(step with { EvalSteps = 1 }, journal: false, data: data with { Validation = data.Training }); // so that the last step is the best one
        validated.Outcome.BestStep.ShouldBe(Steps);
        Train(step, journal: false, data: data with { Validation = [] }).Weights.ShouldBe(validated.Weights);
    }

    [Fact]
    public void The_best_weights_are_taken_and_validation_ends_a_training_that_gets_no_better()
    {
        var step = Settings["a part, stopped early"] with { MaxSteps = 50 };
        var metrics = new List<TrainingMetric>();
        var (weights, outcome) = Train(step, journal: false, hooks: new() { OnStep = metrics.Add });
        outcome.StoppedEarly.ShouldBeTrue();
        outcome.Summary.Steps.ShouldBe(outcome.BestStep + 2);
        outcome.BestValidation.ShouldBe(metrics.Min(metric => metric.ValidationLoss));
        metrics[outcome.BestStep - 1].ValidationLoss.ShouldBe(outcome.BestValidation);
        metrics.ShouldAllBe(metric => metric.ValidationAccuracy >= 0 && metric.ValidationAccuracy <= 1);

        // The rate is constant and nothing else depends on the number of steps: a training up to the best step has its weights.
        Train(step with { MaxSteps = outcome.BestStep }, journal: false).Weights.ShouldBe(weights);
    }

    private static RecoveryStep Of(RecoveryStep step) => step with
    {
        LearningRate = step.LearningRate == 1e-4 ? 1e-2 : step.LearningRate,
        LrScheduler = LearningRateSchedule.Constant,
        MaxSteps = Steps,
        MicroBatchSize = 2,
        SaveSteps = 2,
        Seed = 1,
    };

    private static TrainingSet Data(RecoveryStep step) => step.Objective is RecoveryObjective.Lm
        ? new([.. RandomIds.Rows(9, 12).Select((ids, row) => new TrainingExample(ids[..(12 - (row % 5))]))], [.. RandomIds.Rows(3, 12, seed: 1).Select(ids => new TrainingExample(ids))])
        : ToyTask.Data(9, 5);

    private void LeaveIn(int left, RecoveryStep step, TrainingHooks? hooks = null) => Should.Throw<TimeoutException>(() => Train(step, hooks: (hooks ?? new()) with
    {
        OnStep = metric =>
        {
            hooks?.OnStep?.Invoke(metric);
            if (metric.Step == left)
            {
                throw new TimeoutException();
            }
        },
    }));

    private (string Weights, RecoveryOutcome Outcome) Train(
        RecoveryStep step,
        TrainingHooks? hooks = null,
        bool journal = true,
        TrainingSet? data = null,
        Action<CausalLM>? change = null,
        torch.ScalarType dtype = torch.ScalarType.Float32)
    {
        using var noGradients = torch.no_grad();
        using var model = GoldenModels.Load(ClassifiedLlama.Instance, "llama-mha", dtype);
        change?.Invoke(model);
        using var gradients = torch.enable_grad();
        var outcome = RecoveryTrainer.Train(model, step, data ?? Data(step), new() { Hooks = hooks ?? new(), Journal = journal ? Journal : null });
        using var head = outcome.Head;
        return (TrainingIdentity.OfWeights(model) + (head is null ? "" : Convert.ToHexString(head.Weight.bytes)), outcome);
    }
}
