using System.Globalization;
using System.Text;

namespace SlimSpec.CommandLine;

/// <summary>What the cells of a sweep that are done came to.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Axes">Its axes.</param>
/// <param name="Rows">The cells that are done, in the order of the grid.</param>
/// <param name="Cells">How many there are in all.</param>
/// <param name="Command">The command that makes them.</param>
internal sealed record SweepResults(string Recipe, IReadOnlyList<SweepAxis> Axes, IReadOnlyList<SweepRow> Rows, int Cells, string Command)
{
    /// <summary>What the axes are called.</summary>
    public IReadOnlyList<string> Labels { get; } = SweepGrid.Labels(Axes);

    /// <summary>Axes that are no repetition, by number.</summary>
    public IReadOnlyList<int> Varied { get; } = [.. Enumerable.Range(0, Axes.Count).Where(axis => !SweepGrid.IsRepetition(Axes[axis]))];

    /// <summary>Whether an axis is a repetition, so that numbers are means.</summary>
    public bool AreRepeated => Varied.Count < Axes.Count;

    /// <summary>The number that the sweep is about: accuracy where there is one, else perplexity.</summary>
    public string Metric => Qualities is [var first, ..] ? first : "perplexity";

    /// <summary>Those of <see cref="SweepRow.Qualities"/> that were measured.</summary>
    public IReadOnlyList<string> Qualities => [.. SweepRow.Qualities.Where(quality => Rows.Any(row => row[quality] is not null))];

    /// <summary>The rows that differ in nothing but repetitions, in the order of the grid.</summary>
    public IReadOnlyList<SweepGroup> Groups =>
        [.. Rows.GroupBy(row => string.Join('\n', Varied.Select(axis => row.Values[axis]))).Select(rows => new SweepGroup([.. Varied.Select(axis => rows.First().Values[axis])], [.. rows]))];

    /// <summary>A group's value of an axis that is no repetition.</summary>
    public string ValueOf(SweepGroup group, int axis) => group.Values[Varied.ToList().IndexOf(axis)];

    /// <summary>All rows as comma-separated values: axes by their keys, then the numbers.</summary>
    public string Csv()
    {
        var csv = new StringBuilder();
        csv.AppendJoin(',', Axes.Select(axis => Quote(axis.Key)).Concat(SweepRow.Metrics.Select(metric => metric.Name))).Append('\n');
        foreach (var row in Rows)
        {
            csv.AppendJoin(',', row.Values.Select(Quote).Concat(SweepRow.Metrics.Select(metric => metric.Of(row)?.ToString("R", CultureInfo.InvariantCulture) ?? ""))).Append('\n');
        }

        return csv.ToString();
    }

    // As RFC 4180 has it.
    private static string Quote(string text) => text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>Rows that differ in nothing but repetitions.</summary>
/// <param name="Values">The values that they have in common, in the order of <see cref="SweepResults.Varied"/>.</param>
/// <param name="Rows">The rows.</param>
internal sealed record SweepGroup(IReadOnlyList<string> Values, IReadOnlyList<SweepRow> Rows)
{
    /// <summary>Mean and sample standard deviation of a number over the repetitions; null where a row lacks it. One row has no deviation.</summary>
    public (double Mean, double? Deviation)? Of(string metric)
    {
        var numbers = Rows.Select(row => row[metric]).OfType<double>().ToList();
        if (numbers.Count < Rows.Count)
        {
            return null;
        }

        var mean = numbers.Average();
        return (mean, numbers.Count < 2 ? null : Math.Sqrt(numbers.Sum(number => (number - mean) * (number - mean)) / (numbers.Count - 1)));
    }
}
