namespace SlimSpec;

/// <summary>
/// The sizes of one model: those that all layers share and those that each layer has of its own. Generated code derives
/// from it (<c>Tales20.Shape</c>) with a typed property per dimension; the library reaches the same numbers by name.
/// </summary>
public abstract record ModelShape
{
    /// <summary>Number of decoder layers.</summary>
    public abstract int LayerCount { get; }

    /// <summary>Width of the residual stream (<c>hidden_size</c>).</summary>
    public abstract int HiddenSize { get; }

    /// <summary>Number of token ids (<c>vocab_size</c>).</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Longest sequence the model was made for, in tokens (<c>max_position_embeddings</c>).</summary>
    public abstract int MaxPositions { get; }

    /// <summary>Names of the dimensions of the whole model that a cut can change, for example <c>hidden</c>; their sizes are in <see cref="SharedDimensions"/>.</summary>
    public virtual IReadOnlyList<string> ModelDimensions => [];

    /// <summary>Sizes that all layers share, by dimension name, for example <c>vocab</c>, <c>hidden</c>, <c>head_dim</c>, <c>positions</c>.</summary>
    public abstract IReadOnlyDictionary<string, int> SharedDimensions { get; }

    /// <summary>Names of the dimensions that a layer has of its own, for example <c>heads</c>, <c>kv_heads</c>, <c>ffn</c>.</summary>
    public abstract IReadOnlyList<string> LayerDimensions { get; }

    /// <summary>Those of them that may be 0 in a layer, whose attention or MLP is gone then.</summary>
    public virtual IReadOnlyList<string> BranchDimensions => [];

    /// <summary>Number of parameters of the whole model; a tied head counts once.</summary>
    public abstract long Parameters { get; }

    /// <summary>Size of dimension <paramref name="name"/> in layer <paramref name="layer"/> (0-based).</summary>
    /// <exception cref="ArgumentException">The layers have no such dimension.</exception>
    public abstract int this[string name, int layer] { get; }

    /// <summary>The same shape with one dimension of one layer changed.</summary>
    /// <exception cref="ArgumentException">The layers have no such dimension.</exception>
    public abstract ModelShape With(string name, int layer, int size);

    /// <summary>The same shape with one dimension of the whole model changed.</summary>
    /// <exception cref="ArgumentException">No cut changes such a dimension.</exception>
    public virtual ModelShape With(string name, int size) => throw new ArgumentException($"No cut changes '{name}' of the whole model.", nameof(name));

    /// <summary>The same shape with these layers alone, renumbered from 0.</summary>
    /// <param name="layers">Numbers of the layers that stay, ascending; at least one.</param>
    public abstract ModelShape KeepLayers(IReadOnlyList<int> layers);

    /// <summary>The same shape with one layer's branch gone.</summary>
    /// <param name="unit">The unit that the branch is called by, for example <c>attention</c>.</param>
    /// <param name="layer">The layer, from 0.</param>
    /// <exception cref="ArgumentException">No cut of the recipe removes such a branch.</exception>
    public virtual ModelShape WithoutBranch(string unit, int layer) => throw new ArgumentException($"No cut of the recipe removes the branch of '{unit}'.", nameof(unit));

    /// <summary>
    /// Multiply-accumulates of one forward pass over one sequence of <paramref name="tokens"/> tokens. Counted as
    /// LLM-Pruner's published tables do: matrix products, attention scores and values, rotary embedding, norms and the
    /// gating product.
    /// </summary>
    public abstract long MultiplyAccumulates(int tokens);

    /// <summary>Elements that the key/value cache grows by with each token: the sum over layers of keys and values.</summary>
    public abstract long CacheElementsPerToken { get; }

    /// <summary>What one layer adds to these sums.</summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="tokens">Tokens of the sequence that multiply-accumulates are counted for.</param>
    public abstract LayerCost Cost(int layer, int tokens);
}

/// <summary>What one decoder layer costs.</summary>
/// <param name="Parameters">Parameters.</param>
/// <param name="MultiplyAccumulates">Multiply-accumulates of one forward pass over one sequence.</param>
/// <param name="CacheElementsPerToken">Elements that its keys and values take for each token.</param>
public readonly record struct LayerCost(long Parameters, long MultiplyAccumulates, long CacheElementsPerToken);
