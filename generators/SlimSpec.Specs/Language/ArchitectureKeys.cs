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
    public static readonly Key<IReadOnlyList<NamedItem<SizeSource>>> Dims = Key.Required("dims", new MapType<SizeSource>(new SizeSourceType(isDimension: true), "a mapping of dimensions to keys of config.json", DimensionNames.Required), "Named sizes and the keys of config.json that give them: one, alternatives of which the first found counts, or a fixed size.");

    /// <summary>Named numbers, flags and words.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<SizeSource>>> Constants = Key.Optional("constants", new MapType<SizeSource>(new SizeSourceType(isDimension: false), "a mapping of constants to keys of config.json"), "Named numbers, flags and words and the keys of config.json that give them, dotted where nested.");

    /// <summary>What a configuration must say.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<IReadOnlyList<Located<ConfigScalar>>>>> Requires = Key.Optional(
        "requires",
        new MapType<IReadOnlyList<Located<ConfigScalar>>>(new ListType<ConfigScalar>(new ConfigScalarType(), "a value or a list of values", mayBeScalar: true), "a mapping of keys of config.json to accepted values"),
        "Values that config.json must have where it has these keys: what the graph takes for granted.");

    /// <summary>How a prefix is found.</summary>
    public static readonly Key<Section> Prefix = Key.Optional("prefix", new SectionType(PrefixKeys.Definition), "How the prefix is found whose tokens see each other; a model without it is causal throughout.");

    /// <summary>Token ids to the residual stream.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<NodeSource>>> Embedding = Key.Required("embedding", new MapType<NodeSource>(new NodeSourceType(GraphSections.Embedding), "a mapping of nodes"), "Nodes from 'ids' and 'positions' to the residual stream.");

    /// <summary>One layer.</summary>
    public static readonly Key<Section> Layer = Key.Required("layer", new SectionType(LayerKeys.Definition), "One decoder layer.");

    /// <summary>The residual stream to logits.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<NodeSource>>> Head = Key.Required("head", new MapType<NodeSource>(new NodeSourceType(GraphSections.Head), "a mapping of nodes"), "Nodes from the residual stream 'x' to the logits.");

    /// <summary>What may be cut.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<string>>> Units = Key.Required("units", new MapType<string>(new TextType("a dimension"), "a mapping of units to dimensions"), "What a recipe may cut, and the dimension that counts it.");

    /// <summary>GGUF.</summary>
    public static readonly Key<Section> Gguf = Key.Optional("gguf", new SectionType(GgufKeys.Definition), "How the family is said in GGUF, llama.cpp's file format; without it there is no such export.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("An architecture.", [Name, HuggingFace, Dims, Constants, Requires, Prefix, Embedding, Layer, Head, Units, Gguf]);
}

/// <summary><c>huggingface:</c>.</summary>
public static class HuggingFaceKeys
{
    /// <summary>Values of <c>model_type</c>.</summary>
    public static readonly Key<IReadOnlyList<Located<string>>> ModelTypes = Key.Required("model_types", new ListType<string>(new TextType("a model_type"), "a list of model_type values"), "Values of model_type in config.json.");

    /// <summary>The class.</summary>
    public static readonly Key<string> Class = Key.Required("class", new TextType("the name of a class"), "Class in transformers, for example LlamaForCausalLM.");

    /// <summary>The prefix of the whole model.</summary>
    public static readonly Key<string> BasePrefix = Key.Optional("base_prefix", new TextType("a name such as transformer"), "What the names of weights start with in checkpoints of the whole model and not in those of the base model.");

    /// <summary>Tensors that are not needed.</summary>
    public static readonly Key<IReadOnlyList<Located<string>>> Ignore = Key.Optional("ignore", new ListType<string>(new TextType("the end of a tensor's name"), "a list of ends of tensors' names"), "Ends of the names of tensors that checkpoints may carry and the model does not need, such as stored masks.");

    /// <summary>What the class computes.</summary>
    public static readonly Key<IReadOnlyList<Located<string>>> Derived = Key.Optional("derived", new ListType<string>(new TextType("a dimension"), "a list of dimensions"), "Dimensions that the class in transformers does not read but computes from others, as their defaults here do.");

    /// <summary>Nemotron-NAS.</summary>
    public static readonly Key<Section> NemotronNas = Key.Optional("nemotron_nas", new SectionType(NemotronNasKeys.Definition), "The dimensions that Nemotron-NAS (DeciLM) has layer by layer, where it computes what the family does.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("What Hugging Face calls it.", [ModelTypes, Class, BasePrefix, Ignore, Derived, NemotronNas]);
}

/// <summary><c>huggingface.nemotron_nas:</c>.</summary>
public static class NemotronNasKeys
{
    /// <summary>Query heads.</summary>
    public static readonly Key<string> Heads = Key.Required("heads", new TextType("a dimension"), "Dimension that counts query heads.");

    /// <summary>KV heads.</summary>
    public static readonly Key<string> KvHeads = Key.Required("kv_heads", new TextType("a dimension"), "Dimension that counts KV heads.");

    /// <summary>MLP channels.</summary>
    public static readonly Key<string> Ffn = Key.Required("ffn", new TextType("a dimension"), "Dimension that counts the MLP's channels.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("The dimensions that Nemotron-NAS (DeciLM) has layer by layer.", [Heads, KvHeads, Ffn]);
}

/// <summary><c>prefix:</c>.</summary>
public static class PrefixKeys
{
    /// <summary>The token that ends the prefix.</summary>
    public static readonly Key<string> Start = Key.Required("start", new TextType("a constant"), "Constant with the id of the token that ends the prefix.");

    /// <summary>The tokens that mark what is generated.</summary>
    public static readonly Key<IReadOnlyList<Located<string>>> Marks = Key.Required("marks", new ListType<string>(new TextType("a constant"), "a list of constants"), "Constants with the ids of the tokens that mark what is generated; the first that a sequence has counts.");

    /// <summary>Both.</summary>
    public static readonly SectionDefinition Definition = new("How a prefix is found whose tokens see each other.", [Start, Marks]);
}

/// <summary><c>layer:</c>.</summary>
public static class LayerKeys
{
    /// <summary>The prefix of weights.</summary>
    public static readonly Key<string> Prefix = Key.Required("prefix", new TextType("a name such as model.layers"), "What the names of the layers' weights start with, before the layer number.");

    /// <summary>The nodes.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<NodeSource>>> Nodes = Key.Required("nodes", new MapType<NodeSource>(new NodeSourceType(GraphSections.Layer), "a mapping of nodes"), "The nodes, in order; 'x' is the input, the last node the output.");

    /// <summary>Both.</summary>
    public static readonly SectionDefinition Definition = new("One decoder layer.", [Prefix, Nodes]);
}

/// <summary>A dimension or constant in its long form, <c>{ key: ..., default: ... }</c> or <c>{ has: ... }</c>.</summary>
public static class SizeSourceKeys
{
    /// <summary>The keys of config.json.</summary>
    public static readonly Key<IReadOnlyList<Located<string>>> ConfigKey = Key.Required("key", new ListType<string>(new TextType("a key of config.json"), "a key of config.json or a list of alternatives", mayBeScalar: true), "Key of config.json.");

    /// <summary>The value where a dimension's keys are absent.</summary>
    public static readonly Key<ConfigScalar> Default = Key.Optional("default", new ConfigScalarType(), "Value where config.json lacks the key: for a dimension, other dimensions with + - * /; for a constant, a number, flag, word, null or sqrt(...) of dimensions.");

    /// <summary>The key whose presence is asked.</summary>
    public static readonly Key<string> Has = Key.Required("has", new TextType("a key of config.json"), "Key of config.json whose presence sets the flag.");

    /// <summary>A dimension.</summary>
    public static readonly SectionDefinition Dimension = new("Where a size comes from.", [ConfigKey, Default]);

    /// <summary>A constant.</summary>
    public static readonly SectionDefinition Constant = new("Where a constant comes from.", [ConfigKey, Default]);

    /// <summary>A flag that is set where config.json has a key.</summary>
    public static readonly SectionDefinition Presence = new("Whether config.json has a key.", [Has]);
}
