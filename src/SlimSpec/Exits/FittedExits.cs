namespace SlimSpec;

/// <summary>
/// Decides by a fitted classifier. The arithmetic, its order included, is that of generated policies, so that both decide alike to the bit;
/// a NaN reaches no threshold.
/// </summary>
public sealed class FittedExits : ExitPolicy
{
    private readonly ExitForm _form;
    private readonly int[] _features;
    private readonly double[][] _weights;
    private readonly double[] _biases;
    private readonly double?[] _thresholds;
    private readonly double[][] _frequencies;
    private readonly double[] _phases;
    private readonly double[][] _transition;
    private double _odds;

    /// <summary>Takes over a classifier's constants.</summary>
    public FittedExits(FittedClassifier classifier)
    {
        _form = classifier.Form;
        _features = [.. classifier.Checks.Select(check => check.Feature)];
        _weights = [.. classifier.Checks.Select(check => check.Weights.ToArray())];
        _biases = [.. classifier.Checks.Select(check => check.Bias)];
        _thresholds = [.. classifier.Checks.Select(check => check.Threshold)];
        _frequencies = [.. classifier.Frequencies.Select(frequency => frequency.ToArray())];
        _phases = [.. classifier.Phases];
        _transition = [.. classifier.Transition.Select(from => from.ToArray())];
    }

    /// <inheritdoc/>
    public override bool Leaves(int check, ReadOnlySpan<float> features)
    {
        var score = Score(check, features);
        return _thresholds[check] is { } threshold && score >= threshold;
    }

    /// <summary>The score at a check. A chain's takes in the token's checks before it, which have to be scored in order.</summary>
    internal double Score(int check, ReadOnlySpan<float> features)
    {
        switch (_form)
        {
            case ExitForm.Threshold:
                return features[_features[check]];
            case ExitForm.Linear:
                return Linear(check, features);
            case ExitForm.Fourier:
                return Fourier(check, features);
            default:
                var evidence = Linear(check, features);
                _odds = check == 0 ? evidence : evidence + ExitChain.Step(_odds, _transition[0][0], _transition[0][1], _transition[1][0], _transition[1][1]);
                return _odds;
        }
    }

    private double Linear(int check, ReadOnlySpan<float> features) => Sum(_biases[check], _weights[check], features);

    private double Fourier(int check, ReadOnlySpan<float> features)
    {
        var score = _biases[check];
        var weights = _weights[check];
        for (var j = 0; j < weights.Length; j++)
        {
            score += weights[j] * Math.Cos(Sum(_phases[j], _frequencies[j], features));
        }

        return score;
    }

    private static double Sum(double start, double[] weights, ReadOnlySpan<float> features)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            start += weights[i] * features[i];
        }

        return start;
    }
}
