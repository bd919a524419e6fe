namespace SlimSpec;

/// <summary>Opens the teachers of distillations.</summary>
internal static class Teachers
{
    /// <summary>Opens a teacher; what tells it from others is given besides.</summary>
    /// <param name="student">The model that will be trained.</param>
    /// <param name="step">The step.</param>
    /// <param name="data">Its data.</param>
    /// <param name="context">Says where the teacher is.</param>
    /// <exception cref="SlimException">There is no teacher, or not one that can teach this.</exception>
    public static (Teacher Teacher, string Identity) Open(CausalLM student, DistillRecovery step, TrainingSet data, RecoveryContext context)
    {
        var model = (context.OpenTeacher ?? throw new SlimException("method: distill needs a teacher"))();
        ClassificationHead? head = null;
        try
        {
            if (model.Shape.VocabularySize != student.Shape.VocabularySize)
            {
                throw new SlimException($"teacher: it knows {model.Shape.VocabularySize} token ids, and the model {student.Shape.VocabularySize}");
            }

            head = RecoveryTrainer.HasClassifier(step) ? OpenHead(model, data, context) : null;
            var readout = RecoveryTrainer.ReadoutOf(step, data, head);
            var identity = Identity(model, head);
            var teacher = step.TeacherMemory == TeacherMemory.Cached
                ? new CachedTeacher(model, readout, head, data.Training, step.MicroBatchSize, new(CacheOf(context), identity, context.Hooks.Progress))
                : new Teacher(model, readout, head);
            return (teacher, identity);
        }
        catch
        {
            head?.Dispose();
            model.Dispose();
            throw;
        }
    }

    private static ClassificationHead OpenHead(CausalLM model, TrainingSet data, RecoveryContext context)
    {
        var head = context.OpenTeacherHead?.Invoke(model) ?? throw new SlimException("teacher: it has no classifier to learn from; give the folder of one that was trained on the task");
        return head.Classes.SequenceEqual(data.Classes)
            ? head
            : throw new SlimException($"teacher: its classifier tells {string.Join(", ", head.Classes)} apart, but the data has the classes {string.Join(", ", data.Classes)}");
    }

    private static string CacheOf(RecoveryContext context) => context.TeacherCache ?? throw new SlimException("teacher_memory: cached needs a folder to keep what the teacher says");

    private static string Identity(CausalLM model, ClassificationHead? head) =>
        $"{TrainingIdentity.Build}, weights {TrainingIdentity.OfWeights(model)}, {model.Dtype} on {model.Device}, classifier {TrainingIdentity.OfHead(head)}";
}
