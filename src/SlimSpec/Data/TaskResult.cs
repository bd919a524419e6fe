namespace SlimSpec;

/// <summary>How well a classification was answered.</summary>
/// <param name="Items">Examples that were classified.</param>
/// <param name="Accuracy">Share of them that were classified correctly.</param>
/// <param name="StandardError">Of that share: <c>sqrt(p (1 - p) / (n - 1))</c>, as the sample's deviation gives it; 0 for a single example.</param>
/// <param name="MacroF1">Mean of the classes' F1 scores, over the classes that occur among the true or the given answers.</param>
/// <param name="Confusion">Examples of each class by the class they were given: <c>[true][said]</c>.</param>
public sealed record TaskResult(int Items, double Accuracy, double StandardError, double MacroF1, IReadOnlyList<IReadOnlyList<int>> Confusion)
{
    /// <summary>The result that a table of counts gives.</summary>
    /// <param name="confusion">Examples of each class by the class they were given, at least one in all.</param>
    internal static TaskResult Of(int[][] confusion)
    {
        var (items, right) = (confusion.Sum(row => row.Sum()), confusion.Index().Sum(row => row.Item[row.Index]));
        var accuracy = (double)right / items;
        var error = items > 1 ? Math.Sqrt(accuracy * (1 - accuracy) / (items - 1)) : 0;
        return new(items, accuracy, error, MeanF1(confusion), confusion);
    }

    // F1 of a class is 2 TP / (2 TP + FP + FN): its correct answers over the mean of how often it was true and how often said.
    private static double MeanF1(int[][] confusion) => confusion.Index()
        .Select(row => (Right: row.Item[row.Index], Either: row.Item.Sum() + confusion.Sum(other => other[row.Index])))
        .Where(entry => entry.Either > 0)
        .Average(entry => 2.0 * entry.Right / entry.Either);
}
