namespace SlimSpec;

/// <summary>The prompt of an instruction as Stanford Alpaca words it (Taori et al. 2023; LLM-Pruner's <c>post_training.py</c> uses the same).</summary>
internal static class AlpacaTemplate
{
    /// <summary>What comes before the answer.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="input">What it is about; empty: nothing.</param>
    public static string Prompt(string instruction, string input) => input.Length > 0
        ? $"Below is an instruction that describes a task, paired with an input that provides further context. Write a response that appropriately completes the request.\n\n### Instruction:\n{instruction}\n\n### Input:\n{input}\n\n### Response:\n"
        : $"Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\n{instruction}\n\n### Response:\n";
}
