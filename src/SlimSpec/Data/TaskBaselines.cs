namespace SlimSpec;

/// <summary>What a classification's accuracy is worth: the same test answered without a language model.</summary>
public static class TaskBaselines
{
    /// <summary>
    /// Answers the test always alike, and by a logistic regression over the words of a text, fitted to the rows that the step trains on: not to its
    /// demonstrations, nor to what it holds out.
    /// </summary>
    /// <param name="step">A step that classifies; the paths of its dataset and its task's test data as they can be opened from here.</param>
    /// <exception cref="SlimException">The data is missing or malformed, or has too few rows.</exception>
    /// <exception cref="ArgumentException">The step's objective is no classification.</exception>
    public static BaselineResult Measure(RecoveryStep step)
    {
        var task = step.Task ?? throw new ArgumentException("The step classifies nothing.", nameof(step));
        string[] classes = [.. task.LabelWords.Keys];
        var training = TaskRows.Draw(step, new()).Training;
        var test = LabelledRow.Read(task.Test, task, new());
        var (trained, tested) = (Count(training, classes.Length), Count(test, classes.Length));
        var commonest = Array.IndexOf(tested, tested.Max());
        var words = new BagOfWords(training, classes.Length, step.Seed);
        return new(classes, trained, tested, classes[commonest], Score(test, classes.Length, _ => commonest), Score(test, classes.Length, row => words.Classify(row.Text)));
    }

    private static int[] Count(IReadOnlyList<LabelledRow> rows, int classes) => [.. Enumerable.Range(0, classes).Select(number => rows.Count(row => row.Class == number))];

    private static TaskResult Score(List<LabelledRow> test, int classes, Func<LabelledRow, int> answer)
    {
        int[][] confusion = [.. Enumerable.Range(0, classes).Select(_ => new int[classes])];
        foreach (var row in test)
        {
            confusion[row.Class][answer(row)]++;
        }

        return TaskResult.Of(confusion);
    }
}

/// <summary>How well a test can be answered without a language model.</summary>
/// <param name="Classes">The classes, in order.</param>
/// <param name="TrainingRows">Rows of each class that were trained on.</param>
/// <param name="TestRows">Rows of each class that were tested on.</param>
/// <param name="MajorityClass">The commonest class of the test: no constant answer is right more often.</param>
/// <param name="Majority">The result of answering with that class always.</param>
/// <param name="BagOfWords">The result of logistic regression over words.</param>
public sealed record BaselineResult(
    IReadOnlyList<string> Classes, IReadOnlyList<int> TrainingRows, IReadOnlyList<int> TestRows, string MajorityClass, TaskResult Majority, TaskResult BagOfWords);
