namespace SlimSpec.Specs.Tests;

public class TaskTests
{
    private const string Good = """
          trec:
            template: "Question: {text}\nType:"
            labels: { NUM: Number, LOC: Location }
            demonstrations: 1
            shots: 5
            train: { path: trec.label, format: trec }
            test: { path: news.csv, text: [1, 2], label: 0, labels: { 1: NUM, 2: LOC, 3: LOC }, split: "10%:", limit: 9, seed: 3 }
        """;

    private const string Step = "{ method: lora, objective: prompt_lm, task: trec, max_seq_length: 64 }";

    [Fact]
    public void AStepHasTheDataOfItsTask()
    {
        var step = Compile(Good, Step).Recover.Single();

        step.Optimization.Dataset.ShouldBe(new("trec.label", 0, 1) { Content = new("trec", null, null, null, null, null, null, null, null, 0) });
        step.Task.ShouldBe(new(
            "trec",
            "Question: {text}\nType:",
            new([new("NUM", "Number"), new("LOC", "Location")]),
            1,
            5,
            step.Optimization.Dataset,
            new("news.csv", 0.1, 1) { Content = new(null, new(["1", "2"]), "0", null, null, null, null, new([new("1", "NUM"), new("2", "LOC"), new("3", "LOC")]), 9, 3) }));
    }

    [Fact]
    public void WhereNothingIsSaidAllExamplesAreTrainedOnAndNoneIsShown()
    {
        var task = Compile(Good.With("    demonstrations: 1\n    shots: 5\n", ""), Step).Recover.Single().Task!;

        (task.Demonstrations, task.Shots).ShouldBe((0, null));
    }

    [Theory]
    [InlineData("template: \"Question: {text}\\nType:\"", "template: \"Type:\"", "a.slim.yaml(19,15): error SLIM404: 'tasks.trec.template' must hold {text} exactly once, where the text to classify goes; it holds none")]
    [InlineData("{text}", "{text} or {text}", "a.slim.yaml(19,15): error SLIM404: 'tasks.trec.template' must hold {text} exactly once, where the text to classify goes; it holds more")]
    [InlineData("template: \"Question: {text}\\nType:\"", "template: 3", "a.slim.yaml(19,15): error SLIM105: 'tasks.trec.template' must be a prompt with one {text} in it, found 3")]
    [InlineData("{ NUM: Number, LOC: Location }", "{ NUM: Number }", "a.slim.yaml(20,13): error SLIM404: 'tasks.trec.labels' needs two classes or more\na.slim.yaml(24,74): error SLIM405: 'tasks.trec' has no class 'LOC'; known: NUM\na.slim.yaml(24,82): error SLIM405: 'tasks.trec' has no class 'LOC'; known: NUM")]
    [InlineData("LOC: Location", "LOC: Number", "a.slim.yaml(20,33): error SLIM404: the classes 'NUM' and 'LOC' have one word, 'Number': an answer could not tell them apart")]
    [InlineData("LOC: Location", "LOC: \" Location\"", "a.slim.yaml(20,33): error SLIM404: the word of the class 'LOC' begins or ends with a space: write it without, and a prompt puts one in front of it")]
    [InlineData("2: LOC", "2: LOK", "a.slim.yaml(24,74): error SLIM405: 'tasks.trec' has no class 'LOK'; did you mean 'LOC'?")]
    [InlineData("trec:", "my task:", "a.slim.yaml(18,3): error SLIM108: the name 'my task' of a task must be letters, digits, '_' and '-', and begin with a letter\na.slim.yaml(26,49): error SLIM403: the recipe has no task 'trec'; known: my task")]
    [InlineData("demonstrations: 1", "demonstration: 1", "a.slim.yaml(21,5): error SLIM103: unknown key 'demonstration' in 'tasks.trec'; did you mean 'demonstrations'?")]
    [InlineData(", format: trec", "", "a.slim.yaml(23,12): error SLIM406: a classification needs rows with a text and a label, and 'trec.label' is of format text by its name: the formats that have them are json, csv, tsv, trec, ag_news, sst2 and emocontext")]
    [InlineData("text: [1, 2], ", "", "a.slim.yaml(24,11): error SLIM407: 'news.csv' is of format csv by its name, which needs the key 'text': the name of a column, or its number from 0")]
    [InlineData(", format: trec", ", format: trec, text: 1", "a.slim.yaml(23,52): error SLIM407: 'text' is for the formats json, csv and tsv, and 'trec.label' is of format trec")]
    public void ATaskThatCannotBeAskedIsRefused(string old, string replacement, string problems) => Problems(Good.With(old, replacement), Step).ShouldBe(problems);

    [Theory]
    [InlineData("task: trec", "task: trek", "a.slim.yaml(26,49): error SLIM403: the recipe has no task 'trek'; did you mean 'trec'?")]
    [InlineData("task: trec, ", "", "a.slim.yaml(26,5): error SLIM104: 'recover[0]' needs the key 'task' (which classification of 'tasks' it is) for objective prompt_lm")]
    [InlineData("task: trec, ", "task: trec, dataset: b.txt, ", "a.slim.yaml(26,64): error SLIM109: 'dataset' and objective prompt_lm do not go together: the step's task says what is trained on")]
    [InlineData("task: trec, ", "task: trec, split: \":90%\", ", "a.slim.yaml(26,62): error SLIM109: 'split' and objective prompt_lm do not go together: the step's task says what is trained on")]
    [InlineData("objective: prompt_lm", "dataset: b.txt", "a.slim.yaml(26,43): error SLIM406: 'task' is for the objectives prompt_lm, p_cls and cls, and objective lm learns no classification: write 'dataset'")]
    [InlineData("objective: prompt_lm", "objective: promt_lm", "a.slim.yaml(26,32): error SLIM106: 'recover[0].objective' must be one of lm, instruct, prompt_lm, p_cls, cls, found 'promt_lm'; did you mean 'prompt_lm'?")]
    public void AStepAndItsTaskGoTogether(string old, string replacement, string problems) => Problems(Good, Step.With(old, replacement)).ShouldBe(problems);

    [Fact]
    public void ARecipeWithoutTasksSaysSo() => Samples.Problems(Samples.Small.With("  - method: lora\n    dataset: a.txt", "  - method: lora\n    objective: cls\n    task: trec"))
        .ShouldBe("a.slim.yaml(20,11): error SLIM403: the recipe has no tasks: describe 'trec' under 'tasks'");

    [Theory]
    [InlineData("{ path: a.tsv, format: sst2 }", "{ path: a.tsv, format: sst2 }", "a.slim.yaml(24,11): warning SLIM409: 'tasks.trec' trains and tests on the same rows of 'a.tsv': give 'train' and 'test' parts that do not overlap, such as split: \":90%\" and split: \"90%:\"")]
    [InlineData("{ path: a.tsv, format: sst2, split: \":60%\" }", "{ path: a.tsv, format: sst2, split: \"50%:\" }", "a.slim.yaml(24,11): warning SLIM409: 'tasks.trec' trains and tests on the same rows of 'a.tsv': give 'train' and 'test' parts that do not overlap, such as split: \":90%\" and split: \"90%:\"")]
    [InlineData("{ path: a.tsv, format: sst2, split: \":50%\" }", "{ path: a.tsv, format: sst2, split: \"50%:\" }", "")]
    [InlineData("{ path: a.tsv, format: sst2 }", "{ path: b.tsv, format: sst2 }", "")]
    public void TestDataInTheTrainingDataIsAWarning(string train, string test, string problems)
    {
        var text = Good[..Good.IndexOf("    train:", StringComparison.Ordinal)] + $"    train: {train}\n    test: {test}";
        var (recipe, found) = Samples.Compile(Recipe(text, Step));

        recipe.ShouldNotBeNull();
        Samples.Print(found).ShouldBe(problems);
    }

    private static RecipeModel Compile(string tasks, string step)
    {
        var (recipe, problems) = Samples.Compile(Recipe(tasks, step));
        Samples.Print(problems).ShouldBe("");
        return recipe!;
    }

    private static string Problems(string tasks, string step) => Samples.Problems(Recipe(tasks, step));

    private static string Recipe(string tasks, string step) =>
        Samples.Small.With("recover:\n  - method: lora\n    dataset: a.txt\n    max_seq_length: 64\n", $"tasks:\n{tasks}\nrecover:\n  - {step}\n");
}
