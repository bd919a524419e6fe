namespace SlimSpec.Tests.Recovery;

/// <summary>A classification that a tiny model can learn: which of three tokens the text ends with, among random ones of many lengths.</summary>
internal static class ToyTask
{
    public static IReadOnlyList<string> Classes { get; } = ["left", "right", "straight"];

    /// <summary>Examples of all classes in turn.</summary>
    public static IReadOnlyList<TrainingExample> Examples(int count, int seed = 0)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(number =>
        {
            int[] ids = [.. Enumerable.Range(0, 3 + (int)random.NextIndex(8)).Select(_ => (int)random.NextIndex(200)), 250 + (number % Classes.Count)];
            return new TrainingExample(ids, Label: number % Classes.Count);
        })];
    }

    public static TrainingSet Data(int training = 24, int validation = 0) =>
        new(Examples(training), Examples(validation, 1)) { Classes = Classes, LabelTokens = [7, 11, 13] };

    /// <summary>Share of examples that are classified correctly.</summary>
    public static double Accuracy(TaskClassifier classifier, IReadOnlyList<TrainingExample> examples)
    {
        using var noGradients = torch.no_grad();
        return examples.Average(example =>
        {
            using var scope = torch.NewDisposeScope();
            var logits = classifier.Logits(Tensors.Of([example.Ids]), torch.tensor(new[] { example.Ids.Length - 1L }));
            return logits.argmax(-1).item<long>() == example.Label ? 1.0 : 0;
        });
    }
}
