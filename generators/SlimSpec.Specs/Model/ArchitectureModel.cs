namespace SlimSpec.Specs;

/// <summary>A model family as its <c>.arch.yaml</c> says it: values only, no positions.</summary>
/// <param name="Name">Name that recipes use, for example <c>llama</c>.</param>
/// <param name="ModelTypes">Values of <c>model_type</c> in config.json that this file describes.</param>
/// <param name="HuggingFaceClass">For example <c>LlamaForCausalLM</c>.</param>
/// <param name="Dimensions">Named sizes.</param>
/// <param name="Constants">Named numbers and flags.</param>
/// <param name="Embedding">Nodes from <c>ids</c> to the residual stream.</param>
/// <param name="LayerPrefix">What layer weights' names start with, before the layer number: <c>model.layers</c>.</param>
/// <param name="Layer">Nodes of one layer; <c>x</c> is its input, the last node its output.</param>
/// <param name="Head">Nodes from the residual stream <c>x</c> to the logits, which the last node gives.</param>
/// <param name="Units">What may be cut.</param>
/// <param name="Requires">What config.json must say where it has the key, because the graph takes it for granted.</param>
public sealed record ArchitectureModel(
    string Name,
    EquatableArray<string> ModelTypes,
    string HuggingFaceClass,
    EquatableArray<DimensionDefinition> Dimensions,
    EquatableArray<ConstantDefinition> Constants,
    EquatableArray<GraphNode> Embedding,
    string LayerPrefix,
    EquatableArray<GraphNode> Layer,
    EquatableArray<GraphNode> Head,
    EquatableArray<UnitDefinition> Units,
    EquatableArray<RequirementDefinition> Requires);

/// <summary>A named size.</summary>
/// <param name="Name">Name in the graph, for example <c>ffn</c>.</param>
/// <param name="Key">Key in config.json, for example <c>intermediate_size</c>.</param>
/// <param name="Default">Expression over other dimensions (<c>hidden / heads</c>, operators + - * / and integers) where the key may be absent, else null.</param>
public sealed record DimensionDefinition(string Name, string Key, string? Default);

/// <summary>A named number or flag that the forward pass uses.</summary>
/// <param name="Name">Name in the graph, for example <c>eps</c>.</param>
/// <param name="Key">Key in config.json.</param>
/// <param name="Default">Value where the key may be absent, else null.</param>
public sealed record ConstantDefinition(string Name, string Key, ConstantValue? Default);

/// <summary>A number or a flag; exactly one is set.</summary>
public sealed record ConstantValue(double? Number, bool? Flag);

/// <summary>One node of the dataflow graph.</summary>
/// <param name="Name">Name that later nodes refer to.</param>
/// <param name="Op">Operation: see <see cref="GraphOps"/>.</param>
/// <param name="Inputs">Names of the nodes read, by role: <c>in</c> for plain inputs (several for add and mul), <c>q</c>, <c>k</c>, <c>v</c> for attention.</param>
/// <param name="Out">Dimensions of the last axis, outermost first: <c>[heads, head_dim]</c>; empty where the op keeps its input's.</param>
/// <param name="Weight">Name of the weight without <c>.weight</c>, below the layer's prefix inside a layer.</param>
/// <param name="Attributes">Further keys: a nested mapping <c>rope: { theta: theta }</c> becomes <c>rope.theta</c> = <c>theta</c>.</param>
public sealed record GraphNode(
    string Name,
    string Op,
    EquatableArray<NodeInput> Inputs,
    EquatableArray<string> Out,
    string? Weight,
    EquatableArray<NodeAttribute> Attributes)
{
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

/// <summary>A node read by another.</summary>
public sealed record NodeInput(string Role, string Node);

/// <summary>A further key of a node, with its value as written.</summary>
public sealed record NodeAttribute(string Key, string Value);

/// <summary>What a recipe may cut: a unit's name (<c>mlp</c>) and the dimension that counts it (<c>ffn</c>).</summary>
public sealed record UnitDefinition(string Name, string Dimension);

/// <summary>Values that a key of config.json may have; the key may be absent.</summary>
/// <param name="Key">Key in config.json.</param>
/// <param name="Accepted">The values as JSON writes them: <c>"silu"</c>, <c>false</c>, <c>null</c>.</param>
public sealed record RequirementDefinition(string Key, EquatableArray<string> Accepted);
