using static TorchSharp.torch;

namespace SlimSpec.Tests.Exits;

/// <summary>
/// LLaMA by hand, one token at a time in float64 loops, for models without biases and with as many KV heads as heads. Of layers that a token skips
/// keys and values are those of its hidden state there, or copies of the last layer's that it ran.
/// </summary>
internal sealed class SlowLlama(CausalLM model, int heads, double eps, double theta)
{
    private readonly Dictionary<string, double[][]> _weights = model.Weights.ToDictionary(weight => weight.Name, weight => Rows(weight.Value));
    private readonly List<double[]>[] _keys = [.. model.Layers.Select(_ => new List<double[]>())];
    private readonly List<double[]>[] _values = [.. model.Layers.Select(_ => new List<double[]>())];

    /// <summary>Keys of a layer, each <c>[heads * head_dim]</c>.</summary>
    public IReadOnlyList<double[]> Keys(int layer) => _keys[layer];

    /// <summary>Values of a layer.</summary>
    public IReadOnlyList<double[]> Values(int layer) => _values[layer];

    /// <summary>Feeds a token through some of the layers, and gives the logits behind them.</summary>
    public double[] Feed(int id, int layers, bool copiesProjected)
    {
        var x = _weights["model.embed_tokens.weight"][id];
        for (var layer = 0; layer < model.Layers.Count; layer++)
        {
            if (layer >= layers && copiesProjected)
            {
                _keys[layer].Add(_keys[layers - 1][^1]);
                _values[layer].Add(_values[layers - 1][^1]);
                continue;
            }

            double[][] Of(string name) => _weights[$"model.layers.{layer}.{name}.weight"];
            var normed = Norm(x, Of("input_layernorm")[0]);
            var position = _keys[layer].Count;
            _keys[layer].Add(Rotate(Times(Of("self_attn.k_proj"), normed), position));
            _values[layer].Add(Times(Of("self_attn.v_proj"), normed));
            if (layer >= layers)
            {
                continue;
            }

            var attention = Attend(Rotate(Times(Of("self_attn.q_proj"), normed), position), layer);
            var residual = Sum(x, Times(Of("self_attn.o_proj"), attention));
            var post = Norm(residual, Of("post_attention_layernorm")[0]);
            var product = Times(Of("mlp.gate_proj"), post).Zip(Times(Of("mlp.up_proj"), post), (gate, up) => gate / (1 + Math.Exp(-gate)) * up).ToArray();
            x = Sum(residual, Times(Of("mlp.down_proj"), product));
        }

        return Times(_weights["lm_head.weight"], Norm(x, _weights["model.norm.weight"][0]));
    }

    private double[] Attend(double[] query, int layer)
    {
        var width = query.Length / heads;
        var result = new double[query.Length];
        for (var head = 0; head < heads; head++)
        {
            var from = head * width;
            var weights = _keys[layer].Select(key => Math.Exp(Enumerable.Range(from, width).Sum(i => key[i] * query[i]) / Math.Sqrt(width))).ToArray();
            for (var i = from; i < from + width; i++)
            {
                result[i] = weights.Zip(_values[layer], (weight, value) => weight * value[i]).Sum() / weights.Sum();
            }
        }

        return result;
    }

    private double[] Rotate(double[] x, int position)
    {
        var width = x.Length / heads;
        var result = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var (start, channel, half) = (i / width * width, i % width, width / 2);
            var pair = channel % half;
            var angle = position * Math.Pow(theta, -2.0 * pair / width);
            var (a, b) = (x[start + pair], x[start + half + pair]);
            result[i] = channel < half ? (a * Math.Cos(angle)) - (b * Math.Sin(angle)) : (b * Math.Cos(angle)) + (a * Math.Sin(angle));
        }

        return result;
    }

    private double[] Norm(double[] x, double[] weight)
    {
        var scale = 1 / Math.Sqrt((x.Sum(value => value * value) / x.Length) + eps);
        return [.. x.Zip(weight, (value, factor) => value * scale * factor)];
    }

    private static double[] Times(double[][] matrix, double[] x) => [.. matrix.Select(row => row.Zip(x, (a, b) => a * b).Sum())];

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (left, right) => left + right)];

    private static double[][] Rows(Tensor weight)
    {
        using var scope = NewDisposeScope();
        var width = (int)weight.size(-1);
        return [.. weight.detach().to(ScalarType.Float64).flatten().data<double>().ToArray().Chunk(width)];
    }
}
