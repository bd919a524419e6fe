using System.Security.Cryptography;
using System.Text.Json;
using System.Runtime.InteropServices;

namespace SlimSpec;

/// <summary>Everything that the scores of a cut follow from, in words that are the same where the scores are: how much is cut is not among it.</summary>
/// <param name="recipe">The recipe.</param>
/// <param name="checkpointHash">The dense weights.</param>
internal sealed class ScoreOrigin(Recipe recipe, string checkpointHash)
{
    private static readonly JsonSerializerOptions Compact = new(RunFolder.Json) { WriteIndented = false };

    /// <summary>Of a width cut.</summary>
    public string Of(WidthCut cut, CausalLM model, string remains, torch.Tensor? samples, IReadOnlyList<(int Layer, string Unit)> places)
    {
        PruneCut scoring = cut with
        {
            Sparsity = null,
            LayerSparsity = null,
            RoundTo = 1,
            Steps = 1,
            Scope = UnitScores.AreStandardized(cut) ? cut.Scope : default,
            Normalize = UnitScores.AreStandardized(cut) ? cut.Normalize : default,
            Seed = cut.Score == WidthScore.Random ? cut.Seed : 0,
        };
        return Text(scoring, model, remains, samples, string.Join(", ", places.Select(place => $"{place.Layer} {place.Unit}")));
    }

    /// <summary>Of a depth cut.</summary>
    /// <param name="cut">The cut.</param>
    /// <param name="model">The model it is scored on.</param>
    /// <param name="remains">What is left of the dense model.</param>
    /// <param name="samples">Calibration token ids, where they are needed.</param>
    /// <param name="about">What the scores are about besides.</param>
    public string Of(DepthCut cut, CausalLM model, string remains, torch.Tensor? samples, string about)
    {
        PruneCut scoring = cut with { Keep = 0, Kept = null, Search = default, Seed = cut.Score == DepthScore.Random ? cut.Seed : 0 };
        return Text(scoring, model, remains, samples, about);
    }

    private string Text(PruneCut scoring, CausalLM model, string remains, torch.Tensor? samples, string about) => string.Join(
        '\n',
        $"slimspec {typeof(ScoreOrigin).Module.ModuleVersionId}, torch {torch.__version__}", // another build may score otherwise
        $"model {recipe.ArchitectureHash}, weights {checkpointHash}, {model.Dtype} on {model.Device.type}",
        $"cut {JsonSerializer.Serialize(scoring, Compact)}",
        $"about {about}",
        $"left {remains}",
        $"samples {(samples is null ? "none" : Hash(samples))}");

    private static string Hash(torch.Tensor samples)
    {
        using var ids = samples.cpu();
        var bytes = MemoryMarshal.AsBytes<long>(ids.data<long>().ToArray());
        return $"[{string.Join(", ", samples.shape)}] {Convert.ToHexStringLower(SHA256.HashData(bytes))}";
    }
}
