using System.Text.RegularExpressions;

namespace SlimSpec;

/// <summary>
/// Multinomial logistic regression over the words of a text: their counts, scaled to unit length, and a constant. Fitted by 20 passes of AdaGrad
/// (Duchi, Hazan and Singer 2011) at rate 0.3, for every task alike. Words are runs of letters, digits and apostrophes, in lower case; those never
/// seen count nothing.
/// </summary>
internal sealed partial class BagOfWords
{
    private const int Passes = 20;
    private const double Rate = 0.3;

    private readonly Dictionary<string, int> _words = [];
    private readonly int _classes;
    private readonly double[] _weights; // [words + 1, classes]; the constant's come first
    private readonly double[] _squares; // sums of squared gradients, of the same shape

    /// <summary>Fits to labelled texts.</summary>
    /// <param name="rows">The texts.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="seed">Seed of the order of each pass.</param>
    public BagOfWords(IReadOnlyList<LabelledRow> rows, int classes, int seed)
    {
        _classes = classes;
        foreach (var word in rows.SelectMany(row => Words(row.Text)))
        {
            _words.TryAdd(word, _words.Count + 1);
        }

        _weights = new double[(_words.Count + 1) * classes];
        _squares = new double[_weights.Length];
        (int Word, double Value)[][] texts = [.. rows.Select(row => Features(row.Text))];
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        for (var pass = 0; pass < Passes; pass++)
        {
            new SeededRandom(seed, pass).Shuffle<int>(order);
            foreach (var row in order)
            {
                Learn(texts[row], rows[row].Class);
            }
        }
    }

    /// <summary>The likeliest class, the first of equal ones.</summary>
    public int Classify(string text)
    {
        var probabilities = Probabilities(text);
        return Array.IndexOf(probabilities, probabilities.Max());
    }

    /// <summary>The probability of each class.</summary>
    public double[] Probabilities(string text) => Probabilities(Features(text));

    private double[] Probabilities((int Word, double Value)[] features)
    {
        var scores = new double[_classes];
        foreach (var (word, value) in features)
        {
            for (var number = 0; number < _classes; number++)
            {
                scores[number] += _weights[(word * _classes) + number] * value;
            }
        }

        var largest = scores.Max();
        double[] exponentials = [.. scores.Select(score => Math.Exp(score - largest))];
        var sum = exponentials.Sum();
        return [.. exponentials.Select(exponential => exponential / sum)];
    }

    // A step along the gradient of the cross-entropy: probability minus truth, times the feature.
    private void Learn((int Word, double Value)[] features, int truth)
    {
        var errors = Probabilities(features);
        errors[truth]--;
        foreach (var (word, value) in features)
        {
            for (var number = 0; number < _classes; number++)
            {
                var (place, gradient) = ((word * _classes) + number, errors[number] * value);
                _squares[place] += gradient * gradient;
                _weights[place] -= gradient == 0 ? 0 : Rate * gradient / Math.Sqrt(_squares[place]);
            }
        }
    }

    private (int Word, double Value)[] Features(string text)
    {
        var counts = Words(text).Where(_words.ContainsKey).CountBy(word => _words[word]).OrderBy(entry => entry.Key).ToArray();
        var length = Math.Sqrt(counts.Sum(entry => (double)entry.Value * entry.Value));
        return [(0, 1), .. counts.Select(entry => (entry.Key, entry.Value / length))];
    }

    private static IEnumerable<string> Words(string text) => Word().Matches(text.ToLowerInvariant()).Select(match => match.Value);

    [GeneratedRegex(@"[\p{L}\p{N}']+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
