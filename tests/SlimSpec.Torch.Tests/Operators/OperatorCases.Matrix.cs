using static TorchSharp.torch;

namespace SlimSpec.Torch.Tests.Operators;

public static partial class OperatorCases
{
    /// <summary>[[1, 2], [3, 4]]</summary>
    private static Tensor Four() => M(2, 1, 2, 3, 4);

    private static void Matrix(Dictionary<string, OperatorCase> cases)
    {
        cases.Add("mm", () => Four().mm(Four()), 7, 10, 15, 22);
        cases.Add("mv", () => Four().mv(D(1, 10)), 21, 43);
        cases.Add("bmm", () => Four().unsqueeze(0).bmm(Four().unsqueeze(0)), 7, 10, 15, 22);
        cases.Add("matmul", () => Four().matmul(Six()), 9, 12, 15, 19, 26, 33);
        cases.Add("dot", () => D(1, 2, 3).dot(D(4, 5, 6)), 32);
        cases.Add("vdot", () => D(1, 2, 3).vdot(D(4, 5, 6)), 32);
        cases.Add("inner", () => D(1, 2, 3).inner(D(4, 5, 6)), 32);
        cases.Add("outer", () => D(1, 2).outer(D(3, 4)), 3, 4, 6, 8);
        cases.Pair("addmm", t => t.addmm(Four(), Four(), 2, 0.5f), t => t.addmm_(Four(), Four(), 2, 0.5f), Four, 5.5, 9, 13.5, 19);
        cases.Pair("addmv", t => t.addmv(Four(), D(1, 10)), t => t.addmv_(Four(), D(1, 10)), () => D(1, 2), 22, 45);
        cases.Add("addr", () => Four().addr(D(1, 2), D(3, 4)), 4, 6, 9, 12);
        cases.Add("addbmm", () => Four().addbmm(Four().expand(2, 2, 2), Four().expand(2, 2, 2)), 15, 22, 33, 48);
        cases.Add("baddbmm", () => Four().unsqueeze(0).baddbmm(Four().unsqueeze(0), Four().unsqueeze(0), 0, 2), 14, 20, 30, 44);
        cases.Add("einsum", () => einsum("ij,jk->ki", Four(), Four()), 7, 15, 10, 22);
        cases.Add("tensordot", () => Four().tensordot(Four(), [1], [0]), 7, 10, 15, 22);
        cases.Add("inverse", () => Four().inverse(), -2, 1, 1.5, -0.5);
        cases.Add("linear", () => nn.functional.linear(D(1, 10), Four(), D(100, 200)), 121, 243);

        cases.Add("linalg_inv", () => linalg.inv(Four()), -2, 1, 1.5, -0.5);
        cases.Add("linalg_solve", () => (linalg.solve(Four(), M(1, 5, 11)), linalg.solve(Four(), M(2, 7, 10), left: false)), 1, 2, 1, 2);
        cases.Add("linalg_vector_norm", () => (linalg.vector_norm(D(3, 4)), linalg.vector_norm(Four(), 1, [1])), 5, 3, 7);
        cases.Add("linalg_norm", () => (linalg.norm(Four()), linalg.norm(D(3, -4), double.PositiveInfinity)), Math.Sqrt(30), 4);
        // [[2, 1], [1, 2]] has the eigenvalues 1 and 3.
        cases.Add("linalg_eigvalsh", () => linalg.eigvalsh(M(2, 2, 1, 1, 2)), 1, 3);
        cases.Add("linalg_eigh", () => EigenSum(linalg.eigh(M(2, 2, 1, 1, 2))), 1, 3, 2, 1, 1, 2);
        cases.Add("linalg_svdvals", () => linalg.svdvals(M(2, 3, 0, 0, -2)), 3, 2);
        cases.Add("linalg_svd", () => SingularSum(linalg.svd(Four(), false)), 1, 2, 3, 4);
    }

    /// <summary>Eigenvalues, and the matrix put together again from them.</summary>
    private static (Tensor, Tensor) EigenSum((Tensor Values, Tensor Vectors) e) => (e.Values, e.Vectors.mul(e.Values).mm(e.Vectors.t()));

    private static Tensor SingularSum((Tensor U, Tensor S, Tensor Vh) d) => d.U.mul(d.S).mm(d.Vh);

    private static void Making(Dictionary<string, OperatorCase> cases)
    {
        cases.Add("empty_memory_format", () => tensor(empty([2, 3], float16).shape), 2, 3);
        cases.Add("zeros", () => zeros([3]), 0, 0, 0);
        cases.Add("ones", () => ones(2, 1), 1, 1);
        cases.Add("full", () => (full([2], 1.5), full(1, 7, int64)), 1.5, 1.5, 7);
        cases.Add("scalar_tensor", () => (Tensor)(Scalar)2.5, 2.5);
        cases.Add("empty_like", () => tensor(Six().empty_like().shape), 2, 3);
        cases.Add("zeros_like", () => zeros_like(D(1, 2)), 0, 0);
        cases.Add("ones_like", () => ones_like(D(1, 2)), 1, 1);
        cases.Add("full_like", () => full_like(D(1, 2), 4), 4, 4);
        cases.Add("arange_start_step", () => (arange(3), arange(1, 2, 0.5)), 0, 1, 2, 1, 1.5);
        cases.Add("linspace", () => linspace(0, 1, 5), 0, 0.25, 0.5, 0.75, 1);
        cases.Add("logspace", () => logspace(0, 2, 3, dtype: float64), 1, 10, 100);
        cases.Add("eye_m", () => eye(2), 1, 0, 0, 1);
        cases.Add("tril_indices", () => tril_indices(2, 2), 0, 1, 1, 0, 0, 1);
        cases.Add("triu_indices", () => triu_indices(2, 2), 0, 0, 1, 0, 1, 1);
        cases.Add("fill__Scalar", () => Same(D(1, 2), t => t.fill_(3)), 3, 3);
        cases.Add("zero_", () => Same(D(1, 2), t => t.zero_()), 0, 0);
    }
}
