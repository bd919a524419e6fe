using System.Collections.Generic;

namespace SlimSpec.Specs;

/// <summary>What all cuts have.</summary>
public static class CutKeys
{
    /// <summary>The word of <see cref="WidthCutKeys"/>.</summary>
    public const string Width = "width";

    /// <summary>The word of <see cref="DepthCutKeys"/>.</summary>
    public const string Depth = "depth";

    /// <summary>The kind of cut.</summary>
    public static readonly Key<string> Cut = Key.Required("cut", new WordType(Width, Depth), "Kind of cut.");

    /// <summary>Layers to leave whole.</summary>
    public static readonly Key<Section> Protect = Key.Optional("protect", new SectionType(ProtectKeys.Definition), "Layers to leave whole.");
}

/// <summary>A cut with <c>cut: width</c>.</summary>
public static class WidthCutKeys
{
    /// <summary>The units to cut.</summary>
    public static readonly Key<IReadOnlyList<Located<string>>> Targets = Key.Required("targets", new ListType<string>(new TextType("a unit of the architecture"), "a list of units such as [mlp, attention]"), "Units to cut.");

    /// <summary>The importance score.</summary>
    public static readonly Key<string> Score = Key.Default("score", new WordType("random", "l1", "l2", "taylor", "wanda", "flap", "activation"), "taylor", "Importance score.");

    /// <summary>The Taylor expansion.</summary>
    public static readonly Key<string> Order = Key.Default("order", new WordType("vector", "first", "second", "mix"), "first", "Which Taylor expansion; for score taylor only.");

    /// <summary>The reduction over members.</summary>
    public static readonly Key<string> Reduce = Key.Default("reduce", new WordType("sum", "mean", "max", "prod", "first", "last"), "sum", "How the scores of weights that are cut together become one; for scores of weights only.");

    /// <summary>The fraction to remove.</summary>
    public static readonly Key<SparsityChoice> Sparsity = Key.Optional("sparsity", new SparsityType(), "Fraction to remove: of each layer's units, or with scope global of the parameters that the cut's units hold; solved from the constraints where absent.");

    /// <summary>What is ranked together.</summary>
    public static readonly Key<string> Scope = Key.Default("scope", new WordType("layer", "global"), "layer", "What is ranked together: each layer's units by themselves, or all units of the cut.");

    /// <summary>What is done to scores before they are ranked together.</summary>
    public static readonly Key<string> Normalize = Key.Optional("normalize", new WordType("none", "parameters", "mean", "max", "standard"), "What is done to scores before they are ranked together, with scope global: parameters by default, standard for score flap.");

    /// <summary>What makes up for cut channels.</summary>
    public static readonly Key<string> Compensate = Key.Default("compensate", new WordType("none", "bias"), "none", "What makes up for cut channels: nothing, or their mean output as a bias.");

    /// <summary>The layers.</summary>
    public static readonly Key<LayerChoice> Layers = Key.Optional("layers", new LayersByUnitType(), "Layers to cut, counted from 0, ends included; all where absent.");

    /// <summary>The multiple to keep.</summary>
    public static readonly Key<int> RoundTo = Key.Default("round_to", new IntegerType(1, 65536), 1, "Kept channel counts are rounded up to a multiple of this; heads are never split.");

    /// <summary>The number of steps.</summary>
    public static readonly Key<int> Steps = Key.Default("steps", new IntegerType(1, 1000), 1, "Number of steps; scores are taken anew before each.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("Removes channels and heads.", [CutKeys.Cut, Targets, Score, Order, Reduce, Sparsity, Scope, Normalize, Compensate, Layers, CutKeys.Protect, RoundTo, Steps, DataKeys.Seed]);
}

/// <summary>An item of a list under <c>sparsity:</c>.</summary>
public static class SparsityRuleKeys
{
    /// <summary>The units.</summary>
    public static readonly Key<IReadOnlyList<Located<string>>> Targets = Key.Optional("targets", new ListType<string>(new TextType("a target of the cut"), "a list of targets of the cut"), "Targets that it is for; all where absent.");

    /// <summary>The layers.</summary>
    public static readonly Key<IReadOnlyList<Located<LayerRange>>> Layers = Key.Optional("layers", new LayersType(), "Layers that it is for, counted from 0, ends included; all where absent.");

    /// <summary>The fraction to remove.</summary>
    public static readonly Key<double> Value = Key.Required("value", new NumberType(0, 1, excludesMaximum: true), "Fraction to remove of each of these layers' units; 0 leaves them whole.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("The sparsity of some layers; the first that fits a layer counts.", [Targets, Layers, Value]);
}

/// <summary><c>sparsity:</c> that changes from layer to layer.</summary>
public static class SparsityGradientKeys
{
    /// <summary>The values.</summary>
    public static readonly Key<IReadOnlyList<double>> Gradient = Key.Required("gradient", new NumbersType(2, "a list of two or more numbers of at least 0 and below 1"), "Fractions from the first layer to the last, in equal distances, with straight lines between them.");

    /// <summary>The one.</summary>
    public static readonly SectionDefinition Definition = new("A sparsity that changes from the first layer to the last.", [Gradient]);
}

/// <summary>A cut with <c>cut: depth</c>.</summary>
public static class DepthCutKeys
{
    /// <summary>What goes.</summary>
    public static readonly Key<string> Unit = Key.Default("unit", new TextType("block or a unit of the architecture"), "block", "What layers lose: all (block), or the branch of a unit: attention, mlp.");

    /// <summary>The score.</summary>
    public static readonly Key<string> Score = Key.Optional("score", new WordType("first", "last", "block_influence", "angular", "perplexity", "taylor", "magnitude", "random"), "How layers are chosen; not with layers.");

    /// <summary>How many stay.</summary>
    public static readonly Key<int> Keep = Key.Optional("keep", new IntegerType(1, 1_000_000), "Number of layers that keep it.");

    /// <summary>How many go.</summary>
    public static readonly Key<int> Remove = Key.Optional("remove", new IntegerType(1, 1_000_000), "Number of layers that lose it.");

    /// <summary>The fraction that goes.</summary>
    public static readonly Key<double> Sparsity = Key.Optional("sparsity", new NumberType(0, 1, excludesMinimum: true, excludesMaximum: true), "Fraction of the layers that lose it, rounded down to whole ones.");

    /// <summary>The layers that stay.</summary>
    public static readonly Key<IReadOnlyList<Located<LayerRange>>> Layers = Key.Optional("layers", new LayersType(), "Layers that keep it, counted from 0, ends included.");

    /// <summary>How layers are chosen by their scores.</summary>
    public static readonly Key<string> Search = Key.Default("search", new WordType("one_shot", "greedy"), "one_shot", "Whether layers go all at once, or one after another with new scores.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("Removes layers, or one of the branches in them.", [CutKeys.Cut, Unit, Score, Keep, Remove, Sparsity, Layers, Search, CutKeys.Protect, DataKeys.Seed]);
}

/// <summary><c>protect:</c> of a cut.</summary>
public static class ProtectKeys
{
    /// <summary>Layers at the start.</summary>
    public static readonly Key<int> First = Key.Default("first", new IntegerType(0, 1_000_000), 0, "Number of layers at the start to leave whole.");

    /// <summary>Layers at the end.</summary>
    public static readonly Key<int> Last = Key.Default("last", new IntegerType(0, 1_000_000), 0, "Number of layers at the end to leave whole.");

    /// <summary>Both.</summary>
    public static readonly SectionDefinition Definition = new("Layers to leave whole.", [First, Last]);
}

/// <summary><c>constraints:</c>.</summary>
public static class ConstraintKeys
{
    /// <summary>Parameters.</summary>
    public static readonly Key<double> Params = Key.Optional("params", new QuantityType(), "Parameters of the whole model at most, such as 6B.");

    /// <summary>Multiply-accumulates.</summary>
    public static readonly Key<double> Macs = Key.Optional("macs", new QuantityType(), "Multiply-accumulates of a forward pass over 64 tokens at most, such as 400G.");

    /// <summary>Bytes of weights.</summary>
    public static readonly Key<double> MemoryMb = Key.Optional("memory_mb", new NumberType(0, 1e12, excludesMinimum: true), "Megabytes (2^20 bytes) of weights at most.");

    /// <summary>Bytes of the cache.</summary>
    public static readonly Key<double> KvCacheMb = Key.Optional("kv_cache_mb", new NumberType(0, 1e12, excludesMinimum: true), "Megabytes (2^20 bytes) of keys and values at most.");

    /// <summary>The number format.</summary>
    public static readonly Key<string> Dtype = Key.Default("dtype", new WordType("float32", "float16", "bfloat16"), "float16", "Number format that memory is counted in.");

    /// <summary>Sequences in the cache.</summary>
    public static readonly Key<int> BatchSize = Key.Default("batch_size", new IntegerType(1, 65536), 1, "Sequences in the cache.");

    /// <summary>Tokens of each.</summary>
    public static readonly Key<int> SequenceLen = Key.Default("sequence_len", new IntegerType(1, 16_777_216), 2048, "Tokens of each sequence in the cache.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("What the slim model may cost at most.", [Params, Macs, MemoryMb, KvCacheMb, Dtype, BatchSize, SequenceLen]);
}
