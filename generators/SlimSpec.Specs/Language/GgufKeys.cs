using System.Collections.Generic;

namespace SlimSpec.Specs;

/// <summary><c>gguf:</c> of an architecture.</summary>
public static class GgufKeys
{
    /// <summary>The graph's name.</summary>
    public static readonly Key<string> Architecture = Key.Required("architecture", new TextType("a name such as llama"), "Name of llama.cpp's graph, general.architecture.");

    /// <summary>How the graph rotates.</summary>
    public static readonly Key<string> Rotation = Key.Optional("rotation", new WordType("half", "interleaved"), "Which channels of a head the graph rotates together: a channel and the one half a head behind it, or neighbours; rows are reordered where the checkpoint has the other way.");

    /// <summary>The graph that takes sizes layer by layer.</summary>
    public static readonly Key<Section> Uneven = Key.Optional("uneven", new SectionType(UnevenGgufKeys.Definition), "The graph for layers of different sizes.");

    /// <summary>Metadata.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<string>>> Metadata = Key.Required("metadata", Names("a mapping of keys to dimensions and constants", "a dimension or constant"), "Keys below the graph's name, and the dimension or constant that each gives.");

    /// <summary>Tensors of the embedding.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<string>>> Embedding = Key.Required("embedding", Tensors(), "Names of the embedding's tensors, by node.");

    /// <summary>Tensors of a layer.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<string>>> Layer = Key.Required("layer", Tensors(), "Names of a layer's tensors below blk.N, by node; of a linear with several outputs, by the linear.");

    /// <summary>Tensors of the head.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<string>>> Head = Key.Required("head", Tensors(), "Names of the head's tensors, by node.");

    /// <summary>What llama.cpp computes.</summary>
    public static readonly Key<IReadOnlyList<Located<string>>> Derived = Key.Optional("derived", new ListType<string>(new TextType("a dimension"), "a list of dimensions"), "Dimensions that llama.cpp does not read but computes from others, as their defaults here do.");

    /// <summary>What the graph takes for granted.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<IReadOnlyList<Located<ConfigScalar>>>>> Requires = Key.Optional(
        "requires",
        new MapType<IReadOnlyList<Located<ConfigScalar>>>(new ListType<ConfigScalar>(new ConfigScalarType(), "a value or a list of values", mayBeScalar: true), "a mapping of constants to accepted values"),
        "Values that constants must have: what llama.cpp's graph computes and nothing else.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("How the family is said in GGUF.", [Architecture, Rotation, Uneven, Metadata, Embedding, Layer, Head, Derived, Requires]);

    private static MapType<string> Tensors() => Names("a mapping of nodes to names of tensors", "a name such as attn_q");

    private static MapType<string> Names(string expected, string value) => new(new TextType(value), expected);
}

/// <summary><c>gguf.uneven:</c>.</summary>
public static class UnevenGgufKeys
{
    /// <summary>Dimensions that may be 0.</summary>
    public static readonly Key<IReadOnlyList<Located<string>>> MayBeZero = Key.Optional("may_be_zero", new ListType<string>(new TextType("a dimension"), "a list of dimensions"), "Dimensions that may be 0 in a layer, the first layer aside.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("The graph for layers of different sizes.", [GgufKeys.Architecture, GgufKeys.Rotation, MayBeZero]);
}
