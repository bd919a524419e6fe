using System.Text.Json;
using System.Text.Json.Nodes;

namespace SlimSpec.Tests.Evaluation;

/// <summary>Seven tasks against a float64 reference and lm-evaluation-harness 0.3 (goldens/EVAL.md).</summary>
public class MultipleChoiceGoldenTests
{
    public static IEnumerable<object[]> Cases => new[] { "lm-stories260K", "lm-stories3M" }.SelectMany(_ => GoldenTasks.Names.Keys, (model, task) => new object[] { model, task });

    [SharedTheory("goldens/EVAL.md")]
    [MemberData(nameof(Cases))]
    public void Every_log_likelihood_and_every_score_is_the_golden_one(string model, string task) => Check(model, task, torch.ScalarType.Float32, 1e-3);

    [SharedFact("goldens/EVAL.md")]
    public void In_float64_they_agree_to_a_millionth() => Check("lm-stories260K", "hellaswag", torch.ScalarType.Float64, 1e-6);

    [SharedTheory("goldens/EVAL.md")]
    [MemberData(nameof(Tasks))]
    public void Rows_with_the_fields_of_the_data_set_itself_give_the_same_texts(string task)
    {
        using var folder = new TemporaryFolder();
        using var golden = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Shared("goldens/eval-lm-stories3M/golden.json")));
        var rows = File.ReadLines(TestFiles.Shared($"data/multiple-choice/{task}.even.jsonl")).Take(100).Select(line => Original(task, JsonNode.Parse(line)!).ToJsonString());
        var items = MultipleChoicePrompts.Render(GoldenTasks.OwnFields(task, folder.Write("rows.jsonl", string.Join('\n', rows))));
        var expected = golden.RootElement.GetProperty($"multiple_choice.{task}").GetProperty("per_row").EnumerateArray().ToList();
        items.Select(item => item.TextHash).ShouldBe(expected.Select(row => row.GetProperty("text_sha256_16").GetString()));
        items.Select(item => item.Gold).ShouldBe(expected.Select(row => row.GetProperty("gold").GetInt32()));
    }

    public static TheoryData<string> Tasks => [.. GoldenTasks.Names.Keys];

    // A row as the data set has it, of one as llm-foundry has it.
    private static JsonNode Original(string task, JsonNode row)
    {
        string Query(string start, string end = "") => row["query"]!.GetValue<string>() is var query && query.StartsWith(start, StringComparison.Ordinal) && query.EndsWith(end, StringComparison.Ordinal)
            ? query[start.Length..^end.Length]
            : throw new InvalidOperationException(query);
        JsonObject Lettered() => new() { ["text"] = row["choices"]!.DeepClone(), ["label"] = new JsonArray([.. row["choices"]!.AsArray().Select((_, place) => (JsonNode)"ABCDE"[place].ToString())]) };
        var gold = (row["gold"] ?? row["label"])!.GetValue<int>();
        switch (task)
        {
            case "boolq":
                var parts = Query("Passage: ", "?").Split("\nQuestion: ");
                return new JsonObject { ["passage"] = string.Join("\nQuestion: ", parts[..^1]), ["question"] = parts[^1], ["answer"] = gold == 1 };
            case "piqa":
                return new JsonObject { ["goal"] = Query("Question: ", "\n"), ["sol1"] = row["choices"]![0]!.DeepClone(), ["sol2"] = row["choices"]![1]!.DeepClone(), ["label"] = gold };
            case "hellaswag":
                row["label"] = gold.ToString(System.Globalization.CultureInfo.InvariantCulture);
                return row;
            case "winogrande":
                string[] contexts = [.. row["context_options"]!.AsArray().Select(context => context!.GetValue<string>())];
                var shared = contexts[0].AsSpan().CommonPrefixLength(contexts[1]);
                return new JsonObject
                {
                    ["sentence"] = $"{contexts[0][..shared]}_ {row["continuation"]}",
                    ["option1"] = contexts[0][shared..],
                    ["option2"] = contexts[1][shared..],
                    ["answer"] = $"{gold + 1}",
                };
            case "openbook_qa":
                return new JsonObject { ["question_stem"] = Query(""), ["choices"] = Lettered(), ["answerKey"] = "ABCDE"[gold].ToString() };
            default:
                return new JsonObject { ["question"] = Query("Question: "), ["choices"] = Lettered(), ["answerKey"] = "ABCDE"[gold].ToString() };
        }
    }

    private static void Check(string name, string task, torch.ScalarType dtype, double tolerance)
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Shared($"goldens/eval-{name}/golden.json")));
        var expected = golden.RootElement.GetProperty($"multiple_choice.{task}");
        using var folder = HuggingFaceFolder.Open(TestFiles.Shared($"data/{name}"));
        using var model = StoryModels.Load(name, folder, dtype);

        var result = MultipleChoice.Measure(model, folder.LoadTokenizer(), GoldenTasks.Task(task));

        result.Answers.Count.ShouldBe(100);
        foreach (var (answer, row) in result.Answers.Zip(expected.GetProperty("per_row").EnumerateArray()))
        {
            answer.TextSha256.ShouldBe(row.GetProperty("text_sha256_16").GetString(), $"row {answer.Doc}");
            answer.Gold.ShouldBe(row.GetProperty("gold").GetInt32());
            answer.ContextTokens.ShouldBe(row.GetProperty("context_tokens").Ids());
            answer.ContinuationTokens.ShouldBe(row.GetProperty("continuation_tokens").Ids());
            answer.Truncated.ShouldBe(row.TryGetProperty("truncated", out var truncated) && truncated.GetBoolean());
            if (row.TryGetProperty("chars", out var characters))
            {
                answer.Characters.ShouldBe(characters.Ids());
            }

            foreach (var (score, goldenScore) in answer.LogLikelihoods.Zip(row.GetProperty("ll").Doubles()))
            {
                score.ShouldBe(goldenScore, tolerance, $"row {answer.Doc}");
            }
        }

        foreach (var metric in result.Score.Metrics)
        {
            metric.Value.ShouldBe(expected.GetProperty("summary").GetProperty(SpecWords.Of(metric.Metric)).GetDouble(), 1e-12);
        }
    }
}
