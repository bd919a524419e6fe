namespace SlimSpec.Tests.Exits;

/// <summary>Keeps what a stack shows.</summary>
internal sealed class Recorded : ExitRecorder
{
    public List<(int Check, float[] Features, bool Leaves)> Checks { get; } = [];

    public List<(int Id, int Layers)> Tokens { get; } = [];

    public override void Check(int check, ReadOnlySpan<float> features, in LogitReading reading, bool leaves) => Checks.Add((check, features.ToArray(), leaves));

    public override void Token(int finalId, int layers) => Tokens.Add((finalId, layers));
}
