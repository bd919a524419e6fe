namespace SlimSpec.Tests.Exits.Calibration;

/// <summary>Recordings made up of a formula, with recipes that calibrate on them.</summary>
internal static class ToyRecordings
{
    public const int Depth = 4;
    private const int Right = 7;
    private const int Wrong = 8;

    /// <summary>Exits after 1, 2 and 3 of four layers.</summary>
    public static ExitSettings Settings(ExitClassifierKind kind = ExitClassifierKind.Logistic) => new()
    {
        Mode = ExitMode.AdaptiveVerified,
        Layers = [1, 2, 3],
        Features = [ExitFeature.Gap, ExitFeature.TopProb, ExitFeature.SameArgmaxRun],
        Classifier = new() { Kind = kind },
        Calibrate = new() { Dataset = new("none.txt"), TargetAgreement = 0.9, Confidence = 0.95 },
        Cache = new() { MaxPending = 31 },
    };

    /// <summary>A recipe with these exits.</summary>
    public static Recipe With(ExitSettings settings) => With(ExitsVerified.Instance, settings);

    /// <summary>A recipe with other exits than its own.</summary>
    public static Recipe With(Recipe recipe, ExitSettings settings) => new Exiting(recipe, settings);

    /// <summary>
    /// Documents whose tokens have a hardness; a check agrees with a probability that rises with its gap, and gaps rise with the layers.
    /// </summary>
    /// <param name="count">Documents.</param>
    /// <param name="tokens">Tokens of each.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="agreement">Probability that a check agrees, of its gap.</param>
    public static List<ExitDocument> Documents(int count, int tokens, int seed, Func<double, double>? agreement = null)
    {
        var random = new SeededRandom(seed);
        agreement ??= gap => Math.Min(1, gap * 1.2);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var (features, said) = (new List<float>(), new List<int>());
            for (var token = 0; token < tokens; token++)
            {
                var ease = random.NextDouble();
                for (var (check, run) = (0, 0); check < 3; check++)
                {
                    var gap = Math.Clamp((ease * (check + 1.5) / 3) + (0.1 * random.NextNormal()), 0, 1);
                    var isRight = random.NextDouble() < agreement(gap);
                    run = isRight ? run + 1 : 1;
                    features.AddRange((float)gap, (float)Math.Sqrt(gap), run);
                    said.Add(isRight ? Right : Wrong);
                }
            }

            return new ExitDocument([1], [.. Enumerable.Repeat(1, tokens)], 3, 3, [.. features], [.. said], [.. Enumerable.Repeat(Right, tokens)], tokens);
        })];
    }

    /// <summary>A calibration on made-up documents.</summary>
    public static ExitsFile Calibrate(ExitSettings settings, int documents = 60, int tokens = 50, Func<double, double>? agreement = null, bool compares = false) =>
        ExitCalibration.Run(With(settings), Depth, DocumentParts.Divide(Documents(documents, tokens, seed: 1, agreement), settings.Calibrate!.Seed), "0123", compares);

    private sealed class Exiting(Recipe recipe, ExitSettings settings) : AdjustedRecipe(recipe, recipe.Settings with { Exits = settings });
}
