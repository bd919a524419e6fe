using System.Collections.Generic;

namespace SlimSpec.Specs;

/// <summary>A cut with <c>cut: width</c>.</summary>
public static class WidthCutKeys
{
    /// <summary>The kind of cut.</summary>
    public static readonly Key<string> Cut = Key.Required("cut", new WordType("width"), "Kind of cut.");

    /// <summary>The units to cut.</summary>
    public static readonly Key<IReadOnlyList<Located<string>>> Targets = Key.Required("targets", new ListType<string>(new TextType("a unit of the architecture"), "a list of units such as [mlp, attention]"), "Units to cut.");

    /// <summary>The importance score.</summary>
    public static readonly Key<string> Score = Key.Default("score", new WordType("random", "l1", "l2", "taylor", "wanda", "flap", "activation"), "taylor", "Importance score.");

    /// <summary>The Taylor expansion.</summary>
    public static readonly Key<string> Order = Key.Default("order", new WordType("vector", "first", "second", "mix"), "first", "Which Taylor expansion; for score taylor only.");

    /// <summary>The reduction over members.</summary>
    public static readonly Key<string> Reduce = Key.Default("reduce", new WordType("sum", "mean", "max", "prod", "first", "last"), "sum", "How the scores of weights that are cut together become one.");

    /// <summary>The fraction to remove.</summary>
    public static readonly Key<double> Sparsity = Key.Required("sparsity", new NumberType(0, 1, excludesMinimum: true, excludesMaximum: true), "Fraction of each layer's units to remove.");

    /// <summary>What is ranked together.</summary>
    public static readonly Key<string> Scope = Key.Default("scope", new WordType("layer"), "layer", "What is ranked together.");

    /// <summary>The layers.</summary>
    public static readonly Key<IReadOnlyList<Located<LayerRange>>> Layers = Key.Optional("layers", new LayersType(), "Layers to cut, counted from 0, ends included; all where absent.");

    /// <summary>Layers to leave whole.</summary>
    public static readonly Key<Section> Protect = Key.Optional("protect", new SectionType(ProtectKeys.Definition), "Layers to leave whole.");

    /// <summary>The multiple to keep.</summary>
    public static readonly Key<int> RoundTo = Key.Default("round_to", new IntegerType(1, 65536), 1, "Kept channel counts are rounded up to a multiple of this; heads are never split.");

    /// <summary>The number of steps.</summary>
    public static readonly Key<int> Steps = Key.Default("steps", new IntegerType(1, 1000), 1, "Number of steps; scores are taken anew before each.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("Removes channels and heads.", [Cut, Targets, Score, Order, Reduce, Sparsity, Scope, Layers, Protect, RoundTo, Steps, DataKeys.Seed]);
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
