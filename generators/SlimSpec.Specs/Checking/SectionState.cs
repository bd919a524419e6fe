using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>A section of the graph while its nodes are read in order.</summary>
internal sealed class SectionState
{
    public SectionState(GraphSections section, string path, IReadOnlyList<string> inputs, EquatableArray<string> inputAxis)
    {
        (Section, Path, Inputs) = (section, path, inputs);
        Axes = inputs.ToDictionary(input => input, _ => inputAxis);
        Known = [.. inputs];
    }

    /// <summary>Which of the three it is.</summary>
    public GraphSections Section { get; }

    /// <summary>How messages call it.</summary>
    public string Path { get; }

    /// <summary>What it starts from: <c>ids</c> and <c>positions</c>, or <c>x</c>.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>Axes of what has been read so far, where they are known.</summary>
    public Dictionary<string, EquatableArray<string>> Axes { get; }

    /// <summary>Inputs and nodes so far.</summary>
    public HashSet<string> Known { get; }

    /// <summary>Nodes still to come.</summary>
    public HashSet<string> Later { get; } = [];

    /// <summary>Where nodes are named.</summary>
    public Dictionary<string, Place> Places { get; } = [];

    /// <summary>Linears with several outputs, which are no nodes themselves, with the outputs.</summary>
    public Dictionary<string, IReadOnlyList<string>> Packs { get; } = [];

    /// <summary>Names so far as generated code would have them, with the names as written.</summary>
    public Dictionary<string, string> NamesInCode { get; } = [];
}
