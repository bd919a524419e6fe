using System.Text.Json.Serialization;

namespace SlimSpec;

/// <summary>One cut of <c>prune:</c>. Layer numbers are those of the model as the cut finds it, after the cuts before it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "cut")]
[JsonDerivedType(typeof(WidthCut), "width")]
[JsonDerivedType(typeof(DepthCut), "depth")]
public abstract record PruneCut
{
    /// <summary>Seed of everything random in this cut.</summary>
    public int Seed { get; init; }
}

/// <summary>Importance score of a width cut.</summary>
public enum WidthScore
{
    /// <summary>A uniform random number per unit.</summary>
    Random,

    /// <summary>Sum of absolute weights.</summary>
    L1,

    /// <summary>Sum of squared weights.</summary>
    L2,

    /// <summary>Taylor expansion of the loss (LLM-Pruner, section 3.2).</summary>
    Taylor,

    /// <summary>Mean absolute weight times the norm of its input (Wanda-sp: An et al. 2024, after Sun et al. 2024).</summary>
    Wanda,

    /// <summary>Variance of the input times the squared norm of the weights that read it (FLAP, WIFV: An et al. 2024, section 3.2).</summary>
    Flap,

    /// <summary>Mean absolute activation of each sample, by the L2 norm over samples (Minitron: Muralidharan et al. 2024, section 2.2).</summary>
    Activation,
}

/// <summary>Which Taylor expansion.</summary>
public enum TaylorOrder
{
    /// <summary>|sum of w*g| over a channel (Vector).</summary>
    Vector,

    /// <summary>Sum of |w*g| (Element1, <c>param_first</c>).</summary>
    First,

    /// <summary>Sum of |w*A*w| with A the mean squared gradient of single examples (Element2, <c>param_second</c>).</summary>
    Second,

    /// <summary>Sum of |w*g - w*A*w/2| (<c>param_mix</c>).</summary>
    Mix,
}

/// <summary>How member scores become one score.</summary>
public enum GroupReduction
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The largest.</summary>
    Max,

    /// <summary>Their product.</summary>
    Prod,

    /// <summary>The first member's.</summary>
    First,

    /// <summary>The last member's: the one that writes to the residual stream.</summary>
    Last,
}

/// <summary>Among which units the least important ones are chosen.</summary>
public enum RankingScope
{
    /// <summary>Each structure of each layer by itself.</summary>
    Layer,

    /// <summary>All units of a cut together.</summary>
    Global,
}

/// <summary>What is done to scores before units of several layers and structures are ranked together.</summary>
public enum ScoreNormalization
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Divided by the parameters that go with the unit: importance for each parameter saved.</summary>
    Parameters,

    /// <summary>Divided by the mean of the structure's scores in the layer.</summary>
    Mean,

    /// <summary>Divided by the largest of the structure's scores in the layer.</summary>
    Max,

    /// <summary>Less the mean, divided by the standard deviation of the structure's scores in the layer.</summary>
    Standard,
}

/// <summary>What makes up for cut channels without training.</summary>
public enum Compensation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Their mean output, added to the bias of the linear that read them (FLAP, section 3.4).</summary>
    Bias,
}

/// <summary>A width cut (<c>cut: width</c>).</summary>
public sealed record WidthCut : PruneCut
{
    /// <summary>Units to cut: <c>mlp</c>, <c>attention</c>.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>The importance score.</summary>
    public WidthScore Score { get; init; } = WidthScore.Taylor;

    /// <summary>Which Taylor expansion, for <see cref="WidthScore.Taylor"/>.</summary>
    public TaylorOrder Order { get; init; } = TaylorOrder.First;

    /// <summary>Reduction over the members of a structure.</summary>
    public GroupReduction Reduce { get; init; } = GroupReduction.Sum;

    /// <summary>
    /// Fraction to remove: of each layer's units, or with <see cref="RankingScope.Global"/> of the parameters that the cut's units hold. Null: as
    /// much as the constraints ask for, which only the scores can tell.
    /// </summary>
    public required double? Sparsity { get; init; }

    /// <summary>By unit, the sparsity in each of <see cref="Layers"/>, where it is not the same everywhere; 0 leaves a layer whole. Null: <see cref="Sparsity"/> everywhere.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>>? LayerSparsity { get; init; }

    /// <summary>Among which units the least important ones are chosen.</summary>
    public RankingScope Scope { get; init; }

    /// <summary>What is done to scores before they are ranked, with <see cref="RankingScope.Global"/>.</summary>
    public ScoreNormalization Normalize { get; init; }

    /// <summary>What makes up for cut channels.</summary>
    public Compensation Compensate { get; init; }

    /// <summary>Layers to cut, 0-based, protected ones already left out; none for a unit of the whole model.</summary>
    public required IReadOnlyList<int> Layers { get; init; }

    /// <summary>Kept channel counts are rounded up to a multiple of this; heads are never split.</summary>
    public int RoundTo { get; init; } = 1;

    /// <summary>Number of steps; scores are taken anew before each, on fresh samples.</summary>
    public int Steps { get; init; } = 1;
}

/// <summary>Importance score of a depth cut.</summary>
public enum DepthScore
{
    /// <summary>The first layers stay (Yuan et al. 2024, "Why Lift so Heavy?").</summary>
    First,

    /// <summary>The last layers stay.</summary>
    Last,

    /// <summary>How much a layer turns the residual stream: 1 - cos(input, output), mean over tokens (ShortGPT: Men et al. 2024).</summary>
    BlockInfluence,

    /// <summary>The angle between input and output of a run of layers, at the last token; the run that turns least goes (Gromov et al. 2024).</summary>
    Angular,

    /// <summary>The calibration loss without the layer (Shortened LLaMA: Kim et al. 2024; SLEB: Song et al. 2024).</summary>
    Perplexity,

    /// <summary>Sum of |w*g| over the layer's weights (Shortened LLaMA, Taylor+).</summary>
    Taylor,

    /// <summary>Sum of |w| over the layer's weights.</summary>
    Magnitude,

    /// <summary>A uniform random number per layer.</summary>
    Random,
}

/// <summary>How layers are chosen by their scores.</summary>
public enum DepthSearch
{
    /// <summary>All at once.</summary>
    OneShot,

    /// <summary>One after another, scored anew without those that are gone (SLEB).</summary>
    Greedy,
}

/// <summary>A depth cut (<c>cut: depth</c>): whole layers go, or one of the two branches in them.</summary>
public sealed record DepthCut : PruneCut
{
    /// <summary>The unit that stands for whole layers.</summary>
    public const string Block = "block";

    /// <summary>What goes: <see cref="Block"/>, or the branch of a unit: <c>attention</c>, <c>mlp</c>.</summary>
    public string Unit { get; init; } = Block;

    /// <summary>The score; null where the spec lists the layers.</summary>
    public DepthScore? Score { get; init; }

    /// <summary>How many layers keep the unit.</summary>
    public required int Keep { get; init; }

    /// <summary>Which layers keep the unit, where no score is needed to tell: listed ones, the first or the last.</summary>
    public IReadOnlyList<int>? Kept { get; init; }

    /// <summary>Layers that may lose the unit, 0-based: protected ones are left out.</summary>
    public required IReadOnlyList<int> Candidates { get; init; }

    /// <summary>How layers are chosen by their scores.</summary>
    public DepthSearch Search { get; init; }
}

/// <summary>What the slim model may cost at most (<c>constraints:</c>); null where the spec does not say.</summary>
public sealed record PruningConstraints
{
    /// <summary>Parameters of the whole model.</summary>
    public long? Params { get; init; }

    /// <summary>Multiply-accumulates of one forward pass over one sequence of 64 tokens, as LLM-Pruner's tables count them.</summary>
    public long? Macs { get; init; }

    /// <summary>Megabytes (2^20 bytes) of weights in <see cref="Dtype"/>.</summary>
    public double? MemoryMb { get; init; }

    /// <summary>Megabytes (2^20 bytes) of keys and values of <see cref="BatchSize"/> sequences of <see cref="SequenceLen"/> tokens in <see cref="Dtype"/>.</summary>
    public double? KvCacheMb { get; init; }

    /// <summary>Number format that memory is counted in: <c>float32</c>, <c>float16</c> or <c>bfloat16</c>.</summary>
    public string Dtype { get; init; } = "float16";

    /// <summary>Sequences in the cache.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Tokens of each.</summary>
    public int SequenceLen { get; init; } = 2048;
}
