using static TorchSharp.torch;

namespace SlimSpec.Torch.Tests.Operators;

public static partial class OperatorCases
{
    private static void Elementwise(Dictionary<string, OperatorCase> cases)
    {
        void Map(string name, Func<Tensor, Tensor> apart, Func<Tensor, Tensor> inPlace, Func<double, double> f, double[]? on = null) =>
            cases.Pair(name, apart, inPlace, () => D(on ?? Numbers), [.. (on ?? Numbers).Select(f)]);
        void Only(string name, Func<Tensor, Tensor> apart, Func<double, double> f, double[]? on = null) =>
            cases.Add(name, apart, () => D(on ?? Numbers), [.. (on ?? Numbers).Select(f)]);

        Map("abs", x => x.abs(), x => x.abs_(), Math.Abs);
        Map("absolute", x => x.absolute(), x => x.absolute_(), Math.Abs);
        Map("neg", x => x.neg(), x => x.neg_(), v => -v);
        Only("negative", x => x.negative(), v => -v);
        Only("positive", x => x.positive(), v => v);
        Map("sqrt", x => x.sqrt(), x => x.sqrt_(), Math.Sqrt, Positive);
        Map("rsqrt", x => x.rsqrt(), x => x.rsqrt_(), v => 1 / Math.Sqrt(v), Positive);
        Only("square", x => x.square(), v => v * v);
        Map("reciprocal", x => x.reciprocal(), x => x.reciprocal_(), v => 1 / v);
        Map("exp", x => x.exp(), x => x.exp_(), Math.Exp);
        Only("exp2", x => x.exp2(), v => Math.Pow(2, v));
        Map("expm1", x => x.expm1(), x => x.expm1_(), v => Math.Exp(v) - 1);
        Map("log", x => x.log(), x => x.log_(), Math.Log, Positive);
        Map("log2", x => x.log2(), x => x.log2_(), Math.Log2, Positive);
        Map("log10", x => x.log10(), x => x.log10_(), Math.Log10, Positive);
        Map("log1p", x => x.log1p(), x => x.log1p_(), v => Math.Log(1 + v), Positive);
        Map("sin", x => x.sin(), x => x.sin_(), Math.Sin);
        Map("cos", x => x.cos(), x => x.cos_(), Math.Cos);
        Map("tan", x => x.tan(), x => x.tan_(), Math.Tan);
        Map("tanh", x => x.tanh(), x => x.tanh_(), Math.Tanh);
        Map("sigmoid", x => x.sigmoid(), x => x.sigmoid_(), Sigmoid);
        Map("sign", x => x.sign(), x => x.sign_(), v => Math.Sign(v), [-3, 0, 2]);
        Map("floor", x => x.floor(), x => x.floor_(), Math.Floor);
        Map("ceil", x => x.ceil(), x => x.ceil_(), Math.Ceiling);
        Map("trunc", x => x.trunc(), x => x.trunc_(), Math.Truncate);
        cases.Both("round|decimals", x => x.round(1), x => x.round_(1), () => D(1.26, -0.74, 3), 1.3, -0.7, 3);
        Map("relu", x => x.relu(), x => x.relu_(), v => Math.Max(v, 0));
        Map("silu", x => x.silu(), x => x.silu_(), v => v * Sigmoid(v));
        // x Φ(x), with the normal distribution's table for Φ.
        cases.Pair("gelu", x => x.gelu(), x => x.gelu_(), () => D(-1, 0, 1, 2), -0.158655254, 0, 0.841344746, 1.954499736);
        cases.Pair("erf", x => x.erf(), x => x.erf_(), () => D(-1, 0, 0.5, 1), -0.842700793, 0, 0.520499878, 0.842700793);
        Only("softplus", x => x.softplus(2, 20), v => Math.Log(1 + Math.Exp(2 * v)) / 2);
        Only("log_sigmoid", nn.functional.logsigmoid, v => Math.Log(Sigmoid(v)));
        cases.Add("nan_to_num", () => D(double.NaN, double.PositiveInfinity, double.NegativeInfinity, 4).nan_to_num(1, 2, 3), 1, 2, 3, 4);

        var odd = () => D(1, double.NaN, double.PositiveInfinity, double.NegativeInfinity);
        cases.Add("isnan", x => x.isnan(), odd, 0, 1, 0, 0);
        cases.Add("isfinite", x => x.isfinite(), odd, 1, 0, 0, 0);
        cases.Add("isinf", x => x.isinf(), odd, 0, 0, 1, 1);
        cases.Add("isposinf", x => x.isposinf(), odd, 0, 0, 1, 0);
        cases.Add("isneginf", x => x.isneginf(), odd, 0, 0, 0, 1);

        cases.Add("maximum", () => D(1, 5, -2).maximum(D(2, 4, -3)), 2, 5, -2);
        cases.Add("minimum", () => D(1, 5, -2).minimum(D(2, 4, -3)), 1, 4, -3);
        cases.Add("max_other", () => D(1, 5, -2).max(D(2, 4, -3)), 2, 5, -2);
        cases.Add("min_other", () => D(1, 5, -2).min(D(2, 4, -3)), 1, 4, -3);
        cases.Add("fmax", () => D(1, double.NaN).fmax(D(2, 4)), 2, 4);
        cases.Add("fmin", () => D(1, double.NaN).fmin(D(2, 4)), 1, 4);
        cases.Add("logaddexp", () => D(0, 1).logaddexp(D(0, 2)), Math.Log(2), Math.Log(Math.E + Math.Exp(2)));

        cases.Pair("clamp", x => x.clamp(-1, 1), x => x.clamp_(-1, 1), () => D(-3, 0.5, 3), -1, 0.5, 1);
        cases.Both("clamp|Tensor", x => x.clamp(D(0, 1, 2), D(1, 2, 2.5)), x => x.clamp_(D(0, 1, 2), D(1, 2, 2.5)), () => D(-3, 0.5, 3), 0, 1, 2.5);
        cases.Pair("clamp_min", x => x.clamp_min(0), x => x.clamp_min_(0), () => D(-3, 0.5), 0, 0.5);
        cases.Pair("clamp_max", x => x.clamp_max(0), x => x.clamp_max_(0), () => D(-3, 0.5), -3, 0);
    }

    private static double Sigmoid(double v) => 1 / (1 + Math.Exp(-v));
}
