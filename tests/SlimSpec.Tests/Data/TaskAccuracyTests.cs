namespace SlimSpec.Tests.Data;

/// <summary>What is said of how a classification was answered.</summary>
public sealed class TaskAccuracyTests
{
    [Fact]
    public void A_table_of_counts_gives_the_scores()
    {
        // Precision and recall of the three classes: 3/5 and 3/4; 2/3 and 2/5; 1/2 and 1. A fourth class occurs nowhere.
        var result = TaskResult.Of([[3, 1, 0, 0], [2, 2, 1, 0], [0, 0, 1, 0], [0, 0, 0, 0]]);
        result.Items.ShouldBe(10);
        result.Accuracy.ShouldBe(0.6);
        result.StandardError.ShouldBe(Math.Sqrt(0.6 * 0.4 / 9), 1e-12);
        result.MacroF1.ShouldBe((F1(3 / 5.0, 3 / 4.0) + F1(2 / 3.0, 2 / 5.0) + F1(1 / 2.0, 1)) / 3, 1e-12);
        TaskResult.Of([[1]]).StandardError.ShouldBe(0);

        static double F1(double precision, double recall) => 2 * precision * recall / (precision + recall);
    }

    [Fact]
    public void Batches_and_their_padding_change_no_answer()
    {
        using var model = RandomLlama.Make(LlamaMha.Shape.Dense.Layers);
        var classifier = new TaskClassifier(model, [7, 11, 13]);
        var examples = Recovery.ToyTask.Examples(23);
        var done = new List<long>();
        var result = TaskAccuracy.Measure(classifier, examples, batch: 5, progress => done.Add(progress.Done));
        result.Items.ShouldBe(23);
        result.Accuracy.ShouldBe(Recovery.ToyTask.Accuracy(classifier, examples), 1e-12);
        result.Confusion.Select(row => row.Sum()).ShouldBe([8, 8, 7]);
        result.Confusion.SelectMany(row => row).ShouldBe(TaskAccuracy.Measure(classifier, examples, batch: 1).Confusion.SelectMany(row => row));
        done.ShouldBe([5, 10, 15, 20, 23]);
        Should.Throw<SlimException>(() => TaskAccuracy.Measure(classifier, [])).Message.ShouldContain("no test example");
    }

    [Fact]
    public void Logits_that_are_no_numbers_are_not_an_answer()
    {
        using var model = RandomLlama.Make(LlamaMha.Shape.Dense.Layers);
        using var noGradients = torch.no_grad();
        model.OuterLeaves[^1].Leaf.fill_(double.NaN);
        Should.Throw<SlimException>(() => TaskAccuracy.Measure(new(model, [7, 11, 13]), Recovery.ToyTask.Examples(3))).Message.ShouldContain("logit of class 0 is NaN");
    }
}
