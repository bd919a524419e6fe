namespace SlimSpec.Specs;

/// <summary>A cut of <c>prune:</c>. Enumerations are kept as the words of the spec; layers are those of the model as the cut finds it.</summary>
/// <param name="Seed">Seed of everything random.</param>
public abstract record CutModel(int Seed);

/// <summary>A cut with <c>cut: width</c>.</summary>
/// <param name="Targets">Units to cut: several of layers, or one of the whole model.</param>
/// <param name="Score">The importance score.</param>
/// <param name="Order">The Taylor expansion.</param>
/// <param name="Reduce">How the scores of weights that are cut together become one.</param>
/// <param name="Sparsity">Fraction to remove; where it differs between layers, the mean; null where the constraints say it and only scores can tell.</param>
/// <param name="LayerSparsity">By unit, one for each of <paramref name="Layers"/>, or null where all are alike. With scope global, 0 is a layer that is not ranked.</param>
/// <param name="Scope">What is ranked together.</param>
/// <param name="Normalize">What is done to scores before.</param>
/// <param name="Compensate">What makes up for cut channels.</param>
/// <param name="Layers">Layers to cut; none for a unit of the whole model.</param>
/// <param name="RoundTo">Kept channel counts are multiples of this.</param>
/// <param name="Steps">Number of steps.</param>
/// <param name="Seed">Seed of everything random.</param>
public sealed record WidthCutModel(
    EquatableArray<string> Targets,
    string Score,
    string Order,
    string Reduce,
    double? Sparsity,
    EquatableArray<UnitSparsity>? LayerSparsity,
    string Scope,
    string Normalize,
    string Compensate,
    EquatableArray<int> Layers,
    int RoundTo,
    int Steps,
    int Seed) : CutModel(Seed);

/// <summary>The sparsity of a unit in each layer of its cut.</summary>
public sealed record UnitSparsity(string Unit, EquatableArray<double> Values);

/// <summary>A cut with <c>cut: depth</c>.</summary>
/// <param name="Unit"><c>block</c>, or the unit whose branch goes.</param>
/// <param name="Score">The score, or null where the layers are listed.</param>
/// <param name="Keep">How many layers keep it.</param>
/// <param name="Kept">Which, where no score is needed to tell.</param>
/// <param name="Candidates">Layers that may lose it.</param>
/// <param name="Search">How layers are chosen by their scores.</param>
/// <param name="Seed">Seed of everything random.</param>
public sealed record DepthCutModel(
    string Unit,
    string? Score,
    int Keep,
    EquatableArray<int>? Kept,
    EquatableArray<int> Candidates,
    string Search,
    int Seed) : CutModel(Seed)
{
    /// <summary>The unit that stands for whole layers.</summary>
    public const string Block = "block";
}

/// <summary><c>constraints:</c>.</summary>
public sealed record ConstraintsModel(long? Params, long? Macs, double? MemoryMb, double? KvCacheMb, string Dtype, int BatchSize, int SequenceLen);

/// <summary>The sizes of one layer that a cut can change.</summary>
public sealed record LayerSizes(EquatableArray<DimensionValue> Sizes)
{
    /// <summary>The size of a dimension.</summary>
    public int Of(string dimension)
    {
        foreach (var size in Sizes)
        {
            if (size.Name == dimension)
            {
                return size.Size;
            }
        }

        throw new System.Collections.Generic.KeyNotFoundException($"No cut changes '{dimension}'.");
    }
}
