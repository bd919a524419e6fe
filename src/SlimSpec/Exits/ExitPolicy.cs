namespace SlimSpec;

/// <summary>Decides at each check whether a token leaves. One serves one sequence at a time.</summary>
public abstract class ExitPolicy
{
    /// <summary>Never lets a token leave.</summary>
    public static ExitPolicy Never { get; } = new NoExit();

    /// <summary>Forgets the checks of the token before.</summary>
    public virtual void BeginToken()
    {
    }

    /// <summary>Whether the token leaves at a check. A token's checks come in order, and all up to the one at which it leaves.</summary>
    /// <param name="check">The check, from 0: the place of its layer in <see cref="ExitSettings.Layers"/>.</param>
    /// <param name="features">The recipe's features, in its order.</param>
    public abstract bool Leaves(int check, ReadOnlySpan<float> features);

    private sealed class NoExit : ExitPolicy
    {
        public override bool Leaves(int check, ReadOnlySpan<float> features) => false;
    }
}
