namespace SlimSpec.Tests.Data;

/// <summary>What a classification is compared with.</summary>
public sealed class TaskBaselinesTests
{
    [Fact]
    public void The_regression_over_words_learns_the_probability_of_a_class_given_a_word()
    {
        // Where a text is a single word, the likelihood is largest at the share of the class among the texts of that word.
        LabelledRow[] rows = [.. Enumerable.Range(0, 400).Select(row => row % 2 == 0 ? new LabelledRow("Sun.", row % 8 == 0 ? 1 : 0) : new LabelledRow("rain", row % 10 == 1 ? 2 : 1))];
        var words = new BagOfWords(rows, 3, seed: 0);
        words.Probabilities("sun")[0].ShouldBe(0.75, 0.05);
        words.Probabilities("SUN snow")[1].ShouldBe(0.25, 0.05);
        words.Probabilities("rain")[1].ShouldBe(0.8, 0.05);
        words.Probabilities("rain").Sum().ShouldBe(1, 1e-12);
        (words.Classify("sun"), words.Classify("rain")).ShouldBe((0, 1));
        new BagOfWords(rows, 3, seed: 0).Probabilities("sun rain").ShouldBe(words.Probabilities("sun rain"));
    }

    [Fact]
    public void The_constant_answer_is_the_tests_commonest_and_the_words_are_learnt_from_the_steps_rows()
    {
        using var folder = new TemporaryFolder();
        var step = new FullRecovery
        {
            Objective = RecoveryObjective.Cls,
            Dataset = new(folder.Write("train.tsv", string.Concat(Enumerable.Range(0, 9).Select(row => $"good {row}\tpos\nbad {row}\tneg\n")))) { Text = ["0"], Label = "1" },
            ValSetSize = 2,
            Task = new()
            {
                Name = "mood",
                Template = "{text}:",
                LabelWords = new Dictionary<string, string> { ["neg"] = "Bad", ["pos"] = "Good" },
                Demonstrations = 1,
                Shots = 4,
                Test = new(folder.Write("test.tsv", "very bad\tneg\nso bad\tneg\ngood\tpos\nnot good\tneg\n")) { Text = ["0"], Label = "1" },
            },
        };

        var result = TaskBaselines.Measure(step);
        (result.MajorityClass, result.Majority.Accuracy, result.BagOfWords.Accuracy).ShouldBe(("neg", 0.75, 0.75));
        result.BagOfWords.Confusion.ShouldBe([[2, 1], [0, 1]]);
        result.TrainingRows.ShouldBe([4, 4]);
        result.TestRows.ShouldBe([3, 1]);
        result.Classes.ShouldBe(["neg", "pos"]);
        Should.Throw<ArgumentException>(() => TaskBaselines.Measure(step with { Task = null, Objective = RecoveryObjective.Lm }));
    }

    [SharedTheory("data/trec")]
    [InlineData("trec", 0.288, 0.86)]
    [InlineData("sst2", 444 / 872.0, 0.78)]
    [InlineData("ag_news", 955 / 3800.0, 0.865)]
    [InlineData("emotion", 0.386317907444668, 0.6)]
    public void Baselines_of_the_small_experiments_tasks(string task, double majority, double leastOfWords)
    {
        var result = TaskBaselines.Measure(SmallTasks.Step(task));
        result.Majority.Accuracy.ShouldBe(majority, 1e-12);
        result.BagOfWords.Accuracy.ShouldBeGreaterThan(leastOfWords);
    }
}
