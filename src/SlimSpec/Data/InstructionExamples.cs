namespace SlimSpec;

/// <summary>Examples of instructions: prompt and answer, of which the answer is learnt.</summary>
internal static class InstructionExamples
{
    /// <summary>
    /// Reads the instructions of a step. As in LLM-Pruner's <c>post_training.py</c>: BOS where the model has one, prompt, answer; cut to
    /// <c>max_seq_length</c>, or EOS behind what is shorter.
    /// </summary>
    /// <exception cref="SlimException">The data cannot be read.</exception>
    public static TrainingSet Read(RecoveryStep step, Tokenizer tokenizer)
    {
        var counts = new DataCounts();
        var examples = DataFile.Read<Written>(step.Dataset, DatasetFormats.Instruction(step.Dataset), counts, Use);
        counts.Truncated = examples.Count(example => example.IsCut);
        var (training, validation) = ValidationSplit.Draw([.. examples.Select(example => example.Example)], step.ValSetSize, step.Seed);
        return new(step.SamplePacking ? ExamplePacking.Pack(training, step.MaxSeqLength, step.Seed) : training, validation) { Notes = counts.ToNotes() };

        Written? Use(string[] values, out string? fault)
        {
            var written = Write(values[0], values[1], values[2], step, tokenizer);
            fault = values[0].AsSpan().Trim() is "" ? "its instruction is empty"
                : values[2].AsSpan().Trim() is "" ? "its answer is empty"
                : written.Example.FirstTarget >= written.Example.Ids.Length ? $"max_seq_length {step.MaxSeqLength} leaves nothing of its answer"
                : null;
            return fault is null ? written : null;
        }
    }

    private static Written Write(string instruction, string input, string output, RecoveryStep step, Tokenizer tokenizer)
    {
        var prompt = AlpacaTemplate.Prompt(instruction, input);
        var before = tokenizer.Encode(prompt, tokenizer.AddsBos);
        var ids = tokenizer.Encode(prompt + output, tokenizer.AddsBos);
        // A token that holds the prompt's last character and the answer's first belongs to the answer.
        var first = step.TrainOnInputs ? 1 : Math.Max(1, ids.AsSpan().CommonPrefixLength(before));
        return ids.Length > step.MaxSeqLength ? new(new(ids[..step.MaxSeqLength], first), true)
            : ids.Length < step.MaxSeqLength && tokenizer.EosId is { } eos ? new(new([.. ids, eos], first), false)
            : new(new(ids, first), false);
    }

    private sealed record Written(TrainingExample Example, bool IsCut);
}
