namespace SlimSpec;

/// <summary>How the models of an architecture are said in GGUF, llama.cpp's file format.</summary>
/// <param name="Uniform">The graph of llama.cpp for layers of one size.</param>
/// <param name="Uneven">The graph that takes sizes layer by layer; null: there is none.</param>
public sealed record GgufLayout(GgufGraph Uniform, GgufGraph? Uneven)
{
    /// <summary>Why the compiled model is none that llama.cpp's graph computes, whatever its sizes; null: it is one.</summary>
    public string? Refusal { get; init; }

    /// <summary>Keys of metadata below the graph's name, and the dimension that each gives.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Sizes { get; init; } = [];

    /// <summary>Keys of metadata that give a number.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Numbers { get; init; } = [];

    /// <summary>Dimensions that llama.cpp computes from others, and how: <c>head_dim</c>, <c>hidden / heads</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Derived { get; init; } = [];

    /// <summary>Tensors outside the layers: weight in the checkpoint, without <c>.weight</c>, and name in GGUF.</summary>
    public IReadOnlyDictionary<string, string> Tensors { get; init; } = new Dictionary<string, string>();

    /// <summary>What the names of the layers' weights start with, before the layer's number.</summary>
    public string LayerPrefix { get; init; } = "";

    /// <summary>Tensors of a layer: weight below <see cref="LayerPrefix"/> and number, and name below <c>blk.N</c>.</summary>
    public IReadOnlyDictionary<string, string> LayerTensors { get; init; } = new Dictionary<string, string>();

    /// <summary>Weights that stay float32 whatever is asked for: tables of positions.</summary>
    public IReadOnlyList<string> Exact { get; init; } = [];

    /// <summary>How queries and keys are rotated; null: they are not.</summary>
    public GgufRotation? Rotation { get; init; }
}

/// <summary>A graph of llama.cpp.</summary>
/// <param name="Name">Its name, <c>general.architecture</c>.</param>
/// <param name="RotatesNeighbours">Whether it rotates neighbouring channels together; else a channel and the one half a head behind it.</param>
/// <param name="MayBeZero">Dimensions that may be 0 in a layer, the first one aside.</param>
public sealed record GgufGraph(string Name, bool RotatesNeighbours, params IReadOnlyList<string> MayBeZero);

/// <summary>Rotary positions of a model that is to be written as GGUF.</summary>
/// <param name="Weights">The layer's weights whose rows are rotated, heads one behind the other.</param>
/// <param name="HeadDim">Channels of a head, all of which are rotated.</param>
/// <param name="Theta">Base of the frequencies.</param>
/// <param name="RotatesNeighbours">Whether the checkpoint's rows are such that neighbours are rotated together.</param>
public sealed record GgufRotation(IReadOnlyList<string> Weights, int HeadDim, double Theta, bool RotatesNeighbours)
{
    /// <summary>How the frequencies are stretched; null: not at all.</summary>
    public RotaryScaling? Scaling { get; init; }
}
