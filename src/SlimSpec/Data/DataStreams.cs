namespace SlimSpec;

/// <summary>Numbers that tell apart what is drawn from one seed while a step's data is read (<see cref="SeededRandom"/>).</summary>
internal static class DataStreams
{
    /// <summary>What is held out, and what a classification takes as demonstrations and as shots.</summary>
    public const long Split = 0x5_0001;

    /// <summary>The order in which examples are packed.</summary>
    public const long Packing = 0x5_0002;
}
