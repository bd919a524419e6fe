using System.Globalization;
using SlimSpec;
using SlimSpec.ScoreTables;

// Perplexity after one cut and before any recovery, by score, amount and seed: the tables of docs/scores.md.
if (args.Length != 2)
{
    Console.Error.WriteLine("usage: SlimSpec.ScoreTables CHECKPOINT TEXT");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var experiment = new Experiment(args[0], args[1]);
Console.WriteLine($"Dense: {experiment.Dense():F2}\n");
Console.WriteLine("| score of a width cut | 10 % | 20 % | 30 % | 50 % |\n|---|---|---|---|---|");
foreach (var (label, cut) in Cuts.Width)
{
    Row(label, [.. new[] { 0.1, 0.2, 0.3, 0.5 }.Select(sparsity => cut with { Sparsity = sparsity })]);
}

Console.WriteLine("\n| score of a depth cut | 1 of 6 layers | 2 | 3 | 4 |\n|---|---|---|---|---|");
foreach (var (label, cut) in Cuts.Depth)
{
    Row(label, [.. new[] { 1, 2, 3, 4 }.Select(removed => Cuts.Remove(cut, removed))]);
}

return 0;

// Mean of three seeds and their range; one number where the seeds agree. In brackets the share of parameters that went, where it is not the same in a column.
void Row(string label, PruneCut[] cuts)
{
    Console.Write($"| {label} |");
    foreach (var cut in cuts)
    {
        var results = Enumerable.Range(0, 3).Select(seed => experiment.After(cut, seed)).ToArray();
        var (low, high) = (results.Min(result => result.Perplexity), results.Max(result => result.Perplexity));
        var mean = results.Average(result => result.Perplexity);
        Console.Write(low == high ? $" {Text(mean)} |" : $" {Text(mean)} ({Text(low)}–{Text(high)}) |");
        Console.Error.WriteLine($"{label}, {100 * results.Average(result => result.Removed):F1} % of all parameters: {string.Join(", ", results.Select(result => Text(result.Perplexity)))}");
    }

    Console.WriteLine();
}

static string Text(double perplexity) => perplexity < 100 ? $"{perplexity:F2}" : $"{perplexity:F0}";
