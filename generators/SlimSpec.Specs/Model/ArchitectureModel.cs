namespace SlimSpec.Specs;

/// <summary>
/// A model family as its <c>.arch.yaml</c> says it: values only, no positions. A recipe holds it resolved
/// (<c>GraphResolver</c>): every condition decided by the configuration, every node plain.
/// </summary>
/// <param name="Name">Name that recipes use, for example <c>llama</c>.</param>
/// <param name="HuggingFace">What Hugging Face calls it and how its checkpoints vary.</param>
/// <param name="Dimensions">Named sizes.</param>
/// <param name="Constants">Named numbers, flags and words.</param>
/// <param name="Prefix">How a prefix is found whose tokens see each other, or null for a model that is causal throughout.</param>
/// <param name="Embedding">Nodes from <c>ids</c> and <c>positions</c> to the residual stream.</param>
/// <param name="LayerPrefix">What layer weights' names start with, before the layer number: <c>model.layers</c>.</param>
/// <param name="Layer">Nodes of one layer; <c>x</c> is its input, the last node its output.</param>
/// <param name="Head">Nodes from the residual stream <c>x</c> to the logits, which the last node gives.</param>
/// <param name="Units">What may be cut.</param>
/// <param name="Requires">What config.json must say where it has the key, because the graph takes it for granted.</param>
public sealed record ArchitectureModel(
    string Name,
    HuggingFaceModel HuggingFace,
    EquatableArray<DimensionDefinition> Dimensions,
    EquatableArray<ConstantDefinition> Constants,
    PrefixDefinition? Prefix,
    EquatableArray<GraphNode> Embedding,
    string LayerPrefix,
    EquatableArray<GraphNode> Layer,
    EquatableArray<GraphNode> Head,
    EquatableArray<UnitDefinition> Units,
    EquatableArray<RequirementDefinition> Requires)
{
    /// <summary>How the family is said in GGUF, or null.</summary>
    public GgufModel? Gguf { get; init; }

    /// <summary>What its class in transformers, and Nemotron-NAS, make of a model; null in hashes alone.</summary>
    public HuggingFaceForms? Forms { get; init; }
}

/// <summary>What transformers' class of a family, and Nemotron-NAS, make of a model.</summary>
/// <param name="Derived">Dimensions that the class computes as their defaults do.</param>
/// <param name="NemotronNas">The dimensions that Nemotron-NAS has layer by layer, or null.</param>
/// <param name="BiasFlags">After resolution: linears of a layer, by weight, and the key of config.json that gives them a bias.</param>
public sealed record HuggingFaceForms(EquatableArray<string> Derived, NemotronNasModel? NemotronNas, EquatableArray<NamedText> BiasFlags);

/// <summary>Dimensions of Nemotron-NAS.</summary>
public sealed record NemotronNasModel(string Heads, string KvHeads, string Ffn);

/// <summary>What Hugging Face calls an architecture.</summary>
/// <param name="ModelTypes">Values of <c>model_type</c> in config.json that the file describes.</param>
/// <param name="Class">For example <c>LlamaForCausalLM</c>.</param>
/// <param name="BasePrefix">What the names of weights start with in checkpoints of the whole model and not in those of the base model: <c>transformer</c>; null if all checkpoints agree.</param>
/// <param name="Ignore">Ends of the names of tensors that checkpoints may carry and the model does not need: <c>attn.bias</c>, a stored mask.</param>
public sealed record HuggingFaceModel(EquatableArray<string> ModelTypes, string Class, string? BasePrefix, EquatableArray<string> Ignore);

/// <summary>A named size.</summary>
/// <param name="Name">Name in the graph, for example <c>ffn</c>.</param>
/// <param name="Keys">Keys in config.json that may give it, for example <c>intermediate_size</c>; the first one found counts, and the first is written. None where the size is fixed.</param>
/// <param name="Default">Expression over other dimensions (<c>hidden / heads</c>, operators + - * / and integers) where the keys may be absent, else null.</param>
/// <param name="SameAs">After resolution, the dimension that this configuration makes it one with, because a linear between them vanished: it has that one's size and changes with it. Else null.</param>
public sealed record DimensionDefinition(string Name, EquatableArray<string> Keys, string? Default, string? SameAs = null)
{
    /// <summary>The key it is written under, or null where the size is fixed.</summary>
    public string? Key => Keys.Count > 0 ? Keys[0] : null;
}

/// <summary>A named number, flag or word that the forward pass uses.</summary>
/// <param name="Name">Name in the graph, for example <c>eps</c>.</param>
/// <param name="Keys">Keys in config.json that may give it, dotted where nested (<c>rope_scaling.factor</c>); the first one found counts.</param>
/// <param name="Default">Value where the keys may be absent, else null. A value that is all null switches off what reads it.</param>
/// <param name="Expression">Default as an expression over dimensions, <c>sqrt(hidden)</c>, or null.</param>
/// <param name="IsPresence">Whether it is the flag that says if config.json has the key at all (<c>{ has: key }</c>).</param>
public sealed record ConstantDefinition(string Name, EquatableArray<string> Keys, ConstantValue? Default, string? Expression = null, bool IsPresence = false)
{
    /// <summary>The key it is written under.</summary>
    public string Key => Keys[0];

    /// <summary>What <see cref="Expression"/> gives at these sizes; null where there is none or it has no value.</summary>
    public double? ValueAt(System.Func<string, int> sizeOf) =>
        Expression is null ? null : ConstantExpression.Parse(Expression)!.Evaluate(name => sizeOf(name), (_, _) => { });
}

/// <summary>A number, a flag or a word; one is set, or none for <c>null</c>.</summary>
public sealed record ConstantValue(double? Number, bool? Flag, string? Text = null)
{
    /// <summary>Whether it is <c>null</c>: what reads it is switched off.</summary>
    public bool IsNull => Number is null && Flag is null && Text is null;
}

/// <summary>
/// Tokens before <see cref="Start"/> see each other; positions are two: a token's place up to the mark, and its place behind
/// the start (ChatGLM's 2-D positions).
/// </summary>
/// <param name="Start">Constant with the id of the token that ends the prefix.</param>
/// <param name="Marks">Constants with the ids of the tokens that mark what is generated; the first that a sequence has counts.</param>
public sealed record PrefixDefinition(string Start, EquatableArray<string> Marks);

/// <summary>One node of the dataflow graph.</summary>
/// <param name="Name">Name that later nodes refer to.</param>
/// <param name="Op">Operation: see <see cref="GraphOps"/>.</param>
/// <param name="Inputs">Names of the nodes read, by role: <c>in</c> for plain inputs (several for add and mul), <c>q</c>, <c>k</c>, <c>v</c> for attention.</param>
/// <param name="Out">Dimensions of the last axis, outermost first: <c>[heads, head_dim]</c>; empty where the op keeps its input's.</param>
/// <param name="Weight">Name of the weight without <c>.weight</c>, below the layer's prefix inside a layer.</param>
/// <param name="Attributes">Further keys: a nested mapping <c>rope: { theta: theta }</c> becomes <c>rope.theta</c> = <c>theta</c>. A value is the name of a constant or dimension, or literal.</param>
/// <param name="Pack">Of a linear with several outputs, which are stored in one weight: which part this is; else null.</param>
/// <param name="When">Condition under which the node is there, as written; where it does not hold, the node's first input takes its place. Null after resolution.</param>
public sealed record GraphNode(
    string Name,
    string Op,
    EquatableArray<NodeInput> Inputs,
    EquatableArray<string> Out,
    string? Weight,
    EquatableArray<NodeAttribute> Attributes,
    PackPart? Pack = null,
    string? When = null)
{
    /// <summary>Whether it adds a bias, stored under <see cref="Weight"/> with <c>.bias</c> (after resolution).</summary>
    public bool HasBias => Attribute("bias") == "true";

    /// <summary>The node read under <paramref name="role"/>, the first if there are several.</summary>
    public string Input(string role = "in")
    {
        foreach (var input in Inputs)
        {
            if (input.Role == role)
            {
                return input.Node;
            }
        }

        throw new System.Collections.Generic.KeyNotFoundException($"{Name} has no input '{role}'");
    }

    /// <summary>Value of a further key, or null.</summary>
    public string? Attribute(string key)
    {
        foreach (var attribute in Attributes)
        {
            if (attribute.Key == key)
            {
                return attribute.Value;
            }
        }

        return null;
    }
}

/// <summary>
/// One output of a linear that stores several in one weight: <c>out: { q: [heads, head_dim], k: ..., v: ... }</c>. Each is a
/// node of its own in the graph.
/// </summary>
/// <param name="Name">Name of the linear, for example <c>qkv</c>.</param>
/// <param name="Parts">Names of the outputs, in the order of their rows.</param>
/// <param name="Interleaved">Dimension whose units take turns, each with its rows of every part (BLOOM's query_key_value by <c>heads</c>), or null where the parts follow each other whole.</param>
public sealed record PackPart(string Name, EquatableArray<string> Parts, string? Interleaved);

/// <summary>A node read by another.</summary>
public sealed record NodeInput(string Role, string Node);

/// <summary>A further key of a node, with its value as written.</summary>
public sealed record NodeAttribute(string Key, string Value);

/// <summary>What a recipe may cut: a unit's name (<c>mlp</c>) and the dimension that counts it (<c>ffn</c>).</summary>
public sealed record UnitDefinition(string Name, string Dimension);

/// <summary>Values that a key of config.json may have; the key may be absent.</summary>
/// <param name="Key">Key in config.json, dotted where nested.</param>
/// <param name="Accepted">The values as JSON writes them: <c>"silu"</c>, <c>false</c>, <c>null</c>.</param>
public sealed record RequirementDefinition(string Key, EquatableArray<string> Accepted);
