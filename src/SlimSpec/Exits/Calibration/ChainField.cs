namespace SlimSpec;

/// <summary>
/// A linear-chain conditional random field (Lafferty et al. 2001) over a token's checks, with the states "go on" (0) and "exit" (1). A path's
/// log-potential is the sum over its exits of b_t + w_t . x_t and over neighbours of T[from, to]. Trained by the exact likelihood
/// (forward and backward in log space) with lambda/2 (|w|^2 + |T|^2), which is strictly convex but for the biases.
/// </summary>
/// <param name="tokens">Rows of each check, the same tokens in the same order; a token is left out of all checks or of none.</param>
/// <param name="isShared">Whether all checks have one set of weights and one bias.</param>
/// <param name="penalty">lambda.</param>
internal sealed class ChainField(IReadOnlyList<TrainingRows> tokens, bool isShared, double penalty)
{
    private readonly int _checks = tokens.Count;
    private readonly int _width = tokens[0].Width;

    /// <summary>Parameters: for each set of weights those and its bias, then T[0,0], T[0,1], T[1,0], T[1,1].</summary>
    public int Size => ((_width + 1) * (isShared ? 1 : _checks)) + 4;

    /// <summary>Weights and bias of a check, and the transitions, out of parameters.</summary>
    public (double[] Weights, double Bias) CheckOf(double[] parameters, int check)
    {
        var start = Start(check);
        return (parameters[start..(start + _width)], parameters[start + _width]);
    }

    /// <summary>The transitions out of parameters.</summary>
    public static double[][] TransitionOf(double[] parameters) => [parameters[^4..^2], parameters[^2..]];

    /// <summary>Minimises the objective from 0.</summary>
    public double[] Fit() => LimitedMemoryBfgs.Minimize(Evaluate, new double[Size]);

    /// <summary>The negative log-likelihood with its penalty; its gradient goes into <paramref name="gradient"/>.</summary>
    public double Evaluate(double[] parameters, double[] gradient)
    {
        Array.Clear(gradient);
        var value = 0.0;
        var state = new Chain(_checks);
        for (var token = 0; token < tokens[0].Count; token++)
        {
            value += AddToken(token, parameters, gradient, state);
        }

        for (var i = 0; i < Size; i++)
        {
            var isBias = i < Size - 4 && i % (_width + 1) == _width;
            value += isBias ? 0 : penalty / 2 * parameters[i] * parameters[i];
            gradient[i] += isBias ? 0 : penalty * parameters[i];
        }

        return value;
    }

    private int Start(int check) => isShared ? 0 : check * (_width + 1);

    private double AddToken(int token, double[] parameters, double[] gradient, Chain chain)
    {
        var transitions = parameters.AsSpan(parameters.Length - 4);
        for (var check = 0; check < _checks; check++)
        {
            var start = Start(check);
            var x = tokens[check][token];
            var evidence = parameters[start + _width];
            for (var i = 0; i < x.Length; i++)
            {
                evidence += parameters[start + i] * x[i];
            }

            chain.Evidence[check] = evidence;
        }

        var partition = chain.Run(transitions);
        var (score, before) = (0.0, -1);
        for (var check = 0; check < _checks; check++)
        {
            var (start, label) = (Start(check), tokens[check].Labels[token] ? 1 : 0);
            var x = tokens[check][token];
            score += label * chain.Evidence[check];
            var error = chain.Exit(check, partition) - label;
            for (var i = 0; i < x.Length; i++)
            {
                gradient[start + i] += error * x[i];
            }

            gradient[start + _width] += error;
            if (check > 0)
            {
                score += transitions[(2 * before) + label];
                for (var pair = 0; pair < 4; pair++)
                {
                    gradient[gradient.Length - 4 + pair] += chain.Pair(check, pair, transitions, partition) - (pair == (2 * before) + label ? 1 : 0);
                }
            }

            before = label;
        }

        return partition - score;
    }

    // Forward and backward messages of one token's chain, [check, state].
    private sealed class Chain(int checks)
    {
        private readonly double[] _forward = new double[2 * checks];
        private readonly double[] _backward = new double[2 * checks];

        public double[] Evidence { get; } = new double[checks];

        // The log of the sum over all paths.
        public double Run(ReadOnlySpan<double> t)
        {
            (_forward[0], _forward[1]) = (0, Evidence[0]);
            for (var check = 1; check < checks; check++)
            {
                var (go, exit) = (_forward[(2 * check) - 2], _forward[(2 * check) - 1]);
                _forward[2 * check] = ExitChain.LogAdd(go + t[0], exit + t[2]);
                _forward[(2 * check) + 1] = Evidence[check] + ExitChain.LogAdd(go + t[1], exit + t[3]);
            }

            (_backward[^2], _backward[^1]) = (0, 0);
            for (var check = checks - 2; check >= 0; check--)
            {
                var (go, exit) = (_backward[(2 * check) + 2], Evidence[check + 1] + _backward[(2 * check) + 3]);
                _backward[2 * check] = ExitChain.LogAdd(t[0] + go, t[1] + exit);
                _backward[(2 * check) + 1] = ExitChain.LogAdd(t[2] + go, t[3] + exit);
            }

            return ExitChain.LogAdd(_forward[^2], _forward[^1]);
        }

        public double Exit(int check, double partition) => Math.Exp(_forward[(2 * check) + 1] + _backward[(2 * check) + 1] - partition);

        // Probability of a pair of states at the check before and this one.
        public double Pair(int check, int pair, ReadOnlySpan<double> t, double partition)
        {
            var (from, to) = (pair / 2, pair % 2);
            return Math.Exp(_forward[(2 * check) - 2 + from] + t[pair] + (to * Evidence[check]) + _backward[(2 * check) + to] - partition);
        }
    }
}
