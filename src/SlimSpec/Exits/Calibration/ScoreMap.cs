namespace SlimSpec;

/// <summary>Says from which score on a check lets tokens go, by how strict the policy is.</summary>
internal abstract class ScoreMap
{
    // Platt's curve where a step function would rest on a handful of tokens.
    private const int FewestOfALabel = 10;

    /// <summary>Degrees of strictness at which the level changes, where they are few; otherwise none.</summary>
    public virtual IEnumerable<double> Steps => [];

    /// <summary>The lowest score that is good enough; null: none is.</summary>
    public abstract double? LevelFor(double strictness);

    /// <summary>Strictness is the least probability that a token of that score may leave: isotonic regression of the labels on the scores, or Platt's curve where one label has few tokens.</summary>
    /// <param name="scored">Scores and whether the token may leave.</param>
    public static ScoreMap OfProbability(IReadOnlyList<(double Score, bool Label)> scored)
    {
        var leaving = scored.Count(item => item.Label);
        return Math.Min(leaving, scored.Count - leaving) >= FewestOfALabel ? new Isotonic(scored)
            : leaving == 0 || leaving == scored.Count ? new Constant(scored, (leaving + 1.0) / (scored.Count + 2.0))
            : new Platt(scored);
    }

    /// <summary>Strictness is the least share of all tokens from that score on that may leave.</summary>
    /// <param name="scored">Scores and whether the token may leave.</param>
    public static ScoreMap OfShare(IReadOnlyList<(double Score, bool Label)> scored) => new Share(scored);

    /// <summary>Strictness is the score itself.</summary>
    public static ScoreMap OfScore { get; } = new Itself();

    /// <summary>Blocks of scores, from each block's lowest on, whose shares of labelled tokens ascend.</summary>
    internal static List<(double Score, int Count, int Leaving)> Pooled(IReadOnlyList<(double Score, bool Label)> scored)
    {
        var blocks = new List<(double Score, int Count, int Leaving)>();
        foreach (var group in Grouped(scored))
        {
            var block = group;
            while (blocks.Count > 0 && (long)blocks[^1].Leaving * block.Count >= (long)block.Leaving * blocks[^1].Count)
            {
                block = (blocks[^1].Score, blocks[^1].Count + block.Count, blocks[^1].Leaving + block.Leaving);
                blocks.RemoveAt(blocks.Count - 1);
            }

            blocks.Add(block);
        }

        return blocks;
    }

    // Scores ascending; equal ones are one.
    private static List<(double Score, int Count, int Leaving)> Grouped(IReadOnlyList<(double Score, bool Label)> scored) =>
        [.. scored.GroupBy(item => item.Score).OrderBy(group => group.Key).Select(group => (group.Key, group.Count(), group.Count(item => item.Label)))];

    /// <summary>
    /// The non-decreasing step function nearest to the labels, by pooling adjacent violators (Ayer et al. 1955). A step's probability is drawn in by half a
    /// made-up token of each label (Jeffreys), lest three lucky tokens pass for certainty; a higher score stays at least as good as a lower one.
    /// </summary>
    private sealed class Isotonic : ScoreMap
    {
        private readonly List<(double Score, double Probability)> _steps = [];

        public Isotonic(IReadOnlyList<(double Score, bool Label)> scored)
        {
            var best = 0.0;
            foreach (var (score, count, leaving) in Pooled(scored))
            {
                best = Math.Max(best, (leaving + 0.5) / (count + 1));
                _steps.Add((score, best));
            }
        }

        public override IEnumerable<double> Steps => _steps.Select(step => step.Probability);

        public override double? LevelFor(double strictness)
        {
            foreach (var (score, probability) in _steps)
            {
                if (probability >= strictness)
                {
                    return score;
                }
            }

            return null;
        }
    }

    /// <summary>A logistic curve with targets drawn in from 0 and 1 (Platt 1999).</summary>
    private sealed class Platt : ScoreMap
    {
        private readonly double _slope;
        private readonly double _bias;

        public Platt(IReadOnlyList<(double Score, bool Label)> scored)
        {
            var leaving = scored.Count(item => item.Label);
            var (high, low) = ((leaving + 1.0) / (leaving + 2.0), 1.0 / (scored.Count - leaving + 2.0));
            var rows = TrainingRows.Of([.. scored.Select(item => item.Score)]);
            var standard = new Standardization(rows);
            if (standard.Used.Count > 0)
            {
                double[] ones = [.. scored.Select(_ => 1.0)];
                var (weights, bias) = LogisticRegression.Fit(standard.Apply(rows), [.. scored.Select(item => item.Label ? high : low)], ones, 1e-6);
                (var slope, _bias) = standard.Fold(weights, bias);
                _slope = slope[0];
            }
        }

        public override double? LevelFor(double strictness)
        {
            var level = (Math.Log(strictness / (1 - strictness)) - _bias) / _slope;
            return _slope > 0 && double.IsFinite(level) ? level : null;
        }
    }

    private sealed class Constant(IReadOnlyList<(double Score, bool Label)> scored, double probability) : ScoreMap
    {
        public override IEnumerable<double> Steps => [probability];

        public override double? LevelFor(double strictness) => scored.Count > 0 && probability >= strictness ? scored.Min(item => item.Score) : null;
    }

    private sealed class Share : ScoreMap
    {
        private readonly List<(double Score, double Share)> _levels = []; // from the highest score down

        public Share(IReadOnlyList<(double Score, bool Label)> scored)
        {
            var (count, leaving) = (0, 0);
            foreach (var group in Enumerable.Reverse(Grouped(scored)))
            {
                (count, leaving) = (count + group.Count, leaving + group.Leaving);
                _levels.Add((group.Score, (double)leaving / count));
            }
        }

        public override double? LevelFor(double strictness)
        {
            double? lowest = null;
            foreach (var (score, share) in _levels)
            {
                lowest = share >= strictness ? score : lowest;
            }

            return lowest;
        }
    }

    private sealed class Itself : ScoreMap
    {
        public override double? LevelFor(double strictness) => strictness;
    }
}
