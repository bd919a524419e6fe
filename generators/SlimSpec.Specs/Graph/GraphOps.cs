using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>The operations that a graph may use: the one table of them.</summary>
public static class GraphOps
{
    private const string Elementwise = "The output's axis is the input's.";
    private const string TiesBoth = "Input and output: a channel of one is that channel of the other.";

    private static readonly NumberType Epsilon = new(0, 1, excludesMinimum: true);
    private static readonly NumberType Factor = new(-1e6, 1e6);
    private static readonly NumberType Positive = new(0, 1e9, excludesMinimum: true);
    private static readonly NumberType RopeBase = new(1, 1e15, excludesMinimum: true);
    private static readonly NumberType Count = new(1, 1_000_000_000, isWhole: true);

    private static readonly OpInput[] One = [new("in", "The node to transform.")];
    private static readonly OpInput[] Several = [new("in", "The nodes to combine, of equal axes.", 2, 8)];

    /// <summary>Words that a configuration has for activations, and the operations they mean.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Functions { get; } =
    [
        new("silu", "silu"), new("swish", "silu"),
        new("gelu", "gelu"),
        new("gelu_new", "gelu_tanh"), new("gelu_pytorch_tanh", "gelu_tanh"), new("gelu_fast", "gelu_tanh"), new("gelu_tanh", "gelu_tanh"),
        new("relu", "relu"),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OpDefinition> All { get; } =
    [
        new("embedding", GraphSections.Embedding, "Rows of a table, by token id or by position.")
        {
            Inputs = [new("in", "ids, the token ids, or positions, the places of the tokens in their sequence, from 0.")],
            Attributes =
            [
                new("rows", AttributeKind.Dimension, "Number of rows: vocab for ids, positions for positions.") { IsRequired = true },
                new("offset", AttributeKind.Literal, "Rows in front of the first position's, which are stored and not read (OPT: 2); for positions only.") { Range = new(0, 1_000_000, isWhole: true), Default = "0" },
            ],
            Axes = "The output's axis is out.",
            Weight = "A table [rows + offset, out], stored as it is.",
            Ties = "Nothing across the node; a tied head shares its table and with it out.",
        },
        new("linear", GraphSections.All, "A matrix product, with or without bias; with several outputs, one stored weight that gives them all.")
        {
            Inputs = One,
            Attributes =
            [
                new("bias", AttributeKind.Flag, "Whether a bias is added, stored under the weight's name with .bias.") { Default = "false" },
                new("layout", AttributeKind.Word, "How the checkpoint stores the matrix: out_in, or in_out as the Conv1D of GPT-2 does.") { Choices = ["out_in", "in_out"], Default = "out_in" },
                new("interleaved", AttributeKind.Dimension, "Of a weight with several outputs: the dimension whose units take turns, each with its rows of every output; where absent the outputs follow each other whole."),
                new("tied.when", AttributeKind.Condition, "When the weight is the embedding's table.") { IsRequired = true },
                new("tied.to", AttributeKind.EmbeddingWeight, "The embedding's weight that it then shares; in the head only.") { IsRequired = true },
            ],
            Axes = "out is one dimension, several such as [heads, head_dim], or a mapping of node names to either, each of which becomes a node.",
            Weight = "A matrix [out, in], with layout in_out [in, out]; several outputs follow each other in the rows, and the bias, if any, is [out].",
            Ties = "Nothing: rows go with the output's axis, columns with the input's.",
        },
        new("rms_norm", GraphSections.All, "Root mean square normalisation over the last axis, scaled by the weight.")
        {
            Inputs = One,
            Attributes =
            [
                new("eps", AttributeKind.Number, "What is added to the mean square.") { Range = Epsilon, IsRequired = true },
                new("offset", AttributeKind.Number, "What is added to the weight before it scales (Gemma: 1).") { Range = Factor, Default = "0" },
            ],
            OutputOf = "in",
            Axes = Elementwise,
            Weight = "A vector over the axis.",
            Ties = "Input, output and weight, channel by channel.",
        },
        new("layer_norm", GraphSections.All, "Layer normalisation over the last axis: mean and variance, scale and bias.")
        {
            Inputs = One,
            Attributes =
            [
                new("eps", AttributeKind.Number, "What is added to the variance.") { Range = Epsilon, IsRequired = true },
                new("bias", AttributeKind.Flag, "Whether a bias is added, stored under the weight's name with .bias.") { Default = "true" },
            ],
            OutputOf = "in",
            Axes = Elementwise,
            Weight = "A vector over the axis; the bias, if any, is another.",
            Ties = "Input, output, weight and bias, channel by channel.",
        },
        new("scale", GraphSections.All, "Multiplies by a number.")
        {
            Inputs = One,
            Attributes = [new("by", AttributeKind.Number, "The number; null leaves the node out.") { Range = Factor, IsRequired = true, MayBeNull = true }],
            OutputOf = "in",
            Axes = Elementwise,
            Ties = TiesBoth,
        },
        new("add", GraphSections.All, "Sum of equal shapes.") { Inputs = Several, OutputOf = "in", Axes = Elementwise, Ties = "All inputs and the output." },
        new("mul", GraphSections.All, "Product of equal shapes, element by element.") { Inputs = Several, OutputOf = "in", Axes = Elementwise, Ties = "All inputs and the output." },
        new("silu", GraphSections.All, "x * sigmoid(x).") { Inputs = One, OutputOf = "in", Axes = Elementwise, Ties = TiesBoth },
        new("gelu", GraphSections.All, "Gaussian error linear unit, exact.") { Inputs = One, OutputOf = "in", Axes = Elementwise, Ties = TiesBoth },
        new("gelu_tanh", GraphSections.All, "Gaussian error linear unit, approximated with tanh.") { Inputs = One, OutputOf = "in", Axes = Elementwise, Ties = TiesBoth },
        new("relu", GraphSections.All, "max(x, 0).") { Inputs = One, OutputOf = "in", Axes = Elementwise, Ties = TiesBoth },
        new("activation", GraphSections.All, "The activation that a word names; in a recipe it is that operation.")
        {
            Inputs = One,
            Attributes = [new("function", AttributeKind.WordConstant, "The word, or a constant that is one.") { Choices = [.. Functions.Select(function => function.Key)], IsRequired = true }],
            OutputOf = "in",
            Axes = Elementwise,
            Ties = TiesBoth,
        },
        Attention(),
        new("choose", GraphSections.All, "The first of two nodes where its condition holds, else the second; in a recipe it is the one chosen.")
        {
            Inputs = [new("in", "The two nodes, of equal axes.", 2, 2)],
            OutputOf = "in",
            Axes = Elementwise,
            Ties = "Both inputs and the output.",
        },
    ];

    /// <summary>The operation of that name, or null.</summary>
    public static OpDefinition? Find(string name) => All.FirstOrDefault(op => op.Name == name);

    private static OpDefinition Attention() => new("attention", GraphSections.Layer, "Causal attention by heads, queries in groups over KV heads, scores divided by the square root of the head's size.")
    {
        Inputs =
        [
            new("q", "Queries, [heads, head_dim]."),
            new("k", "Keys, [kv_heads, head_dim]; kv_heads divides heads, or is the same dimension."),
            new("v", "Values, of the keys' axis."),
        ],
        Attributes =
        [
            new("rope.theta", AttributeKind.Number, "Base of the rotary frequencies.") { Range = RopeBase, IsRequired = true },
            new("rope.dims", AttributeKind.Dimension, "How many channels of each head are rotated, the first ones; all where this and fraction are absent."),
            new("rope.fraction", AttributeKind.Number, "Which part of each head is rotated, its first channels.") { Range = new(0, 1, excludesMinimum: true) },
            new("rope.style", AttributeKind.Word, "Which channels make a pair: half, a channel and the one half the rotated ones behind it, or interleaved, neighbours.") { Choices = ["half", "interleaved"], Default = "half" },
            new("rope.planes", AttributeKind.Literal, "1, or 2 where the head's first half turns with the place up to the mark and the second with the place behind it (ChatGLM); 2 needs the architecture's prefix.") { Range = new(1, 2, isWhole: true), Default = "1" },
            new("rope.frequencies", AttributeKind.Word, "Precision in which the frequencies are kept.") { Choices = ["float32", "float16"], Default = "float32" },
            new("rope.scaling", AttributeKind.WordConstant, "How positions are scaled: none or default, linear, or llama3; null is none.") { Choices = ["none", "default", "linear", "llama3"], Default = "none", MayBeNull = true },
            new("rope.factor", AttributeKind.Number, "Factor of the scaling; linear and llama3 need it.") { Range = Positive, MayBeNull = true },
            new("rope.low_freq_factor", AttributeKind.Number, "Llama 3's factor of low frequencies; llama3 needs it.") { Range = Positive, MayBeNull = true },
            new("rope.high_freq_factor", AttributeKind.Number, "Llama 3's factor of high frequencies; llama3 needs it.") { Range = Positive, MayBeNull = true },
            new("rope.original_positions", AttributeKind.Number, "Positions that the model was first trained on; llama3 needs it.") { Range = Count, MayBeNull = true },
            new("rope.when", AttributeKind.Condition, "When queries and keys are rotated; always where absent."),
            new("alibi.slopes", AttributeKind.Weight, "Name under which the heads' slopes are kept once heads are cut, so that each keeps its own.") { IsRequired = true },
            new("alibi.when", AttributeKind.Condition, "When scores are lowered by slope times distance; always where absent."),
            new("window", AttributeKind.Number, "How many positions a token sees, itself included; null is all of them.") { Range = Count, MayBeNull = true },
        ],
        OutputOf = "q",
        Axes = "The output's axis is the queries'.",
        Ties = "Keys, values and, where their dimension is another, groups of query heads, KV head by KV head; queries and output.",
    };
}
