using System.Text.Json;

namespace SlimSpec.CommandLine.Tests;

/// <summary>Multiple-choice tasks from the command line.</summary>
public sealed class MultipleChoiceTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Tasks_are_named_by_their_names_or_files_without_a_change_of_the_spec()
    {
        WriteTask();
        var json = Slim.Json("eval", _place.Spec, "--checkpoint", _place.Model, "--tasks", $"balls,{_place.Write("other/own.task.yaml", Task("own"))}", "--limit-rows", "6", "--num-fewshot", "2");
        var choices = json.GetProperty("choices").EnumerateArray().ToList();
        choices.Select(choice => choice.GetProperty("protocol").GetProperty("task").GetString()).ShouldBe(["balls", "own"]);
        choices[0].GetProperty("protocol").GetProperty("items").GetInt32().ShouldBe(6);
        choices[0].GetProperty("protocol").GetProperty("num_fewshot").GetInt32().ShouldBe(2);
        choices[0].GetProperty("protocol").GetProperty("chance").GetDouble().ShouldBe(0.5);
        choices[0].GetProperty("protocol").GetProperty("dataset").GetString().ShouldBe("balls.jsonl");
        choices[0].GetProperty("metrics").ToString().ShouldBe(choices[1].GetProperty("metrics").ToString());
        json.GetProperty("zero_shot").GetDouble().ShouldBe(choices[0].GetProperty("metrics")[0].GetProperty("value").GetDouble());
        json.TryGetProperty("perplexity", out _).ShouldBeFalse("the tasks were asked for, not the spec's text");

        var (code, output, error) = Slim.Run("eval", _place.Spec, "--checkpoint", _place.Model, "--tasks", "balls");
        code.ShouldBe(0, error);
        output.ShouldContain("acc_norm");
        output.ShouldContain("by guessing");

        Slim.Refused("eval", _place.Spec, "--checkpoint", _place.Model, "--tasks", "bals").ShouldContain("there is no task 'bals'; did you mean 'balls'?");
        Slim.Refused("eval", _place.Spec, "--checkpoint", _place.Model, "--tasks", "none.task.yaml").ShouldContain("none.task.yaml: there is no such task file");
    }

    [Fact]
    public void Answers_that_are_kept_are_not_given_again()
    {
        WriteTask();
        string[] command = ["eval", _place.Spec, "--checkpoint", _place.Model, "--tasks", "balls", "--samples", _place.At("answers")];
        var first = Slim.Json(command).GetProperty("choices")[0];
        var second = Slim.Json(command).GetProperty("choices")[0];
        first.GetProperty("computed_tokens").GetInt64().ShouldBeGreaterThan(0);
        second.GetProperty("computed_tokens").GetInt64().ShouldBe(0);
        second.GetProperty("metrics").ToString().ShouldBe(first.GetProperty("metrics").ToString());
        File.ReadAllLines(_place.At("answers/balls.jsonl")).Length.ShouldBe(13, "a line says what answered, and twelve are answers");
    }

    [Fact]
    public void A_run_scores_each_stage_and_keeps_the_answers()
    {
        WriteTask();
        var spec = _place.Write("asked.slim.yaml", File.ReadAllText(_place.Spec).Replace("window: 32 }", "window: 32, tasks: [{ task: balls, limit: 5 }] }", StringComparison.Ordinal));
        var (code, output, error) = Slim.Run("run", spec, "--checkpoint", _place.Model, "--output", _place.At("run"));
        code.ShouldBe(0, error);
        output.ShouldContain("multiple choice");
        error.ShouldContain("right on 1 multiple-choice task (");

        var run = _place.ReadJson("run/run.json");
        ((int)run["choices"]![0]!["items"]!).ShouldBe(5);
        foreach (var stage in run["stages"]!.AsArray())
        {
            var lines = File.ReadAllLines(_place.At($"run/samples/{stage!["name"]}/balls.jsonl")).Skip(1).Select(line => JsonDocument.Parse(line).RootElement).ToList();
            lines.Select(line => line.GetProperty("doc").GetInt32()).ShouldBe([0, 1, 2, 3, 4]);
            var right = lines.Count(line => line.GetProperty("chosen").GetProperty("acc").GetInt32() == line.GetProperty("gold").GetInt32());
            ((double)stage["choices"]![0]!["metrics"]![0]!["value"]!).ShouldBe(right / 5.0, 1e-12);
        }
    }

    [Fact]
    public void Tasks_that_can_be_named_are_listed()
    {
        var names = Slim.Json("list", "--tasks").EnumerateArray().Select(task => task.GetProperty("task").GetProperty("task").GetString()).ToList();
        names.ShouldBe(names.Order(StringComparer.Ordinal));
        names.ShouldContain("winogrande");
        names.ShouldContain("openbookqa_icl");
        Slim.Run("list", "--tasks").Output.ShouldContain("arc_challenge");
        Slim.Run("schema", "task").Output.ShouldContain("doc_to_text");
    }

    private void WriteTask()
    {
        _place.Write("tasks/balls.task.yaml", Task("balls"));
        _place.Write("balls.jsonl", string.Join('\n', Enumerable.Range(0, 12).Select(row => $$"""{ "q": "Ann has {{row}}", "c": ["red balls", "blue"], "right": {{row % 2}} }""")));
    }

    private static string Task(string name) => $$$"""
        task: {{{name}}}
        dataset_path: balls.jsonl
        doc_to_text: "{{q}}"
        doc_to_choice: c
        doc_to_target: right
        metric_list: [{ metric: acc }, { metric: acc_norm }]
        """;
}
