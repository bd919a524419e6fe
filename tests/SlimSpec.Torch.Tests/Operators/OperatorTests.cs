using System.Reflection;

namespace SlimSpec.Torch.Tests.Operators;

public class OperatorTests
{
    private static readonly Dictionary<string, Op> Table = typeof(Ops).GetFields(BindingFlags.Public | BindingFlags.Static)
        .ToDictionary(f => f.Name, f => (Op)f.GetValue(null)!);

    /// <summary>The one row of which each libtorch has its own: public from 2.0 on, private before.</summary>
    private static readonly string[] Attention = ["scaled_dot_product_attention", "private_scaled_dot_product_attention"];

    public static TheoryData<string> Rows => new(OperatorCases.All.Keys);

    [Fact]
    public void Every_row_of_the_table_is_an_operator_of_the_loaded_libtorch() =>
        Table.Where(row => !Attention.Contains(row.Key) && !row.Value.Exists).Select(row => row.Value.Name).ShouldBeEmpty();

    [Fact]
    public void One_of_the_attention_operators_is_there() => Attention.Count(name => Table[name].Exists).ShouldBe(1);

    [Fact]
    public void Every_row_of_the_table_has_a_case() =>
        Table.Where(row => row.Value.Exists).Select(row => row.Key).Except(OperatorCases.All.Keys).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Rows))]
    public void Operator_gives_the_numbers_it_should(string row)
    {
        using var scope = torch.NewDisposeScope();
        var op = Table[row];
        op.Forget();
        var (run, expected, tolerance) = OperatorCases.All[row];

        var actual = OperatorCases.Flatten(run());

        op.IsResolved.ShouldBeTrue($"the case of {op.Name} does not call it");
        actual.Length.ShouldBe(expected.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (double.IsNaN(expected[i]) || double.IsInfinity(expected[i]))
            {
                actual[i].ShouldBe(expected[i]);
            }
            else
            {
                actual[i].ShouldBe(expected[i], tolerance * (1 + Math.Abs(expected[i])));
            }
        }
    }
}
