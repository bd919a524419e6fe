namespace SlimSpec.Tests.Recovery;

public sealed class DistillationTests : IDisposable
{
    private static readonly DistillRecovery Step = new()
    {
        Dataset = new("none"),
        LearningRate = 1e-3,
        MaxSteps = 4,
        MicroBatchSize = 2,
        GradientAccumulationSteps = 2,
        KdAlpha = 0.7,
        KdTemperature = 2,
        Seed = 1,
    };

    private static readonly TrainingSet Texts = new([.. RandomIds.Rows(9, 12).Select((ids, row) => new TrainingExample(ids[..(12 - (row % 5))], FirstTarget: 1 + (row % 3)))], []);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1.0, 1.0)]
    [InlineData(0.3, 1.0)]
    [InlineData(0.3, 4.0)]
    [InlineData(0.0, 4.0)]
    public void The_loss_is_hintons(double alpha, double temperature)
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        using var teacher = new Teacher(Model(torch.ScalarType.Float64), Readout.NextToken, null);
        using var student = Student(torch.ScalarType.Float64);
        var batch = TrainingBatch.Of(Texts.Training, [0, 2], torch.CPU);
        var loss = new DistillationLoss(student, Readout.NextToken, teacher, alpha, temperature);
        loss.Prepare([batch]);

        var (said, wanted) = (Rows(student, batch), Rows(Model(torch.ScalarType.Float64), batch));
        var expected = said.Zip(wanted, batch.Targets.data<long>().ToArray()).Sum(row =>
        {
            var (p, q) = (LogSoftmax(row.Second, temperature), LogSoftmax(row.First, temperature));
            var divergence = p.Zip(q).Sum(pair => Math.Exp(pair.First) * (pair.First - pair.Second));
            return (alpha * temperature * temperature * divergence) - ((1 - alpha) * LogSoftmax(row.First, 1)[row.Third]);
        });
        loss.Sum(batch).item<double>().ShouldBe(expected, 1e-9 * Math.Abs(expected));
    }

    [Theory]
    [InlineData(RecoveryObjective.Lm)]
    [InlineData(RecoveryObjective.PromptLm)]
    [InlineData(RecoveryObjective.PCls)]
    public void Its_gradients_agree_with_finite_differences(RecoveryObjective objective)
    {
        using var scope = torch.NewDisposeScope();
        var data = objective == RecoveryObjective.Lm ? Texts : ToyTask.Data(4);
        using var student = Student(torch.ScalarType.Float64);
        var model = Model(torch.ScalarType.Float64);
        using var head = objective == RecoveryObjective.PCls ? ClassificationHead.Create(student, ToyTask.Classes, 3) : null;
        var teachersHead = head is null ? null : ClassificationHead.Create(student, ToyTask.Classes, 4);
        var step = Step with { Objective = objective };
        using var teacher = new Teacher(model, RecoveryTrainer.ReadoutOf(step, data, teachersHead), teachersHead);
        var loss = new DistillationLoss(student, RecoveryTrainer.ReadoutOf(step, data, head), teacher, 0.7, 3);
        var batch = TrainingBatch.Of(data.Training, [0, 1], torch.CPU);
        loss.Prepare([batch]);
        using var trained = TrainedWeights.All(student, head);
        FiniteDifferences.Check(() => loss.Sum(batch), [student.Leaves.Last().Leaf, student.OuterLeaves[1].Leaf, .. head is null ? [] : new torch.Tensor[] { head.Weight }]);
    }

    [Fact]
    public void The_students_answers_come_near_to_the_teachers()
    {
        using var scope = torch.NewDisposeScope();
        using var student = Student();
        using var teacher = Model();
        var batch = TrainingBatch.Of(Texts.Training, [.. Enumerable.Range(0, 9)], torch.CPU);
        var before = Divergence();
        Train(student, Step with { KdAlpha = 1, LearningRate = 3e-3, MaxSteps = 40 });
        Divergence().ShouldBeLessThan(0.2 * before);

        double Divergence()
        {
            using var noGradients = torch.no_grad();
            return Loss.Divergence(
                Readout.NextToken.Logits(teacher, batch.Rows(LayerSteps.Hidden(teacher, batch.Inputs))),
                Readout.NextToken.Logits(student, batch.Rows(LayerSteps.Hidden(student, batch.Inputs)))).item<float>();
        }
    }

    [Theory]
    [InlineData(RecoveryObjective.Lm)]
    [InlineData(RecoveryObjective.PromptLm)]
    [InlineData(RecoveryObjective.Cls)]
    public void However_the_teacher_is_kept_it_teaches_the_same(RecoveryObjective objective)
    {
        var step = Step with { Objective = objective };
        var (_, resident) = Taught(step);
        var (_, streamed) = Taught(step with { TeacherMemory = TeacherMemory.Streamed });
        var (first, cached) = Taught(step with { TeacherMemory = TeacherMemory.Cached });
        var (again, _) = Taught(step with { TeacherMemory = TeacherMemory.Cached });
        streamed.ShouldBe(resident);
        again.ShouldBe(first);
        cached.ShouldBe(resident, 1e-5); // other examples stand beside each other when it reads
        Directory.GetFiles(_folder["cache"]).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_cached_teacher_reads_the_data_once_and_then_has_its_head_alone()
    {
        var step = Step with { TeacherMemory = TeacherMemory.Cached };
        var progress = new List<ProgressUpdate>();
        Train(Student(), step, new() { Progress = progress.Add });
        progress.Where(update => update.Stage == "teacher").Last().Done.ShouldBe(Texts.Training.Count);

        progress.Clear();
        using var teacher = Stream();
        var (weights, head) = (BytesOf(teacher.Weights), BytesOf(teacher.OuterLeaves.Skip(1).SelectMany(leaf => leaf.Parts)));
        using (Teachers.Open(teacher, step, Texts, Context(step, new() { Progress = progress.Add }) with { OpenTeacher = () => teacher }).Teacher)
        {
            teacher.Stream!.BytesRead.ShouldBe(weights + head); // to know it, and to teach
            teacher.Layers.SelectMany(layer => layer.Leaves).ShouldAllBe(leaf => !leaf.IsLoaded);
            teacher.OuterLeaves.Skip(1).ShouldAllBe(leaf => leaf.IsLoaded);
        }

        progress.ShouldBeEmpty();
    }

    [Fact]
    public void What_a_teacher_said_of_other_data_or_another_teacher_said_is_not_used()
    {
        var step = Step with { TeacherMemory = TeacherMemory.Cached };
        Train(Student(), step);
        Train(Student(), step, data: Texts with { Training = [.. Texts.Training.Skip(1)] });
        Train(Student(), step, data: Texts with { Training = [.. Texts.Training.Select(example => example with { FirstTarget = 2 })] });
        Train(Student(), step, teacher: () => Student());
        Directory.GetFiles(_folder["cache"]).Length.ShouldBe(4);
    }

    [Fact]
    public void A_cache_that_was_not_finished_is_made_anew()
    {
        var step = Step with { TeacherMemory = TeacherMemory.Cached };
        Train(Student(), step);
        var file = Directory.GetFiles(_folder["cache"]).ShouldHaveSingleItem();
        File.Move(file, $"{file}.99-00000000000000000000000000000000.tmp");
        Train(Student(), step);
        Directory.GetFiles(_folder["cache"]).ShouldBe([file]);
    }

    [Fact]
    public void Adapters_may_be_taught_instead_of_all_weights()
    {
        using var student = Student();
        var step = Step with { Lora = new(4, 8, 0.1, ["q_proj", "down_proj"]) };
        var outcome = Train(student, step);
        outcome.Summary.TrainableParameters.ShouldBe(4 * 4 * (64 + 64 + 172 + 64));
        student.Layers.SelectMany(layer => layer.LoraTargets).ShouldAllBe(target => target.Adapter == null);
    }

    [Fact]
    public void An_interrupted_distillation_goes_on_with_its_own_teacher_alone()
    {
        var step = Step with { SaveSteps = 1 };
        var (expected, _) = Taught(step);
        Leave();
        Train(Student(), step, teacher: () => Student(), journal: _folder["journal"]).ResumedFrom.ShouldBeNull();
        Leave();
        using var student = Student();
        Train(student, step, journal: _folder["journal"]).ResumedFrom.ShouldBe(2);
        TrainingIdentity.OfWeights(student).ShouldBe(expected);

        void Leave() => Should.Throw<TimeoutException>(() => Train(Student(), step, new() { OnStep = metric => _ = metric.Step == 3 ? throw new TimeoutException() : 0 }, journal: _folder["journal"]));
    }

    [Fact]
    public void A_teacher_that_cannot_teach_is_named()
    {
        using var student = Student();
        var cls = Step with { Objective = RecoveryObjective.Cls };
        Should.Throw<SlimException>(() => RecoveryTrainer.Train(student, Step, Texts, new())).Message.ShouldContain("needs a teacher");
        Should.Throw<SlimException>(() => RecoveryTrainer.Train(student, cls, ToyTask.Data(), new() { OpenTeacher = () => Model() })).Message.ShouldContain("no classifier");
        Should.Throw<SlimException>(() => RecoveryTrainer.Train(student, cls, ToyTask.Data(), new() { OpenTeacher = () => Model(), OpenTeacherHead = model => ClassificationHead.Create(model, ["a"], 0) }))
            .Message.ShouldContain("tells a apart");
        Should.Throw<SlimException>(() => RecoveryTrainer.Train(student, Step with { TeacherMemory = TeacherMemory.Cached }, Texts, new() { OpenTeacher = () => Model() }))
            .Message.ShouldContain("teacher_memory");
    }

    private static CausalLM Model(torch.ScalarType dtype = torch.ScalarType.Float32) => GoldenModels.Load(ClassifiedLlama.Instance, "llama-mha", dtype);

    // The same model with noise in its weights.
    private static CausalLM Student(torch.ScalarType dtype = torch.ScalarType.Float32)
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var model = Model(dtype);
        torch.manual_seed(5);
        foreach (var leaf in model.Leaves)
        {
            leaf.Leaf.add_(0.02 * torch.randn(leaf.Leaf.shape, dtype: torch.ScalarType.Float64).to(dtype));
        }

        return model;
    }

    private static CausalLM Stream()
    {
        using var folder = HuggingFaceFolder.Open(TestFiles.Golden("llama-mha"));
        return folder.OpenStream(ClassifiedLlama.Instance, torch.ScalarType.Float32, torch.CPU);
    }

    private static long BytesOf(IEnumerable<NamedWeight> weights) => 4 * weights.Sum(weight => weight.Value.numel());

    private static double[][] Rows(CausalLM model, TrainingBatch batch)
    {
        var logits = batch.Rows(model.forward(batch.Inputs));
        return [.. Enumerable.Range(0, (int)logits.size(0)).Select(row => logits[row].data<double>().ToArray())];
    }

    private static double[] LogSoftmax(double[] logits, double temperature)
    {
        var sum = Math.Log(logits.Sum(logit => Math.Exp(logit / temperature)));
        return [.. logits.Select(logit => (logit / temperature) - sum)];
    }

    // The weights' hash, and the losses.
    private (string Weights, double[] Losses) Taught(DistillRecovery step)
    {
        using var student = Student();
        var losses = new List<double>();
        Train(student, step, new() { OnStep = metric => losses.Add(metric.Loss) });
        return (TrainingIdentity.OfWeights(student), [.. losses]);
    }

    private RecoveryContext Context(DistillRecovery step, TrainingHooks? hooks = null) => new()
    {
        Hooks = hooks ?? new(),
        OpenTeacher = () => step.TeacherMemory == TeacherMemory.Resident ? Model() : Stream(),
        OpenTeacherHead = model => ClassificationHead.Create(model, ToyTask.Classes, 4),
        TeacherCache = _folder["cache"],
    };

    private RecoveryOutcome Train(CausalLM student, DistillRecovery step, TrainingHooks? hooks = null, TrainingSet? data = null, Func<CausalLM>? teacher = null, string? journal = null)
    {
        var context = Context(step, hooks) with { Journal = journal };
        var outcome = RecoveryTrainer.Train(student, step, data ?? (step.Objective == RecoveryObjective.Lm ? Texts : ToyTask.Data(9)), context with { OpenTeacher = teacher ?? context.OpenTeacher });
        outcome.Head?.Dispose();
        return outcome;
    }
}
