namespace SlimSpec;

/// <summary>One decoder layer of a generated model: its weights, and what it is called for by the library.</summary>
public abstract class DecoderLayer : IDisposable
{
    /// <summary>Every weight of the layer, in checkpoint order, under its Hugging Face name.</summary>
    public abstract IReadOnlyList<NamedWeight> Weights { get; }

    /// <summary>The tensors that carry gradients; together they hold exactly <see cref="Weights"/>.</summary>
    public abstract IReadOnlyList<WeightLeaf> Leaves { get; }

    /// <summary>The ALiBi slopes of the layer's attention: one, or none where it has no ALiBi. They are not trained.</summary>
    public virtual IReadOnlyList<AlibiSlopes> Slopes => [];

    /// <summary>The linears that can carry a LoRA adapter, by the last part of their name (<c>q_proj</c>).</summary>
    public abstract IReadOnlyList<LoraTarget> LoraTargets { get; }

    /// <summary>Units whose branch the layers of this recipe may lack or <see cref="Skip"/>, in the order of the graph: none where no depth cut is about branches.</summary>
    public virtual IReadOnlyList<string> Branches => [];

    /// <summary>Lets the layer run without one of its branches, or with it again, so that the branch can be scored.</summary>
    /// <param name="unit">One of <see cref="Branches"/>, for example <c>attention</c>; a layer that has lost the branch anyway runs without it either way.</param>
    /// <param name="skip">Whether to run without it.</param>
    /// <exception cref="NotSupportedException">Nothing in the recipe needs it: no depth cut of its recipe is about branches.</exception>
    public virtual void Skip(string unit, bool skip) =>
        throw new NotSupportedException($"{GetType()} was generated without branches to skip: no depth cut of its recipe has a unit but blocks.");

    /// <summary>Frees the layer's tensors.</summary>
    public void Dispose()
    {
        foreach (var leaf in Leaves)
        {
            leaf.Dispose();
        }

        foreach (var slopes in Slopes)
        {
            slopes.Dispose();
        }

        GC.SuppressFinalize(this);
    }
}
