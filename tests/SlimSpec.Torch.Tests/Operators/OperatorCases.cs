using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace SlimSpec.Torch.Tests.Operators;

/// <summary>What one operator does to given numbers: the call, and what it has to give, worked out without it.</summary>
public sealed record OperatorCase(Func<object?> Run, double[] Expected, double Tolerance = 1e-6);

/// <summary>One case for every row of the operator table, by the row's name.</summary>
public static partial class OperatorCases
{
    private static readonly double[] Numbers = [-1.5, -0.5, 0.25, 0.75, 2];
    private static readonly double[] Positive = [0.1, 0.5, 1, 2.5, 9];

    public static IReadOnlyDictionary<string, OperatorCase> All { get; } = Collect();

    private static Dictionary<string, OperatorCase> Collect()
    {
        var cases = new Dictionary<string, OperatorCase>();
        Elementwise(cases);
        Arithmetic(cases);
        Comparison(cases);
        Shape(cases);
        Indexing(cases);
        Reductions(cases);
        Matrix(cases);
        Making(cases);
        Randomness(cases);
        Network(cases);
        return cases;
    }

    /// <summary>A vector of float64.</summary>
    internal static Tensor D(params double[] values) => tensor(values);

    /// <summary>A matrix of float64 with the given number of columns.</summary>
    internal static Tensor M(int columns, params double[] values) => tensor(values, [values.Length / columns, columns]);

    /// <summary>A vector of int64.</summary>
    internal static Tensor L(params long[] values) => tensor(values);

    /// <summary>A vector of truth values.</summary>
    internal static Tensor B(params bool[] values) => tensor(values);

    /// <summary>All numbers of a result in order: of one tensor, of several, or a single value.</summary>
    internal static double[] Flatten(object? result) => result switch
    {
        null => [],
        Tensor t => t.dtype == ScalarType.Float64 ? t.data<double>().ToArray() : t.to(ScalarType.Float64).data<double>().ToArray(),
        IEnumerable<Tensor> many => [.. many.SelectMany(Flatten)],
        ITuple tuple => [.. Enumerable.Range(0, tuple.Length).SelectMany(i => Flatten(tuple[i]))],
        bool b => [b ? 1 : 0],
        Enum e => [Convert.ToDouble(e, null)],
        IConvertible number => [number.ToDouble(null)],
        _ => throw new ArgumentException($"{result.GetType()} is no result of an operator"),
    };

    private static void Add(this Dictionary<string, OperatorCase> cases, string name, Func<object?> run, params double[] expected) =>
        cases.Add(name, new OperatorCase(run, expected));

    /// <summary>An operator and its in-place form, which has to return the very object it was called on.</summary>
    private static void Pair(this Dictionary<string, OperatorCase> cases, string name, Func<Tensor, Tensor> apart, Func<Tensor, Tensor> inPlace, Func<Tensor> input, params double[] expected)
    {
        cases.Add(name, apart, input, expected);
        cases.InPlace(name, inPlace, input, expected);
    }

    private static void Add(this Dictionary<string, OperatorCase> cases, string name, Func<Tensor, Tensor> run, Func<Tensor> input, params double[] expected) =>
        cases.Add(name, new OperatorCase(() => run(input()), expected));

    private static void InPlace(this Dictionary<string, OperatorCase> cases, string name, Func<Tensor, Tensor> run, Func<Tensor> input, params double[] expected)
    {
        // "mul.Scalar" in place is "mul_.Scalar": the row is called mul__Scalar.
        var cut = name.IndexOf('|', StringComparison.Ordinal);
        var row = cut < 0 ? name + "_" : name[..cut] + "__" + name[(cut + 1)..];
        cases.Add(row, new OperatorCase(
            () =>
            {
                var x = input();
                run(x).ShouldBeSameAs(x);
                return x;
            },
            expected));
    }

    /// <summary>The same for an operator with an overload, written "mul|Scalar".</summary>
    private static void Both(this Dictionary<string, OperatorCase> cases, string name, Func<Tensor, Tensor> apart, Func<Tensor, Tensor> inPlace, Func<Tensor> input, params double[] expected)
    {
        cases.Add(name.Replace('|', '_'), apart, input, expected);
        cases.InPlace(name, inPlace, input, expected);
    }
}
