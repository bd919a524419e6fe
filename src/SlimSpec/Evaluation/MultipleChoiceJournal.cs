using System.Text.Json;
using System.Text.Json.Nodes;

namespace SlimSpec;

/// <summary>
/// The answers of a model on disk, <c>TASK.jsonl</c> for each task: a line that says what computed them, then a line an item, as they are
/// given, and in the order of the rows once all are. A run that starts again takes up what the same model answered to the same tokens.
/// </summary>
/// <param name="folder">The folder; made when first written to.</param>
/// <param name="model">What tells the model from others, for example a fingerprint of its checkpoint.</param>
public sealed class MultipleChoiceJournal(string folder, string model)
{
    /// <summary>Begins a task, or goes on with it.</summary>
    internal MultipleChoiceSamples Open(MultipleChoiceTask task, IReadOnlyList<ChoiceTokens> items)
    {
        var shots = task.NumFewshot == 0 ? "" : $"-{task.NumFewshot}-shot";
        var head = new JsonObject { ["task"] = task.Task, ["num_fewshot"] = task.NumFewshot, ["model"] = model, ["build"] = TrainingIdentity.Build };
        return MultipleChoiceSamples.Open(Path.Combine(folder, $"{task.Task}{shots}.jsonl"), head.ToJsonString(MultipleChoiceSamples.Json), task.Metrics, items);
    }
}

/// <summary>The file of one task.</summary>
internal sealed class MultipleChoiceSamples : IDisposable
{
    private const string Chosen = "chosen";
    private const string Ids = "ids_sha256";

    private readonly string _path;
    private readonly string _head;
    private readonly IReadOnlyList<MultipleChoiceMetric> _metrics;
    private readonly Dictionary<int, string> _ids;
    private readonly Dictionary<int, MultipleChoiceAnswer> _earlier = [];
    private readonly StreamWriter _lines;

    private MultipleChoiceSamples(string path, string head, IReadOnlyList<MultipleChoiceMetric> metrics, IReadOnlyList<ChoiceTokens> items)
    {
        (_path, _head, _metrics) = (path, head, metrics);
        _ids = items.ToDictionary(item => item.Item.Doc, item => item.IdsHash);
        foreach (var answer in Written())
        {
            _earlier[answer.Doc] = answer;
        }

        // They outlive a second interruption, and a line that was cut off goes.
        AtomicFile.WriteText(path, Text(_earlier.Values));
        _lines = new(path, append: true) { AutoFlush = true };
    }

    /// <summary>The form of the file.</summary>
    public static JsonSerializerOptions Json { get; } = new(RunFolder.Json) { WriteIndented = false };

    /// <summary>Begins a file, or goes on with it.</summary>
    /// <exception cref="SlimException">The place cannot be written.</exception>
    public static MultipleChoiceSamples Open(string path, string head, IReadOnlyList<MultipleChoiceMetric> metrics, IReadOnlyList<ChoiceTokens> items)
    {
        try
        {
            return new(path, head, metrics, items);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SlimException($"{path}: cannot be written ({failure.Message})", failure);
        }
    }

    /// <summary>What an earlier run answered; null: nothing.</summary>
    public MultipleChoiceAnswer? Earlier(ChoiceTokens item) => _earlier.TryGetValue(item.Item.Doc, out var answer) ? answer with { Gold = item.Item.Gold } : null;

    /// <summary>Adds an answer.</summary>
    public void Add(MultipleChoiceAnswer answer) => _lines.WriteLine(Line(answer));

    /// <summary>Puts the answers in order.</summary>
    public void Complete(IEnumerable<MultipleChoiceAnswer> answers)
    {
        _lines.Dispose();
        AtomicFile.WriteText(_path, Text(answers));
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private string Text(IEnumerable<MultipleChoiceAnswer> answers) => string.Concat(answers.Select(Line).Prepend(_head).Select(line => line + "\n"));

    private string Line(MultipleChoiceAnswer answer)
    {
        var line = JsonSerializer.SerializeToNode(answer, Json)!.AsObject();
        line[Ids] = _ids[answer.Doc];
        line[Chosen] = new JsonObject(_metrics.Select(metric => KeyValuePair.Create(SpecWords.Of(metric), (JsonNode?)answer.Chosen(metric))));
        return line.ToJsonString(Json);
    }

    // The answers of the same model to the same tokens.
    private IEnumerable<MultipleChoiceAnswer> Written()
    {
        if (!File.Exists(_path) || File.ReadAllLines(_path) is not [var head, .. var lines] || head != _head)
        {
            return [];
        }

        return lines.Select(Read).OfType<MultipleChoiceAnswer>();
    }

    // Nothing where the line was cut off when the run was killed, or is of another text.
    private MultipleChoiceAnswer? Read(string line)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject node && node.Deserialize<MultipleChoiceAnswer>(Json) is { } answer
                && _ids.TryGetValue(answer.Doc, out var ids) && node[Ids]?.GetValue<string>() == ids ? answer : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
