using System.Runtime.Intrinsics;

namespace SlimSpec;

/// <summary>
/// A linear support vector machine: minimises |w|^2 / 2 + b^2 / 2 + sum of C_i max(0, 1 - y_i (b + w . x_i)), by coordinate descent on the dual in
/// seeded random order (Hsieh et al. 2008, algorithm 1; as in LIBLINEAR the bias is the weight of a feature that is always 1).
/// </summary>
internal static class LinearSvm
{
    private const double Tolerance = 1e-4;

    private static readonly double[] Costs = [0.01, 0.1, 1, 10, 100];
    private const int Folds = 5;
    private const int MostSearchRounds = 50;
    private const int MostSearchRows = 1000;

    /// <summary>Fits with the cost of <c>{.01, .1, 1, 10, 100}</c> that five-fold cross-validation over documents finds best; both labels weigh the same.</summary>
    /// <param name="rows">The rows, of both labels.</param>
    /// <param name="mostRounds">Rounds over the rows at most.</param>
    /// <param name="seed">Seed of folds and order.</param>
    /// <returns>Weights, bias and the cost; the smaller cost where two are as good.</returns>
    public static (double[] Weights, double Bias, double Cost) Search(TrainingRows rows, int mostRounds, int seed)
    {
        var searched = rows.Count <= MostSearchRows ? rows : rows.Take(Draw(rows.Count, MostSearchRows, seed));
        var cost = Costs.MaxBy(cost => CrossValidate(searched, cost, seed));
        var (weights, bias) = Fit(rows, cost, mostRounds, seed);
        return (weights, bias, cost);
    }

    /// <summary>Fits with one cost.</summary>
    public static (double[] Weights, double Bias) Fit(TrainingRows rows, double cost, int mostRounds, int seed)
    {
        var random = new SeededRandom(seed, stream: 2);
        var size = rows.Width + 1;
        var upper = rows.Balance().Select(balance => cost * balance).ToArray();
        var squares = Enumerable.Range(0, rows.Count).Select(row => 1 + Dot(rows[row], rows[row])).ToArray();
        var (alpha, w) = (new double[rows.Count], new double[size]);
        var order = Enumerable.Range(0, rows.Count).ToArray();
        for (var round = 0; round < mostRounds; round++)
        {
            random.Shuffle<int>(order);
            var (largest, smallest) = (double.NegativeInfinity, double.PositiveInfinity);
            foreach (var row in order)
            {
                var x = rows[row];
                var sign = rows.Labels[row] ? 1 : -1;
                var gradient = (sign * (w[^1] + Dot(x, w.AsSpan(0, x.Length)))) - 1;
                var projected = alpha[row] <= 0 ? Math.Min(gradient, 0) : alpha[row] >= upper[row] ? Math.Max(gradient, 0) : gradient;
                (largest, smallest) = (Math.Max(largest, projected), Math.Min(smallest, projected));
                if (projected != 0)
                {
                    var next = Math.Clamp(alpha[row] - (gradient / squares[row]), 0, upper[row]);
                    Add(w, x, (next - alpha[row]) * sign);
                    alpha[row] = next;
                }
            }

            if (largest - smallest <= Tolerance)
            {
                break;
            }
        }

        return (w[..^1], w[^1]);
    }

    // Mean over the folds of what share of each label's rows is told right, averaged over the labels.
    private static double CrossValidate(TrainingRows rows, double cost, int seed)
    {
        var documents = rows.Documents.Distinct().ToArray();
        new SeededRandom(seed, stream: 3).Shuffle<int>(documents);
        var fold = documents.Select((document, place) => (document, place)).ToDictionary(item => item.document, item => item.place % Folds);
        var right = new int[2];
        var all = new int[2];
        for (var held = 0; held < Folds; held++)
        {
            var test = Enumerable.Range(0, rows.Count).Where(row => fold[rows.Documents[row]] == held).ToArray();
            var train = rows.Take([.. Enumerable.Range(0, rows.Count).Where(row => fold[rows.Documents[row]] != held)]);
            if (train.IsOneSided)
            {
                continue;
            }

            var (weights, bias) = Fit(train, cost, MostSearchRounds, seed);
            foreach (var row in test)
            {
                var label = rows.Labels[row] ? 1 : 0;
                all[label]++;
                right[label] += (bias + Dot(rows[row], weights) >= 0) == rows.Labels[row] ? 1 : 0;
            }
        }

        return ((double)right[0] / Math.Max(1, all[0])) + ((double)right[1] / Math.Max(1, all[1]));
    }

    private static int[] Draw(int count, int wanted, int seed)
    {
        var rows = Enumerable.Range(0, count).ToArray();
        new SeededRandom(seed, stream: 4).Shuffle<int>(rows);
        return rows[..wanted];
    }

    // Of a fixed width, so that every machine adds in the same order.
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sums = Vector256<double>.Zero;
        var i = 0;
        for (; i <= a.Length - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            sums += Vector256.Create(a[i..]) * Vector256.Create(b[i..]);
        }

        var sum = Vector256.Sum(sums);
        for (; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void Add(double[] w, ReadOnlySpan<double> x, double factor)
    {
        w[^1] += factor;
        var i = 0;
        for (; i <= x.Length - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            (Vector256.Create(w, i) + (Vector256.Create(x[i..]) * factor)).CopyTo(w, i);
        }

        for (; i < x.Length; i++)
        {
            w[i] += x[i] * factor;
        }
    }
}
