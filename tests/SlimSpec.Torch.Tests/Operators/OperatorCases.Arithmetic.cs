using static TorchSharp.torch;

namespace SlimSpec.Torch.Tests.Operators;

public static partial class OperatorCases
{
    private static void Arithmetic(Dictionary<string, OperatorCase> cases)
    {
        var x = () => D(7, -7, 2.5);
        cases.Both("add|Tensor", t => t.add(D(1, 2, 3), 2), t => t.add_(D(1, 2, 3), 2), x, 9, -3, 8.5);
        cases.Both("add|Scalar", t => t.add(3, 2), t => t.add_(3, 2), x, 13, -1, 8.5);
        cases.Both("sub|Tensor", t => t.sub(D(1, 2, 3)), t => t.sub_(D(1, 2, 3)), x, 6, -9, -0.5);
        cases.Both("sub|Scalar", t => t.sub(0.5), t => t.sub_(0.5), x, 6.5, -7.5, 2);
        cases.Add("rsub_Scalar", t => 1 - t, x, -6, 8, -1.5);
        cases.Both("mul|Tensor", t => t.mul(D(2, 3, 4)), t => t.mul_(D(2, 3, 4)), x, 14, -21, 10);
        cases.Both("mul|Scalar", t => t.mul(-2), t => t.mul_(-2), x, -14, 14, -5);
        cases.Both("div|Tensor", t => t.div(D(2, 2, 5)), t => t.div_(D(2, 2, 5)), x, 3.5, -3.5, 0.5);
        cases.Both("div|Scalar", t => t.div(2), t => t.div_(2), x, 3.5, -3.5, 1.25);
        cases.Both("div|Tensor_mode", t => t.div(D(2, 2, 2), RoundingMode.floor), t => t.div_(D(2, 2, 2), RoundingMode.floor), x, 3, -4, 1);
        cases.Both("div|Scalar_mode", t => t.div(2, RoundingMode.trunc), t => t.div_(2, RoundingMode.trunc), x, 3, -3, 1);
        cases.Add("floor_divide", t => t.floor_divide(D(2, 2, 2)), x, FloorOfQuotient);
        cases.Add("floor_divide__Tensor", new OperatorCase(() => Same(x(), t => t.floor_divide_(D(2, 2, 2))), FloorOfQuotient));
        cases.Both("floor_divide|Scalar", t => t.floor_divide(2), t => t.floor_divide_(2), x, FloorOfQuotient);
        cases.Both("remainder|Tensor", t => t.remainder(D(3, 3, 2)), t => t.remainder_(D(3, 3, 2)), x, 1, 2, 0.5);
        cases.Both("remainder|Scalar", t => t.remainder(3), t => t.remainder_(3), x, 1, 2, 2.5);
        cases.Both("fmod|Tensor", t => t.fmod(D(3, 3, 2)), t => t.fmod_(D(3, 3, 2)), x, 1, -1, 0.5);
        cases.Both("fmod|Scalar", t => t.fmod(3), t => t.fmod_(3), x, 1, -1, 2.5);
        cases.Add("pow_Tensor_Scalar", t => t.pow(2), x, 49, 49, 6.25);
        cases.Add("pow_Tensor_Tensor", t => t.pow(D(1, 2, 3)), x, 7, 49, 15.625);
        cases.Add("pow__Scalar", new OperatorCase(() => Same(x(), t => t.pow_(2)), [49, 49, 6.25]));
        cases.Add("pow__Tensor", new OperatorCase(() => Same(x(), t => t.pow_(D(1, 2, 3))), [7, 49, 15.625]));
        cases.Pair("addcmul", t => t.addcmul(D(1, 2, 3), D(4, 5, 6), 0.5), t => t.addcmul_(D(1, 2, 3), D(4, 5, 6), 0.5), x, 9, -2, 11.5);
        cases.Pair("addcdiv", t => t.addcdiv(D(1, 2, 3), D(4, 5, 6), 2), t => t.addcdiv_(D(1, 2, 3), D(4, 5, 6), 2), x, 7.5, -6.2, 3.5);
        cases.Both("lerp|Tensor", t => t.lerp(D(9, -7, 4.5), D(0.5, 0.5, 0.25)), t => t.lerp_(D(9, -7, 4.5), D(0.5, 0.5, 0.25)), x, 8, -7, 3);
        cases.Add("bitwise_and_Tensor", () => L(6, 5) & L(3, 4), 2, 4);
        cases.Add("bitwise_or_Tensor", () => L(6, 5) | L(3, 4), 7, 5);
        cases.Add("bitwise_xor_Tensor", () => L(6, 5) ^ L(3, 4), 5, 1);
        cases.Add("bitwise_not", () => ~L(6, -1), -7, 0);
        cases.Add("promote_types", () => promote_types(int32, float16), (double)float16);
        cases.Add("result_type_Tensor", () => result_type(L(1), D(1)), (double)float64);
        cases.Add("can_cast", () => (object)(can_cast(float32, float64), can_cast(float32, int32)), 1, 0);
    }

    /// <summary>⌊7/2⌋, ⌊-7/2⌋, ⌊2.5/2⌋.</summary>
    private static readonly double[] FloorOfQuotient = [3, -4, 1];

    private static Tensor Same(Tensor x, Func<Tensor, Tensor> run)
    {
        run(x).ShouldBeSameAs(x);
        return x;
    }

    private static void Comparison(Dictionary<string, OperatorCase> cases)
    {
        var x = () => D(1, 2, 3);
        void Compare(string name, Func<Tensor, Tensor, Tensor> tensors, Func<Tensor, Tensor, Tensor> tensorsInPlace, Func<Tensor, Scalar, Tensor> number, Func<Tensor, Scalar, Tensor> numberInPlace, Func<double, double, bool> f)
        {
            cases.Both(name + "|Tensor", t => tensors(t, D(3, 2, 1)), t => tensorsInPlace(t, D(3, 2, 1)), x, Truth(f(1, 3)), Truth(f(2, 2)), Truth(f(3, 1)));
            cases.Both(name + "|Scalar", t => number(t, 2), t => numberInPlace(t, 2), x, Truth(f(1, 2)), Truth(f(2, 2)), Truth(f(3, 2)));
        }

        Compare("eq", (a, b) => a.eq(b), (a, b) => a.eq_(b), (a, s) => a.eq(s), (a, s) => a.eq_(s), (a, b) => a == b);
        Compare("ne", (a, b) => a.ne(b), (a, b) => a.ne_(b), (a, s) => a.ne(s), (a, s) => a.ne_(s), (a, b) => a != b);
        Compare("lt", (a, b) => a.lt(b), (a, b) => a.lt_(b), (a, s) => a.lt(s), (a, s) => a.lt_(s), (a, b) => a < b);
        Compare("le", (a, b) => a.le(b), (a, b) => a.le_(b), (a, s) => a.le(s), (a, s) => a.le_(s), (a, b) => a <= b);
        Compare("gt", (a, b) => a.gt(b), (a, b) => a.gt_(b), (a, s) => a.gt(s), (a, s) => a.gt_(s), (a, b) => a > b);
        Compare("ge", (a, b) => a.ge(b), (a, b) => a.ge_(b), (a, s) => a.ge(s), (a, s) => a.ge_(s), (a, b) => a >= b);

        var p = () => B(false, false, true, true);
        cases.Pair("logical_and", t => t.logical_and(B(false, true, false, true)), t => t.logical_and_(B(false, true, false, true)), p, 0, 0, 0, 1);
        cases.Pair("logical_or", t => t.logical_or(B(false, true, false, true)), t => t.logical_or_(B(false, true, false, true)), p, 0, 1, 1, 1);
        cases.Pair("logical_xor", t => t.logical_xor(B(false, true, false, true)), t => t.logical_xor_(B(false, true, false, true)), p, 0, 1, 1, 0);
        cases.Pair("logical_not", t => t.logical_not(), t => t.logical_not_(), p, 1, 1, 0, 0);
        cases.Add("isclose", () => D(1, 1, 1).isclose(D(1, 1.01, 2), 0, 0.1), 1, 1, 0);
        cases.Add("allclose", () => (object)(D(1, 2).allclose(D(1, 2)), D(1, 2).allclose(D(1, 3))), 1, 0);
        cases.Add("equal", () => (object)(D(1, 2).Equals(D(1, 2)), D(1, 2).Equals(D(1, 3))), 1, 0);
        cases.Add("where_self", () => D(1, 2, 3).where(B(true, false, true), D(-1, -2, -3)), 1, -2, 3);
        cases.Add("where", () => where(B(false, true, true)), 1, 2);
        cases.Add("isin_Tensor_Tensor", () => L(1, 2, 3, 4).isin(L(4, 2)), 0, 1, 0, 1);
    }

    private static double Truth(bool value) => value ? 1 : 0;
}
