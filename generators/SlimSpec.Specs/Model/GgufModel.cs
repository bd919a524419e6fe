namespace SlimSpec.Specs;

/// <summary>How a family is said in GGUF, llama.cpp's file format (<c>gguf:</c>).</summary>
/// <param name="Uniform">The graph of llama.cpp that computes the family, all layers of one size.</param>
/// <param name="Uneven">The graph that takes sizes layer by layer; null: there is none.</param>
/// <param name="Metadata">Keys below the graph's name, and the dimension or constant that each gives.</param>
/// <param name="Embedding">Names of the embedding's tensors, by node; of several outputs in one weight, by that linear.</param>
/// <param name="Layer">Names of a layer's tensors, below <c>blk.N</c>.</param>
/// <param name="Head">Names of the head's tensors.</param>
/// <param name="Derived">Dimensions that llama.cpp does not read but computes as their defaults do.</param>
/// <param name="Requires">Constants by name, and the values that the graphs compute.</param>
public sealed record GgufModel(
    GgufGraphModel Uniform,
    GgufGraphModel? Uneven,
    EquatableArray<NamedText> Metadata,
    EquatableArray<NamedText> Embedding,
    EquatableArray<NamedText> Layer,
    EquatableArray<NamedText> Head,
    EquatableArray<string> Derived,
    EquatableArray<RequirementDefinition> Requires);

/// <summary>A graph of llama.cpp.</summary>
/// <param name="Architecture">Its name, <c>general.architecture</c>.</param>
/// <param name="Rotation">Which channels of a head it rotates together: <c>half</c> or <c>interleaved</c>; null: none.</param>
/// <param name="MayBeZero">Dimensions that may be 0 in a layer, the first one aside.</param>
public sealed record GgufGraphModel(string Architecture, string? Rotation, EquatableArray<string> MayBeZero);
