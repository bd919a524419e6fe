namespace SlimSpec;

/// <summary>
/// Speculative sampling (Leviathan et al. 2023, algorithm 1; Chen et al. 2023, theorem 1): a token that was drawn from q stays with probability
/// min(1, p / q), and another one is drawn from max(p - q, 0) otherwise; what comes out is distributed as p.
/// </summary>
/// <param name="vocabularySize">Number of tokens.</param>
internal sealed class SpeculativeSampling(int vocabularySize)
{
    private readonly double[] _drafted = new double[vocabularySize];
    private readonly TokenDistribution _rest = new(vocabularySize);

    /// <summary>Whether a drafted token stays.</summary>
    /// <param name="target">The distribution p to be drawn from.</param>
    /// <param name="draft">The distribution q that the token was drawn from.</param>
    /// <param name="id">The token.</param>
    /// <param name="uniform">A number from [0, 1).</param>
    public static bool Accepts(TokenDistribution target, TokenDistribution draft, int id, double uniform) => uniform * draft[id] < target[id];

    /// <summary>Draws the token that takes a rejected one's place.</summary>
    /// <param name="target">The distribution p.</param>
    /// <param name="draft">The distribution q.</param>
    /// <param name="uniform">A number from [0, 1).</param>
    public int DrawInstead(TokenDistribution target, TokenDistribution draft, double uniform)
    {
        for (var i = 0; i < draft.Count; i++)
        {
            _drafted[draft.Ids[i]] = draft.Weights[i] / draft.Total;
        }

        var (count, total) = (0, 0.0);
        for (var i = 0; i < target.Count; i++)
        {
            var id = target.Ids[i];
            var weight = (target.Weights[i] / target.Total) - _drafted[id];
            if (weight > 0)
            {
                (_rest.IdRoom[count], _rest.WeightRoom[count]) = (id, weight);
                total += weight;
                count++;
            }
        }

        _rest.Hold(count, total);
        foreach (var id in draft.Ids)
        {
            _drafted[id] = 0;
        }

        return count == 0 ? target.Draw(uniform) : _rest.Draw(uniform); // nothing is left where rounding alone set p and q apart
    }
}
