namespace SlimSpec;

/// <summary>Examples of a classification: the tokens of a prompt, or for the objective <c>cls</c> of the text alone, and the class.</summary>
internal static class ClassificationExamples
{
    /// <summary>Reads what a step trains on.</summary>
    /// <exception cref="SlimException">The data cannot be read, has too few rows, or does not fit the tokenizer.</exception>
    public static TrainingSet Read(RecoveryStep step, Tokenizer tokenizer)
    {
        var counts = new DataCounts();
        var rows = TaskRows.Draw(step, counts);
        var encode = Encoder(step, rows.Demonstrations, tokenizer, counts);
        return Set(step, tokenizer, [.. rows.Training.Select(encode)], [.. rows.Validation.Select(encode)], counts);
    }

    /// <summary>Reads what a step's accuracy is measured on, behind the demonstrations that it trained with.</summary>
    /// <exception cref="SlimException">The data cannot be read, or does not fit the tokenizer.</exception>
    public static TrainingSet ReadTest(RecoveryStep step, Tokenizer tokenizer)
    {
        var counts = new DataCounts();
        var demonstrations = step.Objective == RecoveryObjective.Cls || step.Task!.Demonstrations == 0 ? [] : TaskRows.Draw(step, new()).Demonstrations;
        var encode = Encoder(step, demonstrations, tokenizer, counts);
        return Set(step, tokenizer, [], [.. LabelledRow.Read(step.Task!.Test, step.Task, counts).Select(encode)], counts);
    }

    private static Func<LabelledRow, TrainingExample> Encoder(RecoveryStep step, IReadOnlyList<LabelledRow> demonstrations, Tokenizer tokenizer, DataCounts counts)
    {
        if (step.Objective == RecoveryObjective.Cls)
        {
            return row => new(Cut(tokenizer.Encode(row.Text, tokenizer.AddsBos)), Label: row.Class);
        }

        var prompt = new TaskPrompt(step.Task!, demonstrations, tokenizer, step.MaxSeqLength, counts);
        return row => new(prompt.Encode(row.Text, counts), Label: row.Class);

        int[] Cut(int[] ids)
        {
            counts.Truncated += ids.Length > step.MaxSeqLength ? 1 : 0;
            return ids.Length > step.MaxSeqLength ? ids[..step.MaxSeqLength] : ids;
        }
    }

    private static TrainingSet Set(RecoveryStep step, Tokenizer tokenizer, TrainingExample[] training, TrainingExample[] validation, DataCounts counts) => new(training, validation)
    {
        Classes = [.. step.Task!.LabelWords.Keys],
        LabelTokens = step.Objective == RecoveryObjective.PromptLm ? TaskPrompt.LabelTokens(step.Task, tokenizer) : [],
        Notes = counts.ToNotes(),
    };
}
