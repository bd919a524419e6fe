using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace SlimSpec.CommandLine;

/// <summary>One combination of a sweep's values.</summary>
/// <param name="Values">The values, in the order of the axes.</param>
/// <param name="Name">Name of its folder: what its values are.</param>
/// <param name="Settings">The values as <c>--set</c> takes them: <c>prune[0].keep=2</c>.</param>
internal sealed record SweepCell(IReadOnlyList<string> Values, string Name, IReadOnlyList<string> Settings);

/// <summary>All combinations of a sweep's values, the last axis changing fastest.</summary>
internal static partial class SweepGrid
{
    private const int LongestName = 100;

    /// <summary>The cells of a sweep.</summary>
    public static IReadOnlyList<SweepCell> Of(IReadOnlyList<SweepAxis> axes)
    {
        var labels = Labels(axes);
        IEnumerable<string[]> combinations = [[]];
        foreach (var axis in axes)
        {
            combinations = combinations.SelectMany(before => axis.Values, (before, value) => (string[])[.. before, value]);
        }

        return [.. combinations.Select(values => new SweepCell(values, Name(labels, values), [.. axes.Zip(values, (axis, value) => $"{axis.Key}={value}")]))];
    }

    /// <summary>What each axis is called in tables: the last part of its key, or the whole key where two axes end alike.</summary>
    public static IReadOnlyList<string> Labels(IReadOnlyList<SweepAxis> axes)
    {
        var last = axes.Select(axis => axis.Key[(axis.Key.LastIndexOf('.') + 1)..]).ToList();
        return [.. last.Select((label, i) => last.Count(other => other == label) == 1 ? label : axes[i].Key)];
    }

    /// <summary>Whether an axis is there to repeat the experiment, so that tables show means over it.</summary>
    public static bool IsRepetition(SweepAxis axis) => axis.Key == "seed" || axis.Key.EndsWith(".seed", StringComparison.Ordinal);

    private static string Name(IReadOnlyList<string> labels, IReadOnlyList<string> values) => AsName(string.Join(',', labels.Zip(values, (label, value) => $"{label}={value}")));

    /// <summary>A text as the name of a file or folder; texts that none can hold are told apart by a hash.</summary>
    public static string AsName(string text)
    {
        var name = Unsafe().Replace(text, "_");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
        return name == text && name.Length <= LongestName ? name : $"{name[..Math.Min(name.Length, LongestName)]}-{hash}";
    }

    [GeneratedRegex(@"[^A-Za-z0-9_.,=\-]")]
    private static partial Regex Unsafe();
}
