using System.Text.Json;

namespace SlimSpec.Tests;

/// <summary>Numbers out of golden JSON documents.</summary>
internal static class JsonValues
{
    public static int[] Ids(this JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetInt32())];

    public static int[][] Rows(this JsonElement array) => [.. array.EnumerateArray().Select(Ids)];

    public static double[] Doubles(this JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetDouble())];
}

/// <summary>Comparisons of tensors.</summary>
internal static class Tensors
{
    /// <summary>Token ids <c>[rows, columns]</c>, int64.</summary>
    public static torch.Tensor Of(int[][] rows, torch.Device? device = null) =>
        torch.tensor(rows.SelectMany(row => row).Select(id => (long)id).ToArray(), [rows.Length, rows[0].Length], device: device);

    public static double LargestDifference(torch.Tensor left, torch.Tensor right)
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return (left.to(torch.ScalarType.Float64) - right.to(torch.ScalarType.Float64)).abs().max().item<double>();
    }
}
