namespace SlimSpec.Specs.Tests;

/// <summary>Task files, and the recipes that name them.</summary>
public class TaskFileTests
{
    private const string Good = """
        task: jars
        dataset_path: { path: jars.json, split: ":50%" }
        fewshot_path: more.jsonl
        output_type: multiple_choice
        description: "Jars.\n"
        doc_to_text: "Question: {{goal}}\nAnswer:"
        doc_to_choice: ["no", "it is {{ 'a' if lid else 'b' }}"]
        doc_to_target: label
        target_delimiter: ""
        fewshot_delimiter: "\n"
        num_fewshot: 2
        metric_list: [{ metric: acc_norm, aggregation: mean, higher_is_better: true }, { metric: acc }]
        """;

    [Fact]
    public void AFileIsReadWhole() =>
        Compile(Good).ShouldBe(new(
            "jars",
            new("jars.json", 0, 0.5),
            new("more.jsonl", 0, 1),
            "Jars.\n",
            "Question: {{goal}}\nAnswer:",
            "label",
            "{{['no', 'it is ' ~ ('a' if lid else 'b')]}}",
            "",
            "\n",
            2,
            null,
            0,
            new(["acc_norm", "acc"])));

    [Fact]
    public void DefaultsAreThoseOfTheHarness()
    {
        var task = Compile("task: a\ndataset_path: a.jsonl\ndoc_to_text: q\ndoc_to_choice: choices\ndoc_to_target: 3\nmetric_list: [{ metric: acc }]");

        (task.TargetDelimiter, task.FewshotDelimiter, task.NumFewshot, task.Description, task.DocToTarget).ShouldBe((" ", "\n\n", 0, "", "3"));
    }

    [Theory]
    [InlineData("task: jars", "task: two jars", "a.task.yaml(1,7): error SLIM108: the name 'two jars' of a task must be letters, digits, '_', '-' and '.', and begin with a letter")]
    [InlineData("{ path: jars.json, split: \":50%\" }", "jars.csv", "a.task.yaml(2,15): error SLIM406: a task needs rows with fields, and 'jars.csv' is of format csv by its name: the format that has them is json")]
    [InlineData("multiple_choice", "generate_until", "a.task.yaml(4,14): error SLIM106: 'output_type' must be 'multiple_choice', found 'generate_until'")]
    [InlineData("{{goal}}", "{{goal|tirm}}", "a.task.yaml(6,14): error SLIM604: 'doc_to_text' at character 18: there is no filter 'tirm'; did you mean 'trim'?")]
    [InlineData("{{goal}}", "{% if goal %}", "a.task.yaml(6,14): error SLIM604: 'doc_to_text' at character 11: statements ({% ... %}) are not part of the language; write an expression in {{ ... }}, such as {{ a if b else c }}")]
    [InlineData("if lid", "if", "a.task.yaml(7,23): error SLIM604: 'doc_to_choice[1]' at character 17: 'else' stands where a field, a text in quotation marks, a number, a list or '(' is expected")]
    [InlineData("[\"no\", \"it is {{ 'a' if lid else 'b' }}\"]", "[\"no\"]", "a.task.yaml(7,16): error SLIM105: 'doc_to_choice' must be a template such as \"{{choices.text}}\", or a list of two templates or more such as [\"no\", \"yes\"], found a list")]
    [InlineData("doc_to_target: label\n", "", "a.task.yaml(1,1): error SLIM104: the file needs the key 'doc_to_target' (the right choice, its number from 0 or its text; where the choices are prompts, what follows each of them)")]
    [InlineData("doc_to_target", "doc_to_taget", "a.task.yaml(1,1): error SLIM104: the file needs the key 'doc_to_target' (the right choice, its number from 0 or its text; where the choices are prompts, what follows each of them)\na.task.yaml(8,1): error SLIM103: unknown key 'doc_to_taget'; did you mean 'doc_to_target'?")]
    [InlineData("{ metric: acc }", "{ metric: acc_norm }", "a.task.yaml(12,80): error SLIM111: 'metric_list' repeats 'acc_norm'")]
    [InlineData("higher_is_better: true", "higher_is_better: false", "a.task.yaml(12,72): error SLIM109: 'higher_is_better' of a share of right answers is true")]
    public void WhatIsWrongIsReportedAtItsPlace(string old, string replacement, string problems)
    {
        var file = new SourceFile("a.task.yaml", Good.With(old, replacement));
        var (task, found) = SpecCompiler.CompileTask(file);
        RecordedSamples.Add(file, found);
        task.ShouldBeNull();
        Samples.Print(found).ShouldBe(problems);
    }

    [Fact]
    public void ARecipeTakesATaskAsItIsOrOtherwise()
    {
        var tasks = Recipe("jars, { task: jars, dataset: other.jsonl, num_fewshot: 5, fewshot_dataset: { path: x.txt, format: json }, limit: 100, seed: 3 }").Recipe!.Measurements!.Tasks;

        tasks[0].ShouldBe(Compile(Good));
        tasks[1].ShouldBe(Compile(Good) with { Dataset = new("other.jsonl", 0, 1), NumFewshot = 5, Fewshot = new DatasetModel("x.txt", 0, 1) { Content = new("json", null, null, null, null, null, null, null, null, 0) }, Limit = 100, Seed = 3 });
    }

    [Theory]
    [InlineData("jar", "a.slim.yaml(21,21): error SLIM603: no task file describes 'jar'; did you mean 'jars'?")]
    [InlineData("{ task: jarz }", "a.slim.yaml(21,29): error SLIM603: no task file describes 'jarz'; did you mean 'jars'?")]
    [InlineData("jars, { task: jars, limit: 5 }", "a.slim.yaml(21,27): error SLIM111: 'evaluate.tasks' has the task 'jars' twice with num_fewshot 2")]
    [InlineData("{ task: jars, dataset: a.txt }", "a.slim.yaml(21,44): error SLIM406: a task needs rows with fields, and 'a.txt' is of format text by its name: the format that has them is json")]
    [InlineData("{ tusk: jars }", "a.slim.yaml(21,21): error SLIM104: 'evaluate.tasks[0]' needs the key 'task' (name of a task file)\na.slim.yaml(21,23): error SLIM103: unknown key 'tusk' in 'evaluate.tasks[0]'; did you mean 'task'?")]
    [InlineData("3.5, []", "a.slim.yaml(21,21): error SLIM603: no task file describes '3.5'; known: jars\na.slim.yaml(21,26): error SLIM105: 'evaluate.tasks[1]' must be the name of a task, or a mapping such as { task: piqa, limit: 100 }, found a list")]
    public void ARecipeThatNamesATaskWronglyIsRefusedAtItsPlace(string tasks, string problems) => Samples.Print(Recipe(tasks).Problems).ShouldBe(problems);

    [Fact]
    public void ProblemsOfATaskAreReportedAtTheirLineInItsFile() =>
        Samples.Print(Recipe("jars", Good.With("{{goal}}", "{{goal")).Problems).ShouldStartWith("a.task.yaml(6,14): error SLIM604: 'doc_to_text' at character 18:");

    [Fact]
    public void NoTextMakesTheCheckerThrowAndWhatIsNoTaskHasAProblem()
    {
        var refused = 0;
        foreach (var (file, number) in Repository.Tasks().Select((file, number) => (file, number)))
        {
            for (var seed = 0; seed < 200; seed++)
            {
                var (task, problems) = SpecCompiler.CompileTask(new SourceFile("a.task.yaml", Mutation.Of(file.Text, new Random((1000 * number) + seed))));
                (task is null).ShouldBe(problems.Count > 0);
                refused += task is null ? 1 : 0;
            }
        }

        refused.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void WhatATaskSaysCountsInTheRecipesHash() =>
        Recipe("jars", Good.With("{{goal}}", "{{ goal }}")).Recipe!.Hash.ShouldNotBe(Recipe("jars").Recipe!.Hash);

    private static ChoiceTaskModel Compile(string text)
    {
        var file = new SourceFile("a.task.yaml", text);
        var (task, problems) = SpecCompiler.CompileTask(file);
        Samples.Print(problems).ShouldBe("");
        return task!;
    }

    private static (RecipeModel? Recipe, EquatableArray<Problem> Problems) Recipe(string tasks, string task = Good)
    {
        var recipe = new SourceFile("a.slim.yaml", Samples.Small.With("dataset: a.txt, window: 64", $"tasks: [{tasks}]"));
        var result = SpecCompiler.CompileRecipe(recipe, [Samples.Llama], [new(Samples.ConfigPath, Samples.Config)], tasks: [new("a.task.yaml", task)]);
        RecordedSamples.Add(recipe, result.Problems);
        return result;
    }
}
