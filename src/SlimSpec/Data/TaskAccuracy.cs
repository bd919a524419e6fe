using System.Diagnostics;

namespace SlimSpec;

/// <summary>Measures how well a model classifies.</summary>
public static class TaskAccuracy
{
    /// <summary>Classifies test examples; the class with the largest logit is the answer, the first of equal ones.</summary>
    /// <param name="classifier">The model and how it answers.</param>
    /// <param name="test">The examples (<see cref="RecoveryData.ReadTest"/>).</param>
    /// <param name="batch">Examples a forward pass; those of similar length go together.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <exception cref="SlimException">There is no example, or the model's logits are not finite.</exception>
    public static TaskResult Measure(TaskClassifier classifier, IReadOnlyList<TrainingExample> test, int batch = 16, Action<ProgressUpdate>? progress = null)
    {
        if (test.Count == 0)
        {
            throw new SlimException("There is no test example to measure accuracy on.");
        }

        using var noGradients = torch.no_grad();
        var watch = Stopwatch.StartNew();
        var (done, confusion) = (0, Array.Empty<int[]>());
        foreach (var examples in Enumerable.Range(0, test.Count).OrderBy(example => test[example].Ids.Length).Chunk(batch))
        {
            var (logits, classes) = Logits(classifier, test, examples);
            confusion = confusion.Length > 0 ? confusion : [.. Enumerable.Range(0, classes).Select(_ => new int[classes])];
            for (var row = 0; row < examples.Length; row++)
            {
                confusion[test[examples[row]].Label][Largest(logits.AsSpan(row * classes, classes))]++;
            }

            done += examples.Length;
            progress?.Invoke(new("accuracy", done, test.Count, SecondsLeft: watch.Elapsed.TotalSeconds / done * (test.Count - done)));
        }

        return TaskResult.Of(confusion);
    }

    // The copy to the host is the batch's only synchronisation.
    private static (double[] Logits, int Classes) Logits(TaskClassifier classifier, IReadOnlyList<TrainingExample> test, int[] examples)
    {
        using var scope = torch.NewDisposeScope();
        var inputs = TrainingBatch.Of(test, examples, classifier.Device).Inputs;
        var last = torch.tensor([.. examples.Select(example => test[example].Ids.Length - 1L)], device: classifier.Device);
        var logits = classifier.Logits(inputs, last);
        return (logits.to(torch.ScalarType.Float64).cpu().data<double>().ToArray(), (int)logits.size(1));
    }

    private static int Largest(ReadOnlySpan<double> logits)
    {
        var best = 0;
        for (var i = 0; i < logits.Length; i++)
        {
            if (!double.IsFinite(logits[i]))
            {
                throw new SlimException($"The model's logit of class {i} is {logits[i]}: its weights are not a trained model's, or overflow in this dtype.");
            }

            best = logits[i] > logits[best] ? i : best;
        }

        return best;
    }
}
