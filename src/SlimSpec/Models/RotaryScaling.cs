namespace SlimSpec;

/// <summary>How the frequencies of rotary position embedding are stretched for more positions than a model was first trained on.</summary>
public abstract record RotaryScaling
{
    private RotaryScaling()
    {
    }

    /// <summary>Positions counted <paramref name="factor"/> times slower (Chen et al. 2023, position interpolation).</summary>
    public static RotaryScaling Linear(double factor) => new Interpolation(factor);

    /// <summary>
    /// Llama 3.1's scaling by wavelength: short waves stay, long ones are slowed by <paramref name="factor"/>, and those between are blended.
    /// </summary>
    /// <param name="factor">How much longer the positions reach.</param>
    /// <param name="lowFactor">Waves longer than <c>originalPositions / lowFactor</c> are slowed in full.</param>
    /// <param name="highFactor">Waves shorter than <c>originalPositions / highFactor</c> stay.</param>
    /// <param name="originalPositions">Positions of the first training.</param>
    public static RotaryScaling Llama3(double factor, double lowFactor, double highFactor, double originalPositions) =>
        new ByWavelength(factor, lowFactor, highFactor, originalPositions);

    /// <summary>The scaled frequency, in radians a position.</summary>
    internal abstract double Apply(double frequency);

    /// <summary>The factor of <see cref="Linear"/>; null of others, which stretch each frequency by another one.</summary>
    internal virtual double? LinearFactor => null;

    private sealed record Interpolation(double Factor) : RotaryScaling
    {
        internal override double? LinearFactor => Factor;

        internal override double Apply(double frequency) => frequency / Factor;
    }

    private sealed record ByWavelength(double Factor, double LowFactor, double HighFactor, double OriginalPositions) : RotaryScaling
    {
        internal override double Apply(double frequency)
        {
            var waves = OriginalPositions * frequency / (2 * Math.PI); // waves within the original positions
            var kept = Math.Clamp((waves - LowFactor) / (HighFactor - LowFactor), 0, 1);
            return frequency * (kept + ((1 - kept) / Factor));
        }
    }
}
