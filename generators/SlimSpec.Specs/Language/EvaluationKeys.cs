using System.Collections.Generic;

namespace SlimSpec.Specs;

/// <summary><c>evaluate:</c>.</summary>
public static class EvaluationKeys
{
    /// <summary>The text, where there is one.</summary>
    public static readonly Key<DatasetChoice> Dataset = Key.Optional("dataset", new DatasetType(), "The text whose perplexity is measured, where it is one: a text file, a .json file with ready token ids, or a mapping that says what is in the file.");

    /// <summary>Several texts.</summary>
    public static readonly Key<IReadOnlyList<Located<Section>>> Perplexity = Key.Optional(
        "perplexity",
        new ListType<Section>(new SectionType(PerplexityKeys.Definition), "a list of texts such as [{ dataset: a.txt, window: 128 }]"),
        "The texts whose perplexity is measured, where they are several; tables quote the first.");

    /// <summary>Multiple choice.</summary>
    public static readonly Key<IReadOnlyList<Located<TaskUse>>> Tasks = Key.Optional(
        "tasks",
        new ListType<TaskUse>(new TaskUseType(), "a list of tasks such as [boolq, { task: piqa, num_fewshot: 5 }]"),
        "The multiple-choice tasks that the model answers: names of task files, or mappings that say more.");

    /// <summary>Latency and memory.</summary>
    public static readonly Key<Section> Cost = Key.Optional("cost", new SectionType(CostKeys.Definition), "How fast the dense and the slim model are and what memory they need, measured in turns at the end of a run.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new(
        "What is measured of the model after each stage.",
        [Dataset, DataKeys.Split, PerplexityKeys.Window, PerplexityKeys.Limit, PerplexityKeys.Protocol, Perplexity, Tasks, Cost]);
}

/// <summary>An entry of <c>evaluate.perplexity</c>.</summary>
public static class PerplexityKeys
{
    /// <summary>LLM-Pruner's way.</summary>
    public const string LlmPruner = "llm_pruner";

    /// <summary>llama.cpp's way.</summary>
    public const string LlamaCpp = "llama_cpp";

    /// <summary>Tokens a window.</summary>
    public static readonly Key<int> Window = Key.Default("window", DataKeys.SequenceLength, 128, "Tokens a window.");

    /// <summary>Windows at most.</summary>
    public static readonly Key<int> Limit = Key.Optional("limit", new IntegerType(1, int.MaxValue), "Windows to score at most; all of them where absent.");

    /// <summary>Which tokens are scored.</summary>
    public static readonly Key<string> Protocol = Key.Default(
        "protocol",
        new WordType(LlmPruner, LlamaCpp),
        LlmPruner,
        "Which tokens are scored: llm_pruner all of a window but its first, llama_cpp those behind its middle, with BOS first in each window.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("Perplexity over windows that do not overlap.", [DataKeys.Dataset, DataKeys.Split, Window, Limit, Protocol]);
}

/// <summary><c>evaluate.cost</c>.</summary>
public static class CostKeys
{
    /// <summary>Tokens of the prompt where the spec does not say.</summary>
    public const int DefaultPrompt = 128;

    private const string Numbers = "a number or a list of numbers such as [1, 8]";

    /// <summary>Sequences at a time.</summary>
    public static readonly Key<IReadOnlyList<Located<int>>> BatchSizes = Key.Optional("batch_sizes", new ListType<int>(new IntegerType(1, 65536), Numbers, mayBeScalar: true), "Sequences at a time; 1 where absent.");

    /// <summary>Lengths of the prompt.</summary>
    public static readonly Key<IReadOnlyList<Located<int>>> PromptTokens = Key.Optional("prompt_tokens", new ListType<int>(DataKeys.SequenceLength, Numbers, mayBeScalar: true), "Tokens of the prompt; 128 where absent.");

    /// <summary>Tokens behind it.</summary>
    public static readonly Key<int> NewTokens = Key.Default("new_tokens", new IntegerType(1, 1_000_000), 32, "Tokens that are decoded behind each prompt.");

    /// <summary>Repetitions.</summary>
    public static readonly Key<int> Rounds = Key.Default("rounds", new IntegerType(1, 10_000), 5, "How often each is measured, after one round to warm up.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("Latency and memory.", [BatchSizes, PromptTokens, NewTokens, Rounds]);
}
