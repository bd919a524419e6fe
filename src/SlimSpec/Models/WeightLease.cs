namespace SlimSpec;

/// <summary>
/// Some of a model's weights, kept in memory until this is disposed of: see <see cref="CausalLM.Use"/>. A model whose weights are
/// all in memory anyway gives leases that hold nothing.
/// </summary>
/// <param name="end">What the end of the lease does, if anything.</param>
public readonly struct WeightLease(Action? end) : IDisposable
{
    /// <summary>Gives the weights up; they go with the last lease of them.</summary>
    public void Dispose() => end?.Invoke();
}
