namespace SlimSpec;

/// <summary>
/// Random Fourier features (Rahimi and Recht 2007): sqrt(2/D) cos(f_j . x + p_j), whose products are on average the Gaussian kernel
/// exp(-gamma |x - x'|^2), here with gamma = 1/(d var) of standardised features, that is 1/d.
/// </summary>
internal sealed class RandomFourier
{
    /// <summary>Number of features, D.</summary>
    public const int Count = 256;

    private RandomFourier(double[][] frequencies, double[] phases) => (Frequencies, Phases) = (frequencies, phases);

    /// <summary>f, of features as they are read.</summary>
    public double[][] Frequencies { get; }

    /// <summary>p.</summary>
    public double[] Phases { get; }

    /// <summary>sqrt(2/D).</summary>
    public static double Scale { get; } = Math.Sqrt(2.0 / Count);

    /// <summary>Draws frequencies and phases.</summary>
    public static RandomFourier Draw(Standardization standard, int seed)
    {
        var random = new SeededRandom(seed, stream: 5);
        var deviation = Math.Sqrt(2.0 / Math.Max(1, standard.Used.Count));
        var frequencies = new double[Count][];
        var phases = new double[Count];
        for (var j = 0; j < Count; j++)
        {
            var frequency = standard.Used.Select(_ => random.NextNormal() * deviation).ToArray();
            (frequencies[j], phases[j]) = standard.Fold(frequency, random.NextDouble() * 2 * Math.PI);
        }

        return new(frequencies, phases);
    }

    /// <summary>The features of rows as they are read.</summary>
    public TrainingRows Apply(TrainingRows rows)
    {
        var values = new double[rows.Count * Count];
        for (var row = 0; row < rows.Count; row++)
        {
            for (var j = 0; j < Count; j++)
            {
                var angle = Phases[j];
                for (var i = 0; i < rows.Width; i++)
                {
                    angle += Frequencies[j][i] * rows[row][i];
                }

                values[(row * Count) + j] = Scale * Math.Cos(angle);
            }
        }

        return rows.With(Count, values);
    }
}
