using System.Globalization;
using SlimSpec.Specs;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SlimSpec.Tests.Families;

/// <summary>
/// Runs a resolved architecture node by node as the language's documentation says it, slowly and in float64: what generated
/// code is compared with. Norms may be told to look at some channels of the residual stream alone, as a model would that
/// has no others.
/// </summary>
/// <param name="recipe">The recipe's model of the spec.</param>
/// <param name="weightOf">A weight, bias or slopes by full name, parts of packed ones as <c>NAME[part]</c>, <c>[out, in]</c>.</param>
/// <param name="keptHidden">Channels of the residual stream that norms see, int64, or null for all.</param>
internal sealed class GraphInterpreter(RecipeModel recipe, Func<string, Tensor> weightOf, Tensor? keptHidden = null)
{
    private readonly ArchitectureModel _architecture = recipe.Architecture;

    /// <summary>What becomes of the value that a node of a layer gives, <c>[tokens, width]</c>; nothing unless told.</summary>
    public Func<int, GraphNode, Tensor, Tensor> Change { get; init; } = (_, _, value) => value;

    /// <summary>Logits <c>[tokens, vocab]</c>, float64, of one sequence.</summary>
    public Tensor Logits(long[] ids)
    {
        var x = Run(_architecture.Embedding, "", new() { ["ids"] = tensor(ids), ["positions"] = arange(ids.Length, ScalarType.Int64) }, ids);
        for (var layer = 0; layer < Size("layers"); layer++)
        {
            x = Run(_architecture.Layer, $"{_architecture.LayerPrefix}.{layer}.", new() { ["x"] = x }, ids, layer);
        }

        return Run(_architecture.Head, "", new() { ["x"] = x }, ids);
    }

    private Tensor Run(IEnumerable<GraphNode> nodes, string prefix, Dictionary<string, Tensor> values, long[] ids, int? layer = null)
    {
        var last = values.Values.First();
        foreach (var node in nodes)
        {
            last = Compute(node, prefix, values, ids);
            values[node.Name] = last = layer is { } number ? Change(number, node, last) : last;
        }

        return last;
    }

    private Tensor Compute(GraphNode node, string prefix, Dictionary<string, Tensor> values, long[] ids)
    {
        Tensor In(string role = "in") => values[node.Input(role)];
        Tensor Stored(string kind) => weightOf($"{prefix}{node.Weight}.{kind}{(node.Pack is null ? "" : $"[{node.Name}]")}").to(ScalarType.Float64);
        Tensor? Bias() => node.HasBias ? Stored("bias") : null;
        return node.Op switch
        {
            "embedding" => Stored("weight").index_select(0, In() + (long)Number(node, "offset", 0)),
            "linear" => functional.linear(In(), node.Attribute("tied.to") is { } table ? weightOf($"{table}.weight").to(ScalarType.Float64) : Stored("weight"), Bias()),
            "rms_norm" => OverKept(In(), x => x / (x.square().mean([-1], true) + Number(node, "eps")).sqrt(), Stored("weight") + Number(node, "offset", 0), null),
            "layer_norm" => OverKept(In(), x => Standardise(x, Number(node, "eps")), Stored("weight"), Bias()),
            "scale" => In() * Number(node, "by"),
            "add" => node.Inputs.Select(input => values[input.Node]).Aggregate((sum, next) => sum + next),
            "mul" => node.Inputs.Select(input => values[input.Node]).Aggregate((product, next) => product * next),
            "silu" => In() * In().sigmoid(),
            "relu" => In().clamp_min(0),
            "gelu" => In() * ((In() / Math.Sqrt(2)).erf() + 1) * 0.5,
            "gelu_tanh" => In() * (((In() + (In().pow(3) * 0.044715)) * Math.Sqrt(2 / Math.PI)).tanh() + 1) * 0.5,
            "attention" => Attention(node, prefix, In("q"), In("k"), In("v"), ids),
            _ => throw new NotSupportedException(node.Op),
        };
    }

    private static Tensor Standardise(Tensor x, double eps)
    {
        var centred = x - x.mean([-1], true);
        return centred / (centred.square().mean([-1], true) + eps).sqrt();
    }

    private Tensor OverKept(Tensor x, Func<Tensor, Tensor> norm, Tensor weight, Tensor? bias)
    {
        var select = keptHidden is null ? eye(x.size(-1), dtype: ScalarType.Float64) : eye(x.size(-1), dtype: ScalarType.Float64).index_select(0, keptHidden);
        var normed = (norm(x.matmul(select.t())) * select.matmul(weight)) + (bias is null ? 0 : select.matmul(bias));
        return normed.matmul(select);
    }

    private Tensor Attention(GraphNode node, string prefix, Tensor q, Tensor k, Tensor v, long[] ids)
    {
        var tokens = ids.Length;
        var headDim = Size(AxisOf(node, "q")[1]);
        var (heads, groups) = ((int)q.size(1) / headDim, (int)k.size(1) / headDim);
        var slopes = node.Attribute("alibi.slopes") is { } name ? weightOf(prefix + name) : null;
        var turn = Rotation(node, headDim, ids);
        var mask = Visible(node, ids);
        var outputs = new List<Tensor>();
        for (var head = 0; head < heads; head++)
        {
            Tensor Of(Tensor x, int number) => x.narrow(1, number * headDim, headDim);
            Tensor Turned(Tensor x) => turn is null ? x : turn.matmul(x.unsqueeze(-1)).squeeze(-1);
            var group = head / (heads / groups);
            var scores = Turned(Of(q, head)).matmul(Turned(Of(k, group)).t()) / Math.Sqrt(headDim);
            if (slopes is not null)
            {
                var places = arange(tokens, ScalarType.Float64);
                scores += (places.unsqueeze(0) - places.unsqueeze(1)) * slopes[head].to(ScalarType.Float64).item<double>();
            }

            outputs.Add((scores + mask).softmax(-1).matmul(Of(v, group)));
        }

        return cat(outputs, 1);
    }

    private IReadOnlyList<string> AxisOf(GraphNode attention, string role) => _architecture.Layer.First(node => node.Name == attention.Input(role)).Out;

    // 0 where a key is visible, minus infinity where it is not.
    private Tensor Visible(GraphNode node, long[] ids)
    {
        var context = Context(ids);
        var window = node.Attribute("window") is null ? int.MaxValue : (int)Number(node, "window");
        var mask = new double[ids.Length * ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            for (var j = 0; j < ids.Length; j++)
            {
                mask[(i * ids.Length) + j] = (j <= i || j < context) && j > i - window ? 0 : double.NegativeInfinity;
            }
        }

        return tensor(mask, [ids.Length, ids.Length]);
    }

    private int Context(long[] ids) => _architecture.Prefix is { } prefix ? Math.Max(0, Array.IndexOf(ids, (long)Value(prefix.Start))) : 0;

    // One rotation matrix a token, [tokens, head_dim, head_dim].
    private Tensor? Rotation(GraphNode node, int headDim, long[] ids)
    {
        if (node.Attribute("rope.theta") is null)
        {
            return null;
        }

        var dims = node.Attribute("rope.dims") is { } dimension ? Size(dimension) : (int)(headDim * Number(node, "rope.fraction", 1));
        var planes = (int)Number(node, "rope.planes", 1);
        var width = dims / planes;
        var turn = new double[ids.Length, headDim, headDim];
        for (var token = 0; token < ids.Length; token++)
        {
            for (var channel = dims; channel < headDim; channel++)
            {
                turn[token, channel, channel] = 1;
            }

            for (var pair = 0; pair < dims / 2; pair++)
            {
                var (plane, i) = (pair / (width / 2), pair % (width / 2));
                var (one, other) = node.Attribute("rope.style") == "interleaved" ? (2 * pair, (2 * pair) + 1) : ((plane * width) + i, (plane * width) + i + (width / 2));
                var angle = Place(ids, token, plane, planes) * Frequency(node, i, width);
                (turn[token, one, one], turn[token, one, other]) = (Math.Cos(angle), -Math.Sin(angle));
                (turn[token, other, one], turn[token, other, other]) = (Math.Sin(angle), Math.Cos(angle));
            }
        }

        return tensor(turn.Cast<double>().ToArray(), [ids.Length, headDim, headDim]);
    }

    private int Place(long[] ids, int token, int plane, int planes)
    {
        if (planes == 1)
        {
            return token;
        }

        var context = Context(ids);
        var mark = _architecture.Prefix!.Marks.Select(name => Array.IndexOf(ids, (long)Value(name))).FirstOrDefault(at => at >= 0);
        return plane == 0 ? (token < context ? token : mark) : (token < context ? 0 : token - context + 1);
    }

    private double Frequency(GraphNode node, int i, int width)
    {
        var frequency = Math.Pow(Number(node, "rope.theta"), -2.0 * i / width);
        if (node.Attribute("rope.frequencies") == "float16")
        {
            frequency = (double)(Half)frequency;
        }

        switch (node.Attribute("rope.scaling"))
        {
            case "linear":
                return frequency / Number(node, "rope.factor");
            case "llama3":
                var turns = Number(node, "rope.original_positions") * frequency / (2 * Math.PI);
                var (low, high) = (Number(node, "rope.low_freq_factor"), Number(node, "rope.high_freq_factor"));
                var share = Math.Clamp((turns - low) / (high - low), 0, 1);
                return ((1 - share) * frequency / Number(node, "rope.factor")) + (share * frequency);
            default:
                return frequency;
        }
    }

    private double Number(GraphNode node, string key, double? standard = null) =>
        node.Attribute(key) is { } text ? Value(text) : standard ?? throw new KeyNotFoundException($"{node.Name} has no '{key}'");

    private double Value(string text) => recipe.Constants.FirstOrDefault(constant => constant.Name == text) is { } constant
        ? constant.Value.Number!.Value
        : double.Parse(text, CultureInfo.InvariantCulture);

    private int Size(string dimension) => recipe.Dimensions.First(size => size.Name == dimension).Size;
}
