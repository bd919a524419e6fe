using System.Text.Json;

namespace SlimSpec.Tests.Evaluation;

/// <summary>Seven tasks against a float64 reference and lm-evaluation-harness 0.3 (goldens/EVAL.md).</summary>
public class MultipleChoiceGoldenTests
{
    public static IEnumerable<object[]> Cases => new[] { "lm-stories260K", "lm-stories3M" }.SelectMany(_ => GoldenTasks.Names, (model, task) => new object[] { model, task });

    [SharedTheory("goldens/EVAL.md")]
    [MemberData(nameof(Cases))]
    public void Every_log_likelihood_and_every_score_is_the_golden_one(string model, string task) => Check(model, task, torch.ScalarType.Float32, 1e-3);

    [SharedFact("goldens/EVAL.md")]
    public void In_float64_they_agree_to_a_millionth() => Check("lm-stories260K", "hellaswag", torch.ScalarType.Float64, 1e-6);

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
