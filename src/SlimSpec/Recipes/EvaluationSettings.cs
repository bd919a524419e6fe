using System.Text.Json.Serialization;

namespace SlimSpec;

/// <summary>How a model is measured (<c>evaluate:</c>).</summary>
public sealed record EvaluationSettings
{
    /// <summary>The texts whose perplexity is measured. The first one is what tables quote, and what depth scores and <c>slim sensitivity</c> use.</summary>
    public IReadOnlyList<PerplexityEvaluation> Perplexity { get; init; } = [];

    /// <summary>The first of <see cref="Perplexity"/>, or null.</summary>
    [JsonIgnore]
    public PerplexityEvaluation? FirstPerplexity => Perplexity is [var first, ..] ? first : null;

    /// <summary>The multiple-choice tasks, in order.</summary>
    public IReadOnlyList<MultipleChoiceTask> Tasks { get; init; } = [];

    /// <summary>How fast the model is and what it needs; null: not measured.</summary>
    public CostEvaluation? Cost { get; init; }
}

/// <summary>Where windows begin and which of their tokens are scored.</summary>
public enum PerplexityProtocol
{
    /// <summary>LLM-Pruner's: BOS once at the start of the text; every token of a window but its first is scored.</summary>
    LlmPruner,

    /// <summary>llama.cpp's: BOS takes the place of each window's first token; the tokens behind its middle are scored.</summary>
    LlamaCpp,
}

/// <summary>Perplexity over non-overlapping windows (<c>evaluate.perplexity</c>).</summary>
public sealed record PerplexityEvaluation
{
    /// <summary>Text to score.</summary>
    public required DatasetReference Dataset { get; init; }

    /// <summary>Tokens a window.</summary>
    public int Window { get; init; } = 128;

    /// <summary>Windows to score at most, or null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Which tokens are scored.</summary>
    public PerplexityProtocol Protocol { get; init; }
}

/// <summary>How a choice is taken from the choices' log-likelihoods.</summary>
public enum MultipleChoiceMetric
{
    /// <summary>The likeliest choice; of several the first.</summary>
    Acc,

    /// <summary>The choice that is likeliest for its length: log-likelihood divided by Unicode code points of the choice.</summary>
    AccNorm,
}

/// <summary>
/// A multiple-choice task (an entry of <c>evaluate.tasks</c>): a task file, with what the recipe says of it. Keys are lm-evaluation-harness's. Its
/// templates are held as written; the compiler has checked them.
/// </summary>
public sealed record MultipleChoiceTask
{
    /// <summary>The task's name.</summary>
    public required string Task { get; init; }

    /// <summary>The rows to answer (<c>dataset_path</c>).</summary>
    public required DatasetReference Dataset { get; init; }

    /// <summary>The rows that solved examples are drawn from (<c>fewshot_path</c>); null: those to answer, never the row that is asked.</summary>
    public DatasetReference? Fewshot { get; init; }

    /// <summary>What every prompt begins with.</summary>
    public string Description { get; init; } = "";

    /// <summary>A row's prompt; where it is a whole number, the choices are prompts, and the number is the right one.</summary>
    public required string DocToText { get; init; }

    /// <summary>The right choice: its number from 0 or its text. Where the choices are prompts: what follows each of them.</summary>
    public required string DocToTarget { get; init; }

    /// <summary>A row's choices, a list.</summary>
    public required string DocToChoice { get; init; }

    /// <summary>What stands between a prompt and a choice.</summary>
    public string TargetDelimiter { get; init; } = " ";

    /// <summary>What stands between solved examples.</summary>
    public string FewshotDelimiter { get; init; } = "\n\n";

    /// <summary>Solved examples in front of each prompt.</summary>
    public int NumFewshot { get; init; }

    /// <summary>Rows to answer at most, from the first; null: all.</summary>
    public int? Limit { get; init; }

    /// <summary>Seed of the draw of solved examples.</summary>
    public int Seed { get; init; }

    /// <summary>What is reported; the first one is what tables quote.</summary>
    public required IReadOnlyList<MultipleChoiceMetric> Metrics { get; init; }
}

/// <summary>Latency and memory of the dense and of the slim model (<c>evaluate.cost</c>), measured in turns.</summary>
public sealed record CostEvaluation
{
    /// <summary>Sequences at a time.</summary>
    public IReadOnlyList<int> BatchSizes { get; init; } = [1];

    /// <summary>Tokens of the prompt.</summary>
    public IReadOnlyList<int> PromptTokens { get; init; } = [128];

    /// <summary>Tokens that are decoded behind the prompt.</summary>
    public int NewTokens { get; init; } = 32;

    /// <summary>How often each is measured, after one round to warm up.</summary>
    public int Rounds { get; init; } = 5;
}
