namespace SlimSpec;

/// <summary>
/// Logistic regression: minimises sum of c_i (log(1 + exp(f_i)) - t_i f_i) + lambda/2 |w|^2 with f = b + w . x, by Newton's method
/// with halved steps where a whole one does not help. The bias is not penalised.
/// </summary>
internal static class LogisticRegression
{
    private const int MostSteps = 100;

    /// <summary>Fits weights and bias.</summary>
    /// <param name="rows">The rows; their labels are not looked at.</param>
    /// <param name="targets">What each row's probability should be, 0 to 1.</param>
    /// <param name="weights">What each row counts.</param>
    /// <param name="penalty">lambda.</param>
    public static (double[] Weights, double Bias) Fit(TrainingRows rows, double[] targets, double[] weights, double penalty)
    {
        var size = rows.Width + 1; // the bias comes last
        var at = new double[size];
        var value = Objective(rows, targets, weights, penalty, at);
        for (var step = 0; step < MostSteps; step++)
        {
            var (gradient, hessian) = Derivatives(rows, targets, weights, penalty, at);
            var direction = SolvePositive(hessian, gradient, size);
            var (next, nextValue, length) = (at, value, 1.0);
            do
            {
                next = [.. at.Select((x, i) => x - (length * direction[i]))];
                nextValue = Objective(rows, targets, weights, penalty, next);
                length /= 2;
            }
            while (!(nextValue <= value) && length > 1e-10);

            var gain = value - nextValue;
            if (!(gain >= 0))
            {
                break;
            }

            (at, value) = (next, nextValue);
            if (gain <= 1e-14 * (1 + Math.Abs(value)))
            {
                break;
            }
        }

        return (at[..^1], at[^1]);
    }

    /// <summary>log(1 + exp(f)).</summary>
    internal static double Softplus(double f) => f > 0 ? f + Math.Log(1 + Math.Exp(-f)) : Math.Log(1 + Math.Exp(f));

    /// <summary>1 / (1 + exp(-f)).</summary>
    internal static double Sigmoid(double f) => f >= 0 ? 1 / (1 + Math.Exp(-f)) : Math.Exp(f) / (1 + Math.Exp(f));

    private static double Score(ReadOnlySpan<double> row, double[] at)
    {
        var score = at[^1];
        for (var i = 0; i < row.Length; i++)
        {
            score += at[i] * row[i];
        }

        return score;
    }

    private static double Objective(TrainingRows rows, double[] targets, double[] weights, double penalty, double[] at)
    {
        var total = penalty / 2 * at[..^1].Sum(weight => weight * weight);
        for (var row = 0; row < rows.Count; row++)
        {
            var f = Score(rows[row], at);
            total += weights[row] * (Softplus(f) - (targets[row] * f));
        }

        return total;
    }

    private static (double[] Gradient, double[] Hessian) Derivatives(TrainingRows rows, double[] targets, double[] weights, double penalty, double[] at)
    {
        var size = at.Length;
        var (gradient, hessian) = (new double[size], new double[size * size]);
        var x = new double[size];
        x[^1] = 1;
        for (var row = 0; row < rows.Count; row++)
        {
            rows[row].CopyTo(x);
            var p = Sigmoid(Score(rows[row], at));
            var (slope, curvature) = (weights[row] * (p - targets[row]), weights[row] * p * (1 - p));
            for (var i = 0; i < size; i++)
            {
                gradient[i] += slope * x[i];
                for (var j = 0; j <= i; j++)
                {
                    hessian[(i * size) + j] += curvature * x[i] * x[j];
                }
            }
        }

        for (var i = 0; i < size; i++)
        {
            gradient[i] += i < size - 1 ? penalty * at[i] : 0;
            // The bias has no penalty; where every row is certain its curvature would vanish.
            hessian[(i * size) + i] += i < size - 1 ? penalty : 1e-12;
        }

        return (gradient, hessian);
    }

    // Solves a x = b by Cholesky's decomposition of a's lower half, in place.
    private static double[] SolvePositive(double[] a, double[] b, int size)
    {
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = a[(i * size) + j];
                for (var k = 0; k < j; k++)
                {
                    sum -= a[(i * size) + k] * a[(j * size) + k];
                }

                a[(i * size) + j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-300)) : sum / a[(j * size) + j];
            }
        }

        var x = (double[])b.Clone();
        for (var i = 0; i < size; i++)
        {
            for (var k = 0; k < i; k++)
            {
                x[i] -= a[(i * size) + k] * x[k];
            }

            x[i] /= a[(i * size) + i];
        }

        for (var i = size - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < size; k++)
            {
                x[i] -= a[(k * size) + i] * x[k];
            }

            x[i] /= a[(i * size) + i];
        }

        return x;
    }
}
