namespace SlimSpec;

/// <summary>
/// Takes tokens of one sequence through the layers of a model, each until a check lets it out. Generated code derives one class per recipe with
/// exits: its loop has the recipe's checks and nothing else.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="settings">The recipe's exits.</param>
/// <param name="head">How checks read the residual stream.</param>
/// <param name="policy">What decides.</param>
public abstract class ExitStack(CausalLM model, ExitSettings settings, ExitHead head, ExitPolicy policy) : IDisposable
{
    /// <summary>The model.</summary>
    public CausalLM Model => model;

    /// <summary>The recipe's exits.</summary>
    public ExitSettings Settings => settings;

    /// <summary>How checks read the residual stream.</summary>
    public ExitHead Head => head;

    /// <summary>What decides.</summary>
    public ExitPolicy Policy => policy;

    /// <inheritdoc/>
    public void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Fills in the recipe's features, in its order.</summary>
    /// <param name="seen">What the check sees.</param>
    /// <param name="features">Where they go.</param>
    protected abstract void Describe(ExitObservation seen, Span<float> features);
}
