using static TorchSharp.torch;

namespace SlimSpec.Torch.Tests.Operators;

public static partial class OperatorCases
{
    private const int Many = 20000;

    private static void Randomness(Dictionary<string, OperatorCase> cases)
    {
        // What PyTorch's own documentation and forums show for torch.manual_seed(0): four digits.
        cases.Add("randn_generator", new OperatorCase(() => Seeded(() => randn(3)), [1.5410, -0.2934, -2.1788], 1e-4));
        cases.Add("rand_generator", new OperatorCase(() => Seeded(() => rand(3)), [0.4963, 0.7682, 0.0885], 1e-4));

        // Moments of 20,000 samples, with room for about four standard errors.
        cases.Add("normal_", Moments(() => empty([Many], float64).normal_(3, 2), 3, 2));
        cases.Add("randn_like", Moments(() => randn_like(zeros([Many])), 0, 1));
        cases.Add("uniform_", Moments(() => empty([Many], float64).uniform_(2, 4), 3, 2 / Math.Sqrt(12)));
        cases.Add("rand_like", Moments(() => rand_like(zeros([Many])), 0.5, 1 / Math.Sqrt(12)));
        cases.Add("exponential_", Moments(() => empty([Many], float64).exponential_(2), 0.5, 0.5));
        cases.Add("log_normal_", Moments(() => empty([Many], float64).log_normal_(1, 0.5).log(), 1, 0.5));
        cases.Add("randint_low_generator", Moments(() => randint(1, 4, [Many]), 2, Math.Sqrt(2.0 / 3)));
        cases.Add("randint_like_low_dtype", Moments(() => randint_like(zeros([Many]), 1, 4), 2, Math.Sqrt(2.0 / 3)));
        cases.Add("random__from", Moments(() => empty([Many], int64).random_(1, 4), 2, Math.Sqrt(2.0 / 3)));
        cases.Add("bernoulli__float", Moments(() => empty([Many]).bernoulli_(0.25), 0.25, Math.Sqrt(0.1875)));
        cases.Add("bernoulli__Tensor", Moments(() => empty([Many]).bernoulli_(full([Many], 0.25)), 0.25, Math.Sqrt(0.1875)));
        cases.Add("bernoulli", Moments(() => full([Many], 0.25).bernoulli(), 0.25, Math.Sqrt(0.1875)));
        cases.Add("multinomial", Moments(() => D(0, 3, 1).multinomial(Many, true), 1.25, Math.Sqrt(0.1875)));
        // The quartiles of Cauchy's distribution are one scale from its median.
        cases.Add("cauchy_", new OperatorCase(() => Seeded(() => empty([Many], float64).cauchy_(1, 2).quantile(D(0.25, 0.5, 0.75))), [-1, 1, 3], 0.06));
        cases.Add("randperm_generator", () => Seeded(() => randperm(100).sort().Values.sub(arange(100)).abs().sum()), 0);
        cases.Add("dropout", Moments(() => nn.functional.dropout(ones([Many]), 0.2), 1, 0.5));
        cases.Add("dropout_", Moments(() => nn.functional.dropout(ones([Many]), 0.2, inplace: true), 1, 0.5));
    }

    private static Tensor Seeded(Func<Tensor> run)
    {
        manual_seed(0);
        return run();
    }

    private static OperatorCase Moments(Func<Tensor> run, double mean, double deviation) => new(
        () =>
        {
            var sample = Seeded(run).to(float64);
            return (sample.mean(), sample.std());
        },
        [mean, deviation],
        0.03);

    private static void Network(Dictionary<string, OperatorCase> cases)
    {
        cases.Add("layer_norm", () => nn.functional.layer_norm(D(1, 3), [2], D(2, 2), D(10, 10), 0), 8, 12);
        cases.Add("cosine_similarity", () => nn.functional.cosine_similarity(M(2, 1, 0), M(2, 1, 1)), Math.Sqrt(0.5));
        // Logits 0 and ln 3 are probabilities 1/4 and 3/4.
        cases.Add("cross_entropy_loss", () => (nn.functional.cross_entropy(M(2, 0, Math.Log(3), 0, Math.Log(3)), L(0, 1)), nn.functional.cross_entropy(M(2, 0, Math.Log(3), 0, 0), L(1, -100))), -(Math.Log(0.25) + Math.Log(0.75)) / 2, -Math.Log(0.75));
        cases.Add("nll_loss_nd", () => nn.functional.nll_loss(M(2, -1, -2, -3, -4), L(1, 0), reduction: nn.Reduction.Sum), 5);
        cases.Add("mse_loss", () => (nn.functional.mse_loss(D(1, 2), D(3, 5)), nn.functional.mse_loss(D(1, 2), D(3, 5), nn.Reduction.None)), 6.5, 4, 9);
        cases.Add("l1_loss", () => nn.functional.l1_loss(D(1, 2), D(3, 5)), 2.5);
        cases.Add("smooth_l1_loss", () => nn.functional.smooth_l1_loss(D(0, 0), D(0.5, 3), nn.Reduction.None), 0.125, 2.5);
        cases.Add("kl_div", () => (nn.functional.kl_div(D(Math.Log(0.5)), D(Math.Log(0.25)), reduction: nn.Reduction.Sum), nn.functional.kl_div(D(Math.Log(0.5)), D(0.25), false, nn.Reduction.Sum)), 0.25 * Math.Log(0.5), 0.25 * Math.Log(0.5));
        cases.Add("binary_cross_entropy", () => nn.functional.binary_cross_entropy(D(0.25), D(1)), -Math.Log(0.25));
        cases.Add("binary_cross_entropy_with_logits", () => nn.functional.binary_cross_entropy_with_logits(D(0), D(1)), Math.Log(2));
        var attention = Ops.scaled_dot_product_attention.Exists ? "scaled_dot_product_attention" : "private_scaled_dot_product_attention";
        cases.Add(attention, new OperatorCase(AttentionByHand, [1, 1, 1, 1, 1], 1e-5));
    }

    /// <summary>Causal attention of random heads beside softmax(QKᵀ/√d + mask)V in plain loops.</summary>
    private static Tensor AttentionByHand()
    {
        manual_seed(0);
        const int T = 5, H = 4;
        var (q, k, v) = (randn([1, 2, T, H], float64), randn([1, 2, T, H], float64), randn([1, 2, T, H], float64));
        var o = nn.functional.scaled_dot_product_attention(q, k, v, null, 0, true);
        var (qa, ka, va, oa) = (q.data<double>(), k.data<double>(), v.data<double>(), o.data<double>());
        var good = new double[T];
        for (var t = 0; t < T; t++)
        {
            var scores = Enumerable.Range(0, t + 1).Select(s => Math.Exp(Enumerable.Range(0, H).Sum(d => qa[0, 1, t, d] * ka[0, 1, s, d]) / Math.Sqrt(H))).ToArray();
            var expected = Enumerable.Range(0, H).Select(d => Enumerable.Range(0, t + 1).Sum(s => scores[s] * va[0, 1, s, d]) / scores.Sum());
            good[t] = expected.Select((e, d) => Math.Abs(e - oa[0, 1, t, d])).Max() < 1e-9 ? 1 : 0;
        }
        return tensor(good);
    }
}
