namespace SlimSpec.Tests.Models;

public class AlibiSlopesTests
{
    [Fact]
    public void Slopes_of_a_power_of_two_heads_halve_evenly()
    {
        AlibiSlopes.Formula(8).ShouldBe([1 / 2.0, 1 / 4.0, 1 / 8.0, 1 / 16.0, 1 / 32.0, 1 / 64.0, 1 / 128.0, 1 / 256.0]);
        AlibiSlopes.Formula(1).ShouldBe([1 / 256.0]);
    }

    // As transformers' build_alibi_tensor and the Baichuan model file write it.
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(40)] // Baichuan-13B
    [InlineData(112)] // BLOOM-176B
    public void Slopes_are_those_of_transformers(int heads)
    {
        var closest = Math.Pow(2, Math.Floor(Math.Log2(heads)));
        var step = Math.Pow(2, -Math.Pow(2, -(Math.Log2(closest) - 3)));
        var expected = Enumerable.Range(1, (int)closest).Select(power => Math.Pow(step, power)).ToList();
        var between = Math.Pow(2, -Math.Pow(2, -(Math.Log2(2 * closest) - 3)));
        expected.AddRange(Enumerable.Range(0, heads - (int)closest).Select(head => Math.Pow(between, (2 * head) + 1)));

        AlibiSlopes.Formula(heads).ShouldBe(expected, 1e-12);
    }

    [Fact]
    public void Slopes_of_kept_heads_no_longer_follow_the_formula()
    {
        using var scope = torch.NewDisposeScope();
        using var dense = new AlibiSlopes("alibi", 8, torch.ScalarType.BFloat16, torch.CPU);
        using var slim = new AlibiSlopes("alibi", 2, torch.ScalarType.BFloat16, torch.CPU);
        dense.FollowsFormula.ShouldBeTrue();
        slim.FollowsFormula.ShouldBeTrue();

        Surgery.Keep(slim.Values, dense.Values, torch.tensor(new long[] { 1, 6 }));

        slim.FollowsFormula.ShouldBeFalse();
        slim.Values.data<float>().ToArray().ShouldBe([1 / 4f, 1 / 128f]);
    }
}
