namespace SlimSpec;

/// <summary>Sees what checks see: all of them where the stack simulates, else those that are made.</summary>
public abstract class ExitRecorder
{
    /// <summary>A check was made.</summary>
    /// <param name="check">The check, from 0.</param>
    /// <param name="features">The recipe's features, in its order; they are gone when the call returns.</param>
    /// <param name="reading">What the head said.</param>
    /// <param name="leaves">Whether the token leaves, or would.</param>
    public abstract void Check(int check, ReadOnlySpan<float> features, in LogitReading reading, bool leaves);

    /// <summary>A token has run its layers.</summary>
    /// <param name="finalId">The token that comes next by them: what the last layer says, or the check at which it left.</param>
    /// <param name="layers">Layers that it ran; of a stack that simulates, those before its first check that said it leaves.</param>
    public abstract void Token(int finalId, int layers);
}
