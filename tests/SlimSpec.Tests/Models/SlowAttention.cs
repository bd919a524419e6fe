namespace SlimSpec.Tests.Models;

/// <summary>Attention as it is defined, one number at a time.</summary>
internal static class SlowAttention
{
    /// <summary>Float64 <c>[batch, heads, tokens, head_dim]</c>; ALiBi as BLOOM writes it, by the key's position alone.</summary>
    public static torch.Tensor Run(torch.Tensor q, torch.Tensor k, torch.Tensor v, int window, torch.Tensor? slopes, PrefixLayout? prefix)
    {
        var (batch, heads, tokens, width) = ((int)q.size(0), (int)q.size(1), (int)q.size(2), (int)q.size(3));
        var (groups, positions) = ((int)k.size(1), (int)k.size(2));
        var result = new double[batch * heads * tokens * width];
        for (var b = 0; b < batch; b++)
        {
            for (var h = 0; h < heads; h++)
            {
                var keys = Matrix(k, b, h * groups / heads);
                var values = Matrix(v, b, h * groups / heads);
                var queries = Matrix(q, b, h);
                for (var t = 0; t < tokens; t++)
                {
                    var row = positions - tokens + t;
                    var context = prefix is null ? 0 : prefix.Context[b].item<long>();
                    var slope = slopes is null ? 0 : slopes[h].item<double>();
                    var weights = new double[positions];
                    for (var j = 0; j < positions; j++)
                    {
                        var seen = (j <= row || j < context) && (window == 0 || j > row - window);
                        weights[j] = seen ? Math.Exp((Dot(queries[t], keys[j]) / Math.Sqrt(width)) + (slope * j)) : 0;
                    }

                    for (var c = 0; c < width; c++)
                    {
                        result[(((((b * heads) + h) * tokens) + t) * width) + c] = Enumerable.Range(0, positions).Sum(j => weights[j] * values[j][c]) / weights.Sum();
                    }
                }
            }
        }

        return torch.tensor(result, [batch, heads, tokens, width]);
    }

    private static double[][] Matrix(torch.Tensor x, int batch, int head)
    {
        var rows = x[batch, head].contiguous();
        return [.. Enumerable.Range(0, (int)rows.size(0)).Select(row => rows[row].data<double>().ToArray())];
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (left, right) => left * right).Sum();
}
