namespace SlimSpec;

/// <summary>The arithmetic of <see cref="GroupReduction"/>.</summary>
internal static class GroupReductions
{
    /// <summary>Reduces aligned members, all of one shape, to one tensor of that shape.</summary>
    public static torch.Tensor Apply(this GroupReduction reduction, IReadOnlyList<torch.Tensor> members) => reduction switch
    {
        GroupReduction.Sum => members.Aggregate((sum, member) => sum + member),
        GroupReduction.Mean => members.Aggregate((sum, member) => sum + member) / members.Count,
        GroupReduction.Max => members.Aggregate((largest, member) => largest.maximum(member)),
        GroupReduction.Prod => members.Aggregate((product, member) => product * member),
        GroupReduction.First => members[0],
        GroupReduction.Last => members[^1],
        _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "No such reduction."),
    };
}
