using System.Text.RegularExpressions;

namespace SlimSpec;

/// <summary>
/// Multinomial naive Bayes over the words of a text, add-one smoothed (McCallum and Nigam 1998): the class of the largest
/// <c>log P(class) + sum over words log((count of the word in the class + 1) / (words of the class + vocabulary))</c>. Words are
/// runs of letters, digits and apostrophes, in lower case; those never seen count nothing.
/// </summary>
internal sealed partial class BagOfWords
{
    private readonly Dictionary<string, double[]> _logLikelihood;
    private readonly double[] _logPrior;

    /// <summary>Counts the words of labelled texts.</summary>
    /// <param name="rows">The texts, at least one of each class.</param>
    /// <param name="classes">Number of classes.</param>
    public BagOfWords(IReadOnlyList<LabelledRow> rows, int classes)
    {
        var counts = new Dictionary<string, double[]>();
        var (words, texts) = (new double[classes], new double[classes]);
        foreach (var row in rows)
        {
            texts[row.Class]++;
            foreach (var word in Words(row.Text))
            {
                if (!counts.TryGetValue(word, out var count))
                {
                    counts[word] = count = new double[classes];
                }

                count[row.Class]++;
                words[row.Class]++;
            }
        }

        _logPrior = [.. texts.Select(count => Math.Log(count / rows.Count))];
        _logLikelihood = counts.ToDictionary(entry => entry.Key, entry => entry.Value.Select((count, number) => Math.Log((count + 1) / (words[number] + counts.Count))).ToArray());
    }

    /// <summary>The likeliest class, the first of equal ones.</summary>
    public int Classify(string text)
    {
        var score = LogJoint(text);
        return Array.IndexOf(score, score.Max());
    }

    /// <summary>The logarithm of each class's probability together with the text's.</summary>
    public double[] LogJoint(string text)
    {
        double[] score = [.. _logPrior];
        foreach (var word in Words(text))
        {
            for (var number = 0; _logLikelihood.TryGetValue(word, out var likelihood) && number < score.Length; number++)
            {
                score[number] += likelihood[number];
            }
        }

        return score;
    }

    private static IEnumerable<string> Words(string text) => Word().Matches(text.ToLowerInvariant()).Select(match => match.Value);

    [GeneratedRegex(@"[\p{L}\p{N}']+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
