namespace SlimSpec.Tests.Exits;

/// <summary>Lets tokens leave at random, whatever their features say.</summary>
internal sealed class RandomExits(double share, long seed = 0) : ExitPolicy
{
    private readonly SeededRandom _random = new(seed);

    public override bool Leaves(int check, ReadOnlySpan<float> features) => _random.NextDouble() < share;
}

/// <summary>Lets tokens leave by a plan: each at the check of its turn, <c>-1</c> at none.</summary>
internal sealed class PlannedExits(params int[] checks) : ExitPolicy
{
    private int _token = -1;

    public override void BeginToken() => _token++;

    public override bool Leaves(int check, ReadOnlySpan<float> features) => checks[_token % checks.Length] == check;
}

/// <summary>Lets tokens leave whose first feature is high enough.</summary>
internal sealed class SureExits(float level) : ExitPolicy
{
    public override bool Leaves(int check, ReadOnlySpan<float> features) => features[0] >= level;
}
