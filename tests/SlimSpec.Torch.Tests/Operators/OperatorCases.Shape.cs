using static TorchSharp.torch;

namespace SlimSpec.Torch.Tests.Operators;

public static partial class OperatorCases
{
    /// <summary>[[1, 2, 3], [4, 5, 6]]</summary>
    private static Tensor Six() => M(3, 1, 2, 3, 4, 5, 6);

    /// <summary>The lengths of the axes, then the elements.</summary>
    private static (Tensor, Tensor) Laid(Tensor t) => (tensor(t.shape), t);

    private static void Shape(Dictionary<string, OperatorCase> cases)
    {
        cases.Add("view", () => Laid(Six().view(3, 2)), 3, 2, 1, 2, 3, 4, 5, 6);
        cases.Add("view_as", () => Laid(Six().view_as(zeros([3, 2]))), 3, 2, 1, 2, 3, 4, 5, 6);
        cases.Add("reshape", () => Laid(Six().t().reshape(-1)), 6, 1, 4, 2, 5, 3, 6);
        cases.Add("contiguous", () => (object)(Six().t().contiguous().is_contiguous(), Six().t().contiguous()), 1, 1, 4, 2, 5, 3, 6);
        cases.Add("t", () => Laid(Six().t()), 3, 2, 1, 4, 2, 5, 3, 6);
        cases.Add("transpose_int", () => Laid(Six().transpose(0, -1)), 3, 2, 1, 4, 2, 5, 3, 6);
        cases.Add("transpose_", () => Laid(Same(Six(), t => t.transpose_(0, 1))), 3, 2, 1, 4, 2, 5, 3, 6);
        cases.Add("permute", () => Laid(Six().view(1, 2, 3).permute(2, 0, 1)), 3, 1, 2, 1, 4, 2, 5, 3, 6);
        cases.Add("movedim_intlist", () => Laid(Six().movedim([0], [1])), 3, 2, 1, 4, 2, 5, 3, 6);
        cases.Add("unsqueeze", () => Laid(D(1, 2).unsqueeze(0)), 1, 2, 1, 2);
        cases.Add("unsqueeze_", () => Laid(Same(D(1, 2), t => t.unsqueeze_(-1))), 2, 1, 1, 2);
        cases.Add("squeeze", () => Laid(Six().view(1, 2, 1, 3).squeeze()), 2, 3, 1, 2, 3, 4, 5, 6);
        cases.Add("squeeze_", () => Laid(Same(D(5).view(1, 1), t => t.squeeze_())), 5);
        cases.Add("squeeze_dim", () => Laid(Six().view(1, 2, 1, 3).squeeze(2)), 1, 2, 3, 1, 2, 3, 4, 5, 6);
        cases.Add("squeeze__dim", () => Laid(Same(D(5).view(1, 1), t => t.squeeze_(0))), 1, 5);
        cases.Add("expand", () => Laid(D(1, 2).view(2, 1).expand(2, 3)), 2, 3, 1, 1, 1, 2, 2, 2);
        cases.Add("expand_as", () => Laid(D(1, 2).expand_as(zeros([2, 2]))), 2, 2, 1, 2, 1, 2);
        cases.Add("broadcast_to", () => Laid(D(1, 2).broadcast_to(2, 2)), 2, 2, 1, 2, 1, 2);
        cases.Add("broadcast_tensors", () => broadcast_tensors(D(1, 2), M(1, 3, 4)), 1, 2, 1, 2, 3, 3, 4, 4);
        cases.Add("flatten_using_ints", () => Laid(Six().view(1, 2, 3).flatten(1)), 1, 6, 1, 2, 3, 4, 5, 6);
        cases.Add("ravel", () => Laid(Six().t().ravel()), 6, 1, 4, 2, 5, 3, 6);
        cases.Add("repeat", () => Laid(D(1, 2).repeat(2, 1)), 2, 2, 1, 2, 1, 2);
        cases.Add("tile", () => Laid(D(1, 2).tile([2])), 4, 1, 2, 1, 2);
        cases.Add("repeat_interleave_self_int", () => Six().repeat_interleave(2, 0), 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6);
        cases.Add("repeat_interleave_self_Tensor", () => D(7, 8).repeat_interleave(L(1, 3)), 7, 8, 8, 8);
        cases.Add("as_strided", () => Six().as_strided([2, 2], [1, 2], 1), 2, 4, 3, 5);
        cases.Add("alias", () => D(1, 2).alias(), 1, 2);
        cases.Add("clone", () => Changed(x => x.clone()), 1, 2);
        cases.Add("detach", () => (object)(D(1, 2).requires_grad_().detach().requires_grad, D(1, 2).detach()), 0, 1, 2);
        cases.Add("detach_", () => (object)((D(1, 2).requires_grad_() * 2).detach_().requires_grad, D(1, 2)), 0, 1, 2);
        cases.Add("copy_", () => Same(zeros([2], float64), t => t.copy_(L(3, 4))), 3, 4);
        cases.Add("to_dtype", () => D(1.7, -2.2).to(int64), 1, -2);
        cases.Add("to_device", () => (object)(D(1, 2).to(META).is_meta, D(1, 2).to(float32, CPU)), 1, 1, 2);
        cases.Add("set__source_Tensor", () => Laid(Same(D(1, 2), t => t.set_(Six()))), 2, 3, 1, 2, 3, 4, 5, 6);
        cases.Add("item", () => D(4.5).item<double>() + D(4.5).ToDouble(), 9);

        cases.Add("cat", () => Laid(cat([Six(), Six()], 1)), 2, 6, 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6);
        cases.Add("stack", () => Laid(stack([D(1, 2), D(3, 4)], 1)), 2, 2, 1, 3, 2, 4);
        cases.Add("hstack", () => hstack([D(1, 2), D(3)]), 1, 2, 3);
        cases.Add("vstack", () => Laid(vstack([D(1, 2), D(3, 4)])), 2, 2, 1, 2, 3, 4);
        cases.Add("block_diag", () => block_diag(M(1, 1), M(2, 2, 3)), 1, 0, 0, 0, 2, 3);
        cases.Add("meshgrid_indexing", () => meshgrid([D(1, 2), D(3, 4)]), 1, 1, 2, 2, 3, 4, 3, 4);
        cases.Add("split_Tensor", () => Six().view(-1).split(4).Select(t => t.sum()), 10, 11);
        cases.Add("split_with_sizes", () => Six().view(-1).split([1, 5]).Select(t => t.sum()), 1, 20);
        cases.Add("chunk", () => Six().view(-1).chunk(3).Select(t => t.sum()), 3, 7, 11);
        cases.Add("unbind_int", () => Six().unbind(1).Select(t => t.sum()), 5, 7, 9);

        cases.Add("flip", () => Six().flip(0, 1), 6, 5, 4, 3, 2, 1);
        cases.Add("fliplr", () => Six().fliplr(), 3, 2, 1, 6, 5, 4);
        cases.Add("flipud", () => Six().flipud(), 4, 5, 6, 1, 2, 3);
        cases.Add("roll", () => Six().roll(1, 1), 3, 1, 2, 6, 4, 5);
        cases.Pair("tril", t => t.tril(), t => t.tril_(), Six, 1, 0, 0, 4, 5, 0);
        cases.Pair("triu", t => t.triu(1), t => t.triu_(1), Six, 0, 2, 3, 0, 0, 6);
        cases.Add("diagonal", () => Six().diagonal(1), 2, 6);
        cases.Add("diag", () => D(1, 2).diag(), 1, 0, 0, 2);
        cases.Add("trace", () => Six().trace(), 6);
    }

    /// <summary>What a copy of [1, 2] holds after the original has changed.</summary>
    private static Tensor Changed(Func<Tensor, Tensor> copy)
    {
        var original = D(1, 2);
        var result = copy(original);
        original.zero_();
        return result;
    }
}
