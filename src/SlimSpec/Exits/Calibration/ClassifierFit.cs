namespace SlimSpec;

/// <summary>Fits the classifiers of <c>classifier: kind:</c> to recorded documents, all in float64 and the same for one seed. Thresholds come later.</summary>
/// <param name="settings">The recipe's exits.</param>
/// <param name="documents">The fit part.</param>
internal sealed class ClassifierFit(ExitSettings settings, IReadOnlyList<ExitDocument> documents)
{
    // Of weights of standardised features; as strong as a prior of deviation 1.
    private const double Penalty = 1;

    // Hundreds of numbers a row take a hundred times longer than a few, and the mapping to probabilities forgives what is left to gain.
    private const int MostLinearRounds = 1000;
    private const int MostFourierRounds = 200;

    private readonly List<string> _notes = [];
    private readonly Lock _gate = new();

    private int Seed => settings.Calibrate!.Seed;

    private bool IsShared => !settings.Classifier.PerLayer;

    /// <summary>What the user should know: features that do not vary, checks where there is nothing to learn.</summary>
    public IReadOnlyList<string> Notes => [.. _notes.Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Fits a kind.</summary>
    public FittedClassifier Fit(ExitClassifierKind kind) => kind switch
    {
        ExitClassifierKind.Threshold => ByFeature(kind, 0),
        ExitClassifierKind.Patience => ByFeature(kind, RunFeature()),
        ExitClassifierKind.Logistic => Linear(kind, (rows, _) => LogisticRegression.Fit(rows, Targets(rows), rows.Balance(), Penalty)),
        ExitClassifierKind.SvmLinear => Linear(kind, (rows, _) => Svm(rows, MostLinearRounds)),
        ExitClassifierKind.SvmRbf => Fourier(),
        _ => Chain(),
    };

    // Less is surer of an entropy.
    private FittedClassifier ByFeature(ExitClassifierKind kind, int feature) => settings.Features[feature] is ExitFeature.Entropy or ExitFeature.DeltaEntropy
        ? New(kind, ExitForm.Linear, _ => ([.. settings.Features.Select((_, i) => i == feature ? -1.0 : 0)], 0))
        : new()
        {
            Kind = kind,
            Form = ExitForm.Threshold,
            Checks = [.. settings.Layers.Select(layers => new FittedCheck { Layers = layers, Feature = feature })],
        };

    private int RunFeature()
    {
        for (var i = 0; i < settings.Features.Count; i++)
        {
            if (settings.Features[i] == ExitFeature.SameArgmaxRun)
            {
                return i;
            }
        }

        throw new SlimException("exits: classifier: kind: patience needs the feature same_argmax_run, and the recipe has it not");
    }

    private FittedClassifier Linear(ExitClassifierKind kind, Func<TrainingRows, string, (double[] Weights, double Bias)> fit)
    {
        var fitted = ForEachSet((rows, place) =>
        {
            if (rows.IsOneSided)
            {
                return Constant(rows, place);
            }

            var standard = Standardize(rows, place);
            var (weights, bias) = fit(standard.Apply(rows), place);
            return standard.Fold(weights, bias);
        });
        return New(kind, ExitForm.Linear, check => fitted[check]);
    }

    private (double[] Weights, double Bias) Svm(TrainingRows rows, int mostRounds)
    {
        var (weights, bias, _) = LinearSvm.Search(rows, mostRounds, Seed);
        return (weights, bias);
    }

    private FittedClassifier Fourier()
    {
        var standard = Standardize(AllRows(), "all checks");
        var fourier = RandomFourier.Draw(standard, Seed);
        var fitted = ForEachSet((rows, place) =>
        {
            if (rows.IsOneSided)
            {
                return (new double[RandomFourier.Count], Constant(rows, place).Bias);
            }

            var (weights, bias) = Svm(fourier.Apply(rows), MostFourierRounds);
            return ([.. weights.Select(weight => weight * RandomFourier.Scale)], bias);
        });
        return New(ExitClassifierKind.SvmRbf, ExitForm.Fourier, check => fitted[check]) with { Frequencies = fourier.Frequencies, Phases = fourier.Phases };
    }

    private FittedClassifier Chain()
    {
        var checks = CompleteTokens();
        var shared = Standardize(AllRows(), "all checks");
        Standardization[] standards = [.. checks.Select((rows, check) => IsShared ? shared : Standardize(rows, Place(check)))];
        // One chain has one width: a feature that does not vary at a check is 0 there, and keeps the weight 0.
        var field = new ChainField([.. checks.Select((rows, check) => Widened(standards[check], rows))], IsShared, Penalty);
        var parameters = field.Fit();
        return New(ExitClassifierKind.Crf, ExitForm.Chain, check =>
        {
            var (weights, bias) = field.CheckOf(parameters, check);
            return standards[check].Fold([.. standards[check].Used.Select(i => weights[i])], bias);
        }) with
        { Transition = ChainField.TransitionOf(parameters) };
    }

    private static TrainingRows Widened(Standardization standard, TrainingRows rows)
    {
        var narrow = standard.Apply(rows);
        var values = new double[rows.Count * rows.Width];
        for (var row = 0; row < rows.Count; row++)
        {
            for (var i = 0; i < standard.Used.Count; i++)
            {
                values[(row * rows.Width) + standard.Used[i]] = narrow[row][i];
            }
        }

        return rows.With(rows.Width, values);
    }

    // One fit a check, or one for all.
    private (double[] Weights, double Bias)[] ForEachSet(Func<TrainingRows, string, (double[] Weights, double Bias)> fit)
    {
        var results = new (double[], double)[settings.Layers.Count];
        if (IsShared)
        {
            Array.Fill(results, fit(AllRows(), "all checks"));
            return results;
        }

        Parallel.For(0, results.Length, check => results[check] = fit(Rows(check), Place(check)));
        return results;
    }

    private FittedClassifier New(ExitClassifierKind kind, ExitForm form, Func<int, (double[] Weights, double Bias)> fitted) => new()
    {
        Kind = kind,
        Form = form,
        Checks = [.. settings.Layers.Select((layers, check) => new FittedCheck { Layers = layers, Weights = fitted(check).Weights, Bias = fitted(check).Bias })],
    };

    // Where every token has one label there is nothing to tell apart: its log-odds, with one made-up token of each label.
    private (double[] Weights, double Bias) Constant(TrainingRows rows, string place)
    {
        var leaving = rows.Labels.Count(label => label);
        Note($"{place}: {(rows.Count == 0 ? "no token could be read" : leaving == 0 ? "no token could leave" : "every token could leave")}; there is nothing to fit");
        return (new double[rows.Width], Math.Log((leaving + 1.0) / (rows.Count - leaving + 1.0)));
    }

    private Standardization Standardize(TrainingRows rows, string place)
    {
        var standard = new Standardization(rows);
        foreach (var i in Enumerable.Range(0, rows.Width).Except(standard.Used))
        {
            Note($"{place}: {SpecWords.Of(settings.Features[i])} is the same for all tokens and is left out");
        }

        return standard;
    }

    private void Note(string note)
    {
        lock (_gate)
        {
            _notes.Add(note);
        }
    }

    private string Place(int check) => $"after {settings.Layers[check]} layer{(settings.Layers[check] == 1 ? string.Empty : "s")}";

    private TrainingRows Rows(int check) => TrainingRows.Of(documents, [check], settings.Classifier.Label);

    private TrainingRows AllRows() => TrainingRows.Of(documents, Enumerable.Range(0, settings.Layers.Count), settings.Classifier.Label);

    // A chain needs every check of a token: tokens with a number that is not finite anywhere are left out.
    private TrainingRows[] CompleteTokens() =>
        [.. Enumerable.Range(0, settings.Layers.Count).Select(check => TrainingRows.Of(documents, [check], settings.Classifier.Label, wholeTokens: true))];

    private static double[] Targets(TrainingRows rows) => [.. rows.Labels.Select(label => label ? 1.0 : 0)];
}
