namespace SlimSpec;

/// <summary>What is measured of the model after each stage (<c>evaluate:</c>).</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EvaluateAttribute : Attribute
{
    /// <summary>The text whose perplexity is measured, where it is one: a text file, a .json file with ready token ids, or a mapping that says what is in the file.</summary>
    public string? Dataset { get; set; }

    /// <summary>Part of the dataset. For example <c>":90%"</c>; all of it where absent.</summary>
    public string? Split { get; set; }

    /// <summary>Tokens a window.</summary>
    public int Window { get; set; } = 128;

    /// <summary>Windows to score at most; all of them where absent.</summary>
    public int Limit { get; set; }

    /// <summary>Which tokens are scored: llm_pruner all of a window but its first, llama_cpp those behind its middle, with BOS first in each window.</summary>
    public PerplexityProtocol Protocol { get; set; }

    /// <summary>The texts whose perplexity is measured, where they are several; tables quote the first. For example <c>"[{ dataset: a.txt }, { dataset: b.txt, window: 2048 }]"</c>.</summary>
    public string? Perplexity { get; set; }

    /// <summary>The multiple-choice tasks that the model answers: names of task files, or mappings that say more. For example <c>"[boolq, { task: piqa, num_fewshot: 5 }]"</c>.</summary>
    public string? Tasks { get; set; }

    /// <summary>Sequences at a time; 1 where absent.</summary>
    public int[]? CostBatchSizes { get; set; }

    /// <summary>Tokens of the prompt; 128 where absent.</summary>
    public int[]? CostPromptTokens { get; set; }

    /// <summary>Tokens that are decoded behind each prompt.</summary>
    public int CostNewTokens { get; set; } = 32;

    /// <summary>How often each is measured, after one round to warm up.</summary>
    public int CostRounds { get; set; } = 5;
}
