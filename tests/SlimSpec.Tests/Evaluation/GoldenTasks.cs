namespace SlimSpec.Tests.Evaluation;

/// <summary>The tasks of the goldens.</summary>
internal static class GoldenTasks
{
    private const string Clean = "|trim|replace(' [title]', '. ')|regex_replace('\\[.*?\\]', '')|replace('  ', ' ')";
    private const string CleanAll = "|map('trim')|map('replace', ' [title]', '. ')|map('regex_replace', '\\[.*?\\]', '')|map('replace', '  ', ' ')";

    private static readonly Dictionary<string, (string Text, string Choice, string Target)> Templates = new()
    {
        ["boolq"] = ("{{ query|regex_replace('^Passage: ', '') }}\nAnswer:", "{{ choices }}", "gold"),
        ["piqa"] = ("{{ query }}Answer:", "choices", "gold"),
        ["hellaswag"] = ($"{{{{ (activity_label ~ ': ' ~ ctx_a ~ ' ' ~ ctx_b|capitalize){Clean} }}}}", $"{{{{ endings{CleanAll} }}}}", "label"),
        ["winogrande"] = ("gold", "context_options", "continuation"),
        ["arc_easy"] = ("{{ query }}\nAnswer:", "choices", "gold"),
        ["arc_challenge"] = ("{{ query }}\nAnswer:", "choices", "gold"),
        ["openbook_qa"] = ("query", "choices", "gold"),
    };

    /// <summary>The tasks' names.</summary>
    public static IEnumerable<string> Names => Templates.Keys;

    /// <summary>A task on its first 100 rows.</summary>
    public static MultipleChoiceTask Task(string name) => new()
    {
        Task = name,
        Dataset = new(TestFiles.Shared($"data/multiple-choice/{name}.even.jsonl")),
        DocToText = Templates[name].Text,
        DocToChoice = Templates[name].Choice,
        DocToTarget = Templates[name].Target,
        Limit = 100,
        Metrics = name is "boolq" or "winogrande" ? [MultipleChoiceMetric.Acc] : [MultipleChoiceMetric.Acc, MultipleChoiceMetric.AccNorm],
    };
}
