namespace SlimSpec;

/// <summary>Reads the data of a recovery step as its objective wants it.</summary>
public static class RecoveryData
{
    /// <summary>What a step trains on, and what it holds out for validation.</summary>
    /// <param name="step">The step; its dataset's path as it can be opened from here.</param>
    /// <param name="tokenizer">The model's; may be null for ready ids.</param>
    /// <param name="vocabularySize">Number of ids the model knows.</param>
    /// <param name="maxPositions">Positions the model has.</param>
    /// <exception cref="SlimException">The data is missing or malformed, or does not fit the step or the model.</exception>
    public static TrainingSet Read(RecoveryStep step, Tokenizer? tokenizer, int vocabularySize, int maxPositions)
    {
        CheckLength(step, maxPositions);
        return step.Objective switch
        {
            RecoveryObjective.Lm => ReadText(step, tokenizer, vocabularySize),
            RecoveryObjective.Instruct => Checked(InstructionExamples.Read(step, Required(step, tokenizer)), step.Dataset.Path, tokenizer!, vocabularySize),
            _ => Checked(ClassificationExamples.Read(step, Required(step, tokenizer)), step.Dataset.Path, tokenizer!, vocabularySize),
        };
    }

    /// <summary>What the accuracy of a classification is measured on, as <see cref="TrainingSet.Validation"/>; its prompts begin with the demonstrations of <see cref="Read"/>.</summary>
    /// <param name="step">The step; the paths of its dataset and its task's test data as they can be opened from here.</param>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="vocabularySize">Number of ids the model knows.</param>
    /// <param name="maxPositions">Positions the model has.</param>
    /// <exception cref="SlimException">The data is missing or malformed, or does not fit the step or the model.</exception>
    /// <exception cref="ArgumentException">The step's objective is no classification.</exception>
    public static TrainingSet ReadTest(RecoveryStep step, Tokenizer tokenizer, int vocabularySize, int maxPositions)
    {
        if (step.Task is not { } task)
        {
            throw new ArgumentException("The step classifies nothing.", nameof(step));
        }

        CheckLength(step, maxPositions);
        return Checked(ClassificationExamples.ReadTest(step, tokenizer), task.Test.Path, tokenizer, vocabularySize);
    }

    private static TrainingSet ReadText(RecoveryStep step, Tokenizer? tokenizer, int vocabularySize)
    {
        var data = TokenDataset.Load(step.Dataset, tokenizer, vocabularySize);
        TrainingExample[] examples = [.. data.Sequences(step.MaxSeqLength).Select(ids => new TrainingExample(ids))];
        var (training, validation) = ValidationSplit.Draw(examples, step.ValSetSize, step.Seed);
        return new(training, validation) { Notes = data.Notes };
    }

    private static void CheckLength(RecoveryStep step, int maxPositions)
    {
        if (step.MaxSeqLength > maxPositions)
        {
            throw new SlimException($"max_seq_length: {step.MaxSeqLength} is more than the model's {maxPositions} positions");
        }
    }

    private static Tokenizer Required(RecoveryStep step, Tokenizer? tokenizer) =>
        tokenizer ?? throw new SlimException($"{step.Dataset.Path}: a text needs a tokenizer; the checkpoint has none");

    private static TrainingSet Checked(TrainingSet set, string path, Tokenizer tokenizer, int vocabularySize)
    {
        TokenDatasetFile.CheckIds(path, set.Training.Concat(set.Validation).SelectMany(example => example.Ids).Concat(set.LabelTokens), tokenizer, vocabularySize);
        return set;
    }
}
