namespace SlimSpec;

/// <summary>What a recovery step needs besides model, settings and data.</summary>
public sealed record RecoveryContext
{
    /// <summary>What to call meanwhile.</summary>
    public TrainingHooks Hooks { get; init; } = new();

    /// <summary>The classifier to go on from; null: a step that trains one begins with random weights. The step changes it, and gives it back.</summary>
    public ClassificationHead? Head { get; init; }

    /// <summary>
    /// Folder of the training's checkpoints, its own; an interrupted training goes on from there, to the same weights. The last checkpoint
    /// stays, so that a finished training is not done again: whoever has saved the weights deletes the folder. Null: there are none.
    /// </summary>
    public string? Journal { get; init; }

    /// <summary>Opens the teacher of a distillation, in memory where it shall be resident, else streamed; it is disposed of at the end.</summary>
    public Func<CausalLM>? OpenTeacher { get; init; }

    /// <summary>Reads the teacher's classifier (<see cref="HuggingFaceFolder.LoadHead"/>), of the objectives <c>p_cls</c> and <c>cls</c>; it is disposed of at the end.</summary>
    public Func<CausalLM, ClassificationHead?>? OpenTeacherHead { get; init; }

    /// <summary>Folder where what a teacher says is kept, of a distillation whose <c>teacher_memory</c> is <c>cached</c>.</summary>
    public string? TeacherCache { get; init; }

    /// <summary>Where the adapters, without a classifier, are saved as a PEFT folder before they are merged; null: nowhere.</summary>
    public string? AdapterFolder { get; init; }
}

/// <summary>What a recovery step came to; the model holds the recovered weights, adapters merged.</summary>
/// <param name="Summary">The training in figures.</param>
/// <param name="Head">The classifier, of the objectives <c>p_cls</c> and <c>cls</c>; the caller disposes of it.</param>
/// <param name="ResumedFrom">The step that an interrupted training went on from; null: it began at the first.</param>
/// <param name="BestStep">The step whose weights the model has: that of the best validation, or the last.</param>
/// <param name="BestValidation">The mean cross-entropy of that validation, in nats; null: there was none.</param>
/// <param name="StoppedEarly">Whether it ended because validation had got no better.</param>
public sealed record RecoveryOutcome(TrainingSummary Summary, ClassificationHead? Head, int? ResumedFrom, int BestStep, double? BestValidation, bool StoppedEarly);

/// <summary>Carries out recovery steps.</summary>
public static class RecoveryTrainer
{
    /// <summary>
    /// Trains a model, in place. Where there are validation examples, the model ends with the weights of the best validation,
    /// by mean cross-entropy of what the objective scores.
    /// </summary>
    /// <param name="model">The model; its weights are in memory.</param>
    /// <param name="step">The step.</param>
    /// <param name="data">Its examples.</param>
    /// <param name="context">What else it needs.</param>
    /// <exception cref="SlimException">Step, data and model do not fit together, or the training diverged.</exception>
    /// <exception cref="OperationCanceledException">The hooks' token asked for it.</exception>
    public static RecoveryOutcome Train(CausalLM model, RecoveryStep step, TrainingSet data, RecoveryContext context)
    {
        Check(model, step, data, context);
        var head = HasClassifier(step) ? context.Head ?? ClassificationHead.Create(model, data.Classes, step.Seed) : null;
        try
        {
            return Train(model, step, data, context, head);
        }
        catch when (head != context.Head)
        {
            head?.Dispose();
            throw;
        }
    }

    private static RecoveryOutcome Train(CausalLM model, RecoveryStep step, TrainingSet data, RecoveryContext context, ClassificationHead? head)
    {
        TrainingBatch.Check(data.Training, model.Shape.VocabularySize);
        var readout = ReadoutOf(step, data, head);
        var (teacher, teacherIdentity) = step is DistillRecovery distillation ? Teachers.Open(model, distillation, data, context) : default;
        using var closing = teacher;
        var loss = step is DistillRecovery { KdAlpha: var alpha, KdTemperature: var temperature }
            ? new DistillationLoss(model, readout, teacher, alpha, temperature)
            : new TrainingLoss(model, readout);
        var journal = context.Journal is { } folder ? new TrainingJournal(folder, TrainingIdentity.Of(model, step, data, head, teacherIdentity)) : null;
        using var trained = TrainedWeights.Of(model, step, head);
        using var run = new TrainingRun(new(model, trained, loss, step, data.Training), trained.Parameters, context.Hooks)
        {
            Stage = MethodOf(step),
            Validation = data.Validation.Count > 0 ? new(model, readout, data.Validation, step.MicroBatchSize) : null,
            ValidateEvery = step.EvalSteps ?? TrainingLoop.StepsAPass(step, data.Training.Count),
            Patience = step.EarlyStoppingPatience,
            Journal = journal,
            SaveEvery = step.SaveSteps,
        };
        var summary = run.Train();
        trained.Complete(context.AdapterFolder);
        return run.Outcome(summary, head);
    }

    private static void Check(CausalLM model, RecoveryStep step, TrainingSet data, RecoveryContext context)
    {
        if (model.Stream is not null)
        {
            throw new SlimException("A model is trained in memory: its weights cannot be streamed.");
        }

        if (HasClassifier(step) && context.Head is { } given && !given.Classes.SequenceEqual(data.Classes))
        {
            throw new SlimException($"The classifier to go on from tells {string.Join(", ", given.Classes)} apart, but the data has the classes {string.Join(", ", data.Classes)}.");
        }
    }

    /// <summary>The word that <c>method:</c> has.</summary>
    internal static string MethodOf(RecoveryStep step) => step switch
    {
        LoraRecovery => "lora",
        PartialRecovery => "partial",
        DistillRecovery => "distill",
        _ => "full",
    };

    /// <summary>Whether a step trains a classifier.</summary>
    internal static bool HasClassifier(RecoveryStep step) => step.Objective is RecoveryObjective.PCls or RecoveryObjective.Cls;

    /// <summary>How the answer of a step's model is read.</summary>
    internal static Readout ReadoutOf(RecoveryStep step, TrainingSet data, ClassificationHead? head) =>
        head is not null ? Readout.Classes(head)
        : step.Objective == RecoveryObjective.PromptLm ? Readout.Labels(data.LabelTokens)
        : Readout.NextToken;
}
