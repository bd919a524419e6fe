namespace SlimSpec.Tests.Data;

/// <summary>What a classification is compared with.</summary>
public sealed class TaskBaselinesTests
{
    /// <summary>Example 13.1 of Manning, Raghavan and Schuetze, "Introduction to Information Retrieval" (2008).</summary>
    [Fact]
    public void Naive_bayes_gives_the_textbooks_probabilities()
    {
        var words = new BagOfWords([new("Chinese Beijing Chinese", 0), new("Chinese Chinese Shanghai", 0), new("Chinese Macao", 0), new("Tokyo Japan Chinese", 1)], 2);
        var score = words.LogJoint("Chinese, chinese CHINESE Tokyo Japan! Osaka");
        score[0].ShouldBe(Math.Log(3 / 4.0 * Math.Pow(3 / 7.0, 3) * (1 / 14.0) * (1 / 14.0)), 1e-12);
        score[1].ShouldBe(Math.Log(1 / 4.0 * Math.Pow(2 / 9.0, 3) * (2 / 9.0) * (2 / 9.0)), 1e-12);
        words.Classify("Chinese Chinese Chinese Tokyo Japan").ShouldBe(0);
        words.Classify("Tokyo Japan").ShouldBe(1);
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
    [InlineData("trec", 0.288, 0.75)]
    [InlineData("sst2", 444 / 872.0, 0.79)]
    [InlineData("ag_news", 955 / 3800.0, 0.86)]
    [InlineData("emotion", 0.386317907444668, 0.5)]
    public void Baselines_of_the_small_experiments_tasks(string task, double majority, double leastOfWords)
    {
        var result = TaskBaselines.Measure(SmallTasks.Step(task));
        result.Majority.Accuracy.ShouldBe(majority, 1e-12);
        result.BagOfWords.Accuracy.ShouldBeGreaterThan(leastOfWords);
    }
}
