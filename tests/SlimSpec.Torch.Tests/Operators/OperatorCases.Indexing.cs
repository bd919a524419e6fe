using static TorchSharp.torch;

namespace SlimSpec.Torch.Tests.Operators;

public static partial class OperatorCases
{
    private static void Indexing(Dictionary<string, OperatorCase> cases)
    {
        cases.Add("narrow", () => Six().narrow(1, 1, 2), 2, 3, 5, 6);
        cases.Add("select_int", () => Six().select(1, -1), 3, 6);
        cases.Add("slice_Tensor", () => Six().slice(1, 0, 3, 2), 1, 3, 4, 6);
        cases.Add("index_select", () => Six().index_select(1, L(2, 0)), 3, 1, 6, 4);
        cases.Add("index_Tensor", () => Six()[TensorIndex.Ellipsis, TensorIndex.Tensor(L(2, 2, 0))], 3, 3, 1, 6, 6, 4);
        cases.Add("index_put_", () => Same(Six(), t => t.index_put_(D(10, 20), [L(0, 0), L(1, 1)], true)), 1, 32, 3, 4, 5, 6);
        cases.Pair("index_add", t => t.index_add(0, L(1, 1), Six(), 2), t => t.index_add_(0, L(1, 1), Six(), 2), Six, 1, 2, 3, 14, 19, 24);
        cases.Pair("index_copy", t => t.index_copy(1, L(2), M(1, 8, 9)), t => t.index_copy_(1, L(2), M(1, 8, 9)), Six, 1, 2, 8, 4, 5, 9);
        cases.Both("index_fill|int_Scalar", t => t.index_fill(1, L(0, 2), -1), t => t.index_fill_(1, L(0, 2), -1), Six, -1, 2, -1, -1, 5, -1);
        cases.Add("gather", () => Six().gather(1, tensor(new long[] { 2, 0, 1, 1 }, [2, 2])), 3, 1, 5, 5);
        cases.Both("scatter|src", t => t.scatter(0, L(2, 0), D(8, 9)), t => t.scatter_(0, L(2, 0), D(8, 9)), () => D(1, 2, 3), 9, 2, 8);
        cases.Pair("scatter_add", t => t.scatter_add(0, L(2, 2), D(8, 9)), t => t.scatter_add_(0, L(2, 2), D(8, 9)), () => D(1, 2, 3), 1, 2, 20);
        cases.Both("masked_fill|Scalar", t => t.masked_fill(B(true, false, true), -1), t => t.masked_fill_(B(true, false, true), -1), () => D(1, 2, 3), -1, 2, -1);
        cases.Pair("masked_scatter", t => t.masked_scatter(B(true, false, true), D(8, 9)), t => t.masked_scatter_(B(true, false, true), D(8, 9)), () => D(1, 2, 3), 8, 2, 9);
        cases.Add("masked_select", () => Six().masked_select(Six() > 3), 4, 5, 6);
        cases.Add("nonzero", () => M(2, 0, 1, 2, 0).nonzero(), 0, 1, 1, 0);
        cases.Add("argwhere", () => M(2, 0, 1, 2, 0).argwhere(), 0, 1, 1, 0);
        cases.Add("take", () => Six().take(L(0, 5, 2)), 1, 6, 3);
        cases.Add("take_along_dim", () => Six().take_along_dim(tensor(new long[] { 2, 0 }, [2, 1]), 1), 3, 4);
        cases.Add("bucketize_Tensor", () => D(0, 2, 5).bucketize(D(1, 2, 3)), 0, 1, 3);
        cases.Add("searchsorted_Tensor", () => searchsorted(D(1, 2, 3), D(0, 2, 5), right: true), 0, 2, 3);
        cases.Add("bincount", () => L(1, 3, 1).bincount(null), 0, 2, 0, 1);
        cases.Add("one_hot", () => nn.functional.one_hot(L(1, 0), 3), 0, 1, 0, 1, 0, 0);
        cases.Add("embedding", () => nn.Embedding_from_pretrained(Six()).call(L(1, 1, 0)), 4, 5, 6, 4, 5, 6, 1, 2, 3);
    }

    private static void Reductions(Dictionary<string, OperatorCase> cases)
    {
        cases.Add("sum", () => Six().sum(), 21);
        cases.Add("sum_dim_IntList", () => (Six().sum(0L), Six().sum([0, 1], true), Six().sum(1, type: float32)), 5, 7, 9, 21, 6, 15);
        cases.Add("mean", () => Six().mean(), 3.5);
        cases.Add("mean_dim", () => Six().mean([1]), 2, 5);
        cases.Add("prod", () => Six().prod(), 720);
        cases.Add("prod_dim_int", () => Six().prod(1), 6, 120);
        cases.Add("amax", () => (Six().amax(0), Six().amax([1], true)), 4, 5, 6, 3, 6);
        cases.Add("amax_out", () => { var o = zeros([2], float64); Six().amax([1], false, o).ShouldBeSameAs(o); return o; }, 3, 6);
        cases.Add("amin", () => (Six().amin(0), Six().amin([1], true)), 1, 2, 3, 1, 4);
        cases.Add("amin_out", () => { var o = zeros([2], float64); Six().amin([1], false, o).ShouldBeSameAs(o); return o; }, 1, 4);
        cases.Add("aminmax", () => Six().aminmax(1), 1, 4, 3, 6);
        cases.Add("max", () => Six().max(), 6);
        cases.Add("min", () => Six().min(), 1);
        cases.Add("max_dim", () => M(3, 1, 9, 3, 8, 5, 6).max(1), 9, 8, 1, 0);
        cases.Add("min_dim", () => M(3, 1, 9, 3, 8, 5, 6).min(1), 1, 5, 0, 1);
        cases.Add("all", () => (B(true, false).all(), B(true, true).all()), 0, 1);
        cases.Add("all_dim", () => (Six() > 3).all(1), 0, 1);
        cases.Add("any", () => (B(true, false).any(), B(false, false).any()), 1, 0);
        cases.Add("any_dim", () => (Six() > 5).any(1), 0, 1);
        cases.Add("argmax", () => (Six().argmax(), Six().argmax(1)), 5, 2, 2);
        cases.Add("argmin", () => (Six().argmin(), Six().argmin(0)), 0, 0, 0, 0);
        cases.Add("argsort", () => D(3, 1, 2).argsort(descending: true), 0, 2, 1);
        cases.Add("sort_stable", () => D(3, 1, 3, 2).sort(descending: true, stable: true), 3, 3, 2, 1, 0, 2, 3, 1);
        cases.Add("msort", () => M(2, 3, 1, 2, 4).msort(), 2, 1, 3, 4);
        cases.Add("topk", () => D(3, 1, 4, 2).topk(2), 4, 3, 2, 0);
        cases.Add("kthvalue", () => D(3, 1, 4, 2).kthvalue(3, null), 3, 0);
        cases.Add("median", () => D(3, 1, 4, 2, 9).median(), 3);
        cases.Add("quantile", () => D(1, 2, 3, 4).quantile(D(0.5)), 2.5);
        cases.Add("cumsum", () => Six().cumsum(1), 1, 3, 6, 4, 9, 15);
        cases.Add("cumprod", () => Six().cumprod(1), 1, 2, 6, 4, 20, 120);
        cases.Add("cummax", () => D(1, 3, 2).cummax(0), 1, 3, 3, 0, 1, 1);
        cases.Add("cummin", () => D(3, 1, 2).cummin(0), 3, 1, 1, 0, 1, 1);
        cases.Add("logcumsumexp", () => D(0, 0, 0).exp().log().logcumsumexp(0), 0, Math.Log(2), Math.Log(3));
        cases.Add("count_nonzero", () => M(2, 0, 1, 2, 3).count_nonzero(), 3);
        cases.Add("count_nonzero_dim_IntList", () => M(2, 0, 1, 2, 3).count_nonzero([0]), 1, 2);
        cases.Add("var_correction", () => (D(1, 2, 4).var(), D(1, 2, 4).var(false), Six().var(1)), 7.0 / 3, 14.0 / 9, 1, 1);
        cases.Add("std_correction", () => (D(1, 2, 4).std(), Six().std(1, unbiased: false)), Math.Sqrt(7.0 / 3), Math.Sqrt(2.0 / 3), Math.Sqrt(2.0 / 3));
        cases.Add("var_mean_correction", () => Six().var_mean(1), 1, 1, 2, 5);
        cases.Add("std_mean_correction", () => D(1, 2, 4).std_mean(), Math.Sqrt(7.0 / 3), 7.0 / 3);
        cases.Add("norm_Scalar", () => (D(3, 4).norm(), D(3, -4).norm(1f)), 5, 7);
        cases.Add("norm_ScalarOpt_dim", () => M(2, 3, 4, 6, 8).norm(1), 5, 10);
        cases.Add("logsumexp", () => M(2, 0, 0, 1, 1).logsumexp(1), Math.Log(2), 1 + Math.Log(2));
        cases.Add("softmax_int", () => D(0, Math.Log(3)).softmax(0), 0.25, 0.75);
        cases.Add("log_softmax_int", () => D(0, Math.Log(3)).log_softmax(0), Math.Log(0.25), Math.Log(0.75));
        cases.Add("unique2", () => L(3, 1, 3).unique(true, true, true), 1, 3, 1, 0, 1, 1, 2);
        cases.Add("unique_dim", () => tensor(new long[] { 3, 1, 3, 1, 2, 2 }, [3, 2]).unique(true, true, true, 0), 2, 2, 3, 1, 1, 1, 0, 1, 2);
    }
}
