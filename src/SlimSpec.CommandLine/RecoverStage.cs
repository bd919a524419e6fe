namespace SlimSpec.CommandLine;

/// <summary>The stage that trains: the recovery steps of a recipe, one after the other, each going on where an interrupted run stopped.</summary>
internal static class RecoverStage
{
    // Gone when the run is complete.
    private const string JournalFolder = "training";

    /// <summary>What the recovery steps train on.</summary>
    public static IEnumerable<DatasetReference> Datasets(Job job) => job.Settings.Recover.Select(step => step.Dataset);

    /// <summary>A step with its data found.</summary>
    public static RecoveryStep Find(Job job, RecoveryStep step) => step with
    {
        Dataset = job.FindShown(step.Dataset),
        Task = step.Task is { } task ? task with { Test = job.FindShown(task.Test) } : null,
    };

    /// <summary>Carries out the recovery steps and merges what they trained.</summary>
    /// <param name="job">The job.</param>
    /// <param name="model">The model to recover.</param>
    /// <param name="run">The run folder, which gets the adapters and a line a step.</param>
    public static void Run(Job job, LoadedModel model, RunFolder run)
    {
        if (job.Settings.Recover.Count == 0)
        {
            throw new SlimException($"{job.Recipe.SpecFile} has no recover section: there is nothing to train");
        }

        for (var number = 0; number < job.Settings.Recover.Count; number++)
        {
            Train(job, model, run, number);
        }
    }

    /// <summary>Removes what an interrupted run would have gone on from.</summary>
    public static void Complete(RunFolder run)
    {
        var journal = Path.Combine(run.Directory, JournalFolder);
        if (Directory.Exists(journal))
        {
            Directory.Delete(journal, recursive: true);
        }
    }

    private static void Train(Job job, LoadedModel model, RunFolder run, int number)
    {
        var step = Find(job, job.Settings.Recover[number]);
        RefuseOwnTeacher(job, model, number);
        var suffix = number == 0 ? "" : $"-{number + 1}";
        var data = RecoveryData.Read(step, model.Tokens(step.Dataset), model.Model.Shape.VocabularySize, model.Model.Shape.MaxPositions);
        job.Say(data.Notes);
        var outcome = job.Watch(progress => RecoveryTrainer.Train(model.Model, step, data, new()
        {
            Hooks = new() { OnStep = metric => run.Log($"recovered{suffix}", metric), OnResume = at => run.Resume($"recovered{suffix}", at), Progress = progress },
            Journal = Path.Combine(run.Directory, JournalFolder, $"step{suffix}"),
            Head = model.Head,
            OpenTeacher = () => Teacher(job, step),
            OpenTeacherHead = teacher => TeacherHead(job, step, teacher),
            TeacherCache = Path.Combine(run.Directory, JournalFolder, $"teacher{suffix}"),
            AdapterFolder = Path.Combine(run.Directory, $"adapter{suffix}"),
        }));
        model.Head = outcome.Head;
        model.RoundToStored();
        run.Note(record => record with { Recovery = [.. record.Recovery, Record(step, data, outcome)] });
        if (outcome.ResumedFrom is { } at)
        {
            job.Say($"went on at step {at} of an interrupted run");
        }

        job.Say(Stages.Describe(outcome.Summary) + (outcome.BestValidation is { } best ? $"; step {outcome.BestStep} taken, validation loss {Numbers.Short(best)}{(outcome.StoppedEarly ? ", stopped early" : "")}" : ""));
    }

    // A model that nothing has changed yet has nothing to learn from itself.
    private static void RefuseOwnTeacher(Job job, LoadedModel model, int number)
    {
        if (number == 0 && job.Settings.Recover[0] is DistillRecovery { Teacher: null } && model.Folder.ReadShape(job.Recipe).Parameters == model.Model.Shape.Parameters)
        {
            throw new SlimException($"{job.Recipe.SpecFile}: recover[0]: the teacher would be the model itself, which no cut has changed: name the dense model's folder with 'teacher'");
        }
    }

    // The dense model, unless the spec names another one of the recipe.
    private static CausalLM Teacher(Job job, RecoveryStep step)
    {
        using var folder = TeacherFolder(job, step);
        if (((DistillRecovery)step).TeacherMemory is not TeacherMemory.Resident)
        {
            return folder.OpenStream(job.Recipe, job.Dtype, job.Device);
        }

        var teacher = job.Recipe.CreateModel(folder.ReadShape(job.Recipe), job.Dtype, job.Device);
        folder.LoadInto(teacher);
        return teacher;
    }

    private static ClassificationHead? TeacherHead(Job job, RecoveryStep step, CausalLM teacher)
    {
        using var folder = TeacherFolder(job, step);
        return folder.LoadHead(teacher);
    }

    private static HuggingFaceFolder TeacherFolder(Job job, RecoveryStep step) =>
        HuggingFaceFolder.Open(((DistillRecovery)step).Teacher is { } other ? job.FindFolder(other, "teacher") : job.CheckpointFolder);

    private static RecoveryRecord Record(RecoveryStep step, TrainingSet data, RecoveryOutcome outcome) => new(
        RecoveryTrainer.MethodOf(step),
        step.Objective,
        outcome.Summary.TrainableParameters,
        data.Training.Count,
        outcome.Summary.Steps,
        outcome.Summary.Tokens,
        outcome.Summary.FirstLoss,
        outcome.Summary.LastLoss,
        outcome.BestStep,
        outcome.BestValidation,
        outcome.StoppedEarly,
        outcome.Summary.Seconds,
        data.Notes);
}
