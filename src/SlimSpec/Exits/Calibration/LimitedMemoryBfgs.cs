namespace SlimSpec;

/// <summary>Minimises a smooth convex function by L-BFGS (Nocedal and Wright 2006, algorithm 7.5) with backtracking to sufficient decrease.</summary>
internal static class LimitedMemoryBfgs
{
    private const int Memory = 10;
    private const int MostSteps = 500;
    private const double SufficientDecrease = 1e-4;
    private const double Tolerance = 1e-7;
    private const double LeastGain = 1e-13; // what is gained beyond that is rounding
    private const double ShortestStep = 1e-10;

    /// <summary>The minimum.</summary>
    /// <param name="function">Gives the value, and writes the gradient.</param>
    /// <param name="start">Where to begin.</param>
    public static double[] Minimize(Func<double[], double[], double> function, double[] start)
    {
        var at = (double[])start.Clone();
        var gradient = new double[at.Length];
        var value = function(at, gradient);
        var history = new Queue<(double[] Step, double[] Change)>();
        for (var round = 0; round < MostSteps && Norm(gradient) > Tolerance * (1 + Math.Abs(value)); round++)
        {
            var direction = Direction(gradient, history);
            var slope = Dot(direction, gradient);
            var length = history.Count == 0 ? 1 / Math.Max(1, Norm(gradient)) : 1.0;
            var nextGradient = new double[at.Length];
            var next = Move(at, direction, length);
            var nextValue = function(next, nextGradient);
            while (!(nextValue <= value + (SufficientDecrease * length * slope)))
            {
                length /= 2;
                if (length < ShortestStep)
                {
                    return at;
                }

                next = Move(at, direction, length);
                nextValue = function(next, nextGradient);
            }

            var (step, change) = (Difference(next, at), Difference(nextGradient, gradient));
            if (Dot(step, change) > 1e-300)
            {
                history.Enqueue((step, change));
                if (history.Count > Memory)
                {
                    history.Dequeue();
                }
            }

            var gain = value - nextValue;
            (at, gradient, value) = (next, nextGradient, nextValue);
            if (gain <= LeastGain * Math.Abs(value))
            {
                break;
            }
        }

        return at;
    }

    private static double[] Direction(double[] gradient, Queue<(double[] Step, double[] Change)> history)
    {
        var direction = gradient.Select(g => -g).ToArray();
        var factors = new Stack<double>();
        foreach (var (step, change) in history.Reverse())
        {
            var factor = Dot(step, direction) / Dot(step, change);
            factors.Push(factor);
            Add(direction, change, -factor);
        }

        if (history.Count > 0)
        {
            var (step, change) = history.Last();
            var scale = Dot(step, change) / Dot(change, change);
            direction = [.. direction.Select(d => d * scale)];
        }

        foreach (var (step, change) in history)
        {
            Add(direction, step, factors.Pop() - (Dot(change, direction) / Dot(step, change)));
        }

        return direction;
    }

    private static double[] Move(double[] at, double[] direction, double length)
    {
        var next = (double[])at.Clone();
        Add(next, direction, length);
        return next;
    }

    private static double[] Difference(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x - y)];

    private static void Add(double[] a, double[] b, double factor)
    {
        for (var i = 0; i < a.Length; i++)
        {
            a[i] += factor * b[i];
        }
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static double Norm(double[] a) => Math.Sqrt(Dot(a, a));
}
