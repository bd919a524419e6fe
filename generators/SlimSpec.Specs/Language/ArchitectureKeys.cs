using System.Collections.Generic;

namespace SlimSpec.Specs;

/// <summary>The keys of an architecture, <c>NAME.arch.yaml</c>.</summary>
public static class ArchitectureKeys
{
    /// <summary>The name.</summary>
    public static readonly Key<string> Name = Key.Required("architecture", new TextType("a name"), "Name that recipes use.");

    /// <summary>What Hugging Face calls it.</summary>
    public static readonly Key<Section> HuggingFace = Key.Required("huggingface", new SectionType(HuggingFaceKeys.Definition), "What Hugging Face calls it.");

    /// <summary>Named sizes.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<SizeSource>>> Dims = Key.Required("dims", new MapType<SizeSource>(new SizeSourceType(), "a mapping of dimensions to keys of config.json"), "Named sizes and the keys of config.json that give them.");

    /// <summary>Named numbers and flags.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<SizeSource>>> Constants = Key.Optional("constants", new MapType<SizeSource>(new SizeSourceType(), "a mapping of constants to keys of config.json"), "Named numbers and flags and the keys of config.json that give them.");

    /// <summary>What a configuration must say.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<IReadOnlyList<Located<ConfigScalar>>>>> Requires = Key.Optional(
        "requires",
        new MapType<IReadOnlyList<Located<ConfigScalar>>>(new ListType<ConfigScalar>(new ConfigScalarType(), "a value or a list of values", mayBeScalar: true), "a mapping of keys of config.json to accepted values"),
        "Values that config.json must have where it has these keys: what the graph takes for granted.");

    /// <summary>Token ids to the residual stream.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<NodeSource>>> Embedding = Key.Required("embedding", new MapType<NodeSource>(new NodeSourceType(), "a mapping of nodes"), "Nodes from 'ids' to the residual stream.");

    /// <summary>One layer.</summary>
    public static readonly Key<Section> Layer = Key.Required("layer", new SectionType(LayerKeys.Definition), "One decoder layer.");

    /// <summary>The residual stream to logits.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<NodeSource>>> Head = Key.Required("head", new MapType<NodeSource>(new NodeSourceType(), "a mapping of nodes"), "Nodes from the residual stream 'x' to the logits.");

    /// <summary>What may be cut.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<string>>> Units = Key.Required("units", new MapType<string>(new TextType("a dimension"), "a mapping of units to dimensions"), "What a recipe may cut, and the dimension that counts it.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("An architecture.", [Name, HuggingFace, Dims, Constants, Requires, Embedding, Layer, Head, Units]);
}

/// <summary><c>huggingface:</c>.</summary>
public static class HuggingFaceKeys
{
    /// <summary>Values of <c>model_type</c>.</summary>
    public static readonly Key<IReadOnlyList<Located<string>>> ModelTypes = Key.Required("model_types", new ListType<string>(new TextType("a model_type"), "a list of model_type values"), "Values of model_type in config.json.");

    /// <summary>The class.</summary>
    public static readonly Key<string> Class = Key.Required("class", new TextType("the name of a class"), "Class in transformers, for example LlamaForCausalLM.");

    /// <summary>Both.</summary>
    public static readonly SectionDefinition Definition = new("What Hugging Face calls it.", [ModelTypes, Class]);
}

/// <summary><c>layer:</c>.</summary>
public static class LayerKeys
{
    /// <summary>The prefix of weights.</summary>
    public static readonly Key<string> Prefix = Key.Required("prefix", new TextType("a name such as model.layers"), "What the names of the layers' weights start with, before the layer number.");

    /// <summary>The nodes.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<NodeSource>>> Nodes = Key.Required("nodes", new MapType<NodeSource>(new NodeSourceType(), "a mapping of nodes"), "The nodes, in order; 'x' is the input, the last node the output.");

    /// <summary>Both.</summary>
    public static readonly SectionDefinition Definition = new("One decoder layer.", [Prefix, Nodes]);
}

/// <summary>A dimension or constant in its long form, <c>{ key: ..., default: ... }</c>.</summary>
public static class SizeSourceKeys
{
    /// <summary>The key of config.json.</summary>
    public static readonly Key<string> ConfigKey = Key.Required("key", new TextType("a key of config.json"), "Key of config.json.");

    /// <summary>The value where it is absent.</summary>
    public static readonly Key<ConfigScalar> Default = Key.Optional("default", new ConfigScalarType(), "Value where config.json lacks the key: for a dimension, other dimensions with + - * /.");

    /// <summary>Both.</summary>
    public static readonly SectionDefinition Definition = new("Where a size comes from.", [ConfigKey, Default]);
}
