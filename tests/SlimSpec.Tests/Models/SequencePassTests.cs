namespace SlimSpec.Tests.Models;

public class SequencePassTests
{
    public SequencePassTests() => torch.random.manual_seed(7);

    [Fact]
    public void Whole_sequences_start_at_0()
    {
        using var ids = torch.zeros(2, 5, dtype: torch.ScalarType.Int64);
        using var pass = new SequencePass(ids, null);

        (pass.Start, pass.Tokens).ShouldBe((0, 5));
        pass.Positions.data<long>().ToArray().ShouldBe([0, 1, 2, 3, 4]);
        pass.Prefix.ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tokens_behind_a_cache_go_on_from_it(bool oneRow)
    {
        using var scope = torch.NewDisposeScope();
        using var cache = new KeyValueCache([(1, 4)], torch.ScalarType.Float32, torch.CPU);
        cache.Advance(7);
        using var table = new RotaryTable(4, 10000, torch.ScalarType.Float32, torch.CPU);
        var ids = torch.zeros(oneRow ? [1] : [1, 2], dtype: torch.ScalarType.Int64);
        using var pass = new SequencePass(ids, cache).Rotate(table);
        cache.Advance(pass.Tokens);

        pass.Start.ShouldBe(7);
        pass.Positions.data<long>().ToArray().ShouldBe(oneRow ? [7] : [7, 8]);
        Tensors.LargestDifference(pass.Cos, table.Rows(7, pass.Tokens).Cos).ShouldBe(0);
        Tensors.LargestDifference(pass.SignedSin, table.Rows(7, pass.Tokens).SignedSin).ShouldBe(0);
    }

    [Fact]
    public void Two_planes_take_the_positions_of_the_prefix()
    {
        using var scope = torch.NewDisposeScope();
        using var table = new RotaryTable(8, 10000, torch.ScalarType.Float32, torch.CPU) { Planes = 2 };
        int[][] ids = [[1, 9, 8, 3, 4, 5], [8, 1, 2, 3, 4, 5]]; // context 2, blank at 1; context 0, no blank
        using var pass = new SequencePass(Tensors.Of(ids), null).FindPrefix(8, 9).Rotate(table);

        // Channels 2 and 6 end the first pair of each plane, which turns by the position itself.
        double Angle(int row, int token, int channel) =>
            Math.Atan2(pass.SignedSin[row, 0, token, channel].item<float>(), pass.Cos[row, 0, token, channel].item<float>());
        pass.Cos.shape.ShouldBe([2, 1, 6, 8]);
        Enumerable.Range(0, 6).Select(token => Angle(0, token, 2)).ShouldBe([0, 1, 1, 1, 1, 1], 1e-6);
        Enumerable.Range(0, 4).Select(token => Angle(0, token, 6)).ShouldBe([0, 0, 1, 2], 1e-6);
        Enumerable.Range(0, 3).Select(token => Angle(1, token, 2)).ShouldBe([0, 0, 0], 1e-6);
        Enumerable.Range(0, 3).Select(token => Angle(1, token, 6)).ShouldBe([1, 2, 3], 1e-6);
    }

    [Fact]
    public void Two_planes_need_a_prefix_and_rows_need_a_table()
    {
        using var ids = torch.zeros(1, 5, dtype: torch.ScalarType.Int64);
        using var table = new RotaryTable(8, 10000, torch.ScalarType.Float32, torch.CPU) { Planes = 2 };
        using var pass = new SequencePass(ids, null);

        Should.Throw<InvalidOperationException>(() => pass.Rotate(table)).Message.ShouldContain("prefix");
        Should.Throw<InvalidOperationException>(() => pass.Cos).Message.ShouldContain("rotary table");
    }

    [Fact]
    public void A_pass_outlives_the_scope_it_was_made_in_and_frees_what_it_holds()
    {
        using var table = new RotaryTable(8, 10000, torch.ScalarType.Float32, torch.CPU) { Planes = 2 };
        SequencePass pass;
        using (torch.NewDisposeScope())
        {
            pass = new SequencePass(Tensors.Of([[1, 9, 8, 3]]), null).FindPrefix(8, 9).Rotate(table);
        }

        var (cos, context) = (pass.Cos, pass.Prefix!.Context);
        cos.IsInvalid.ShouldBeFalse();
        context.IsInvalid.ShouldBeFalse();
        pass.Dispose();
        cos.IsInvalid.ShouldBeTrue();
        context.IsInvalid.ShouldBeTrue();
    }

    [Fact]
    public void What_a_pass_made_in_inference_mode_holds_serves_a_backward_pass()
    {
        using var scope = torch.NewDisposeScope();
        using var table = new RotaryTable(8, 10000, torch.ScalarType.Float32, torch.CPU) { Planes = 2 };
        SequencePass pass;
        using (torch.inference_mode())
        {
            pass = new SequencePass(Tensors.Of([[1, 9, 8, 3]]), null).FindPrefix(8, 9).Rotate(table);
        }

        var x = torch.randn(1, 2, 4, 8).requires_grad_();
        var turned = Kernels.rotate(x, pass.Cos, pass.SignedSin, table.Block);
        Kernels.attention(turned, turned, turned, prefix: pass.Prefix).sum().backward();

        x.grad!.shape.ShouldBe(x.shape);
        pass.Dispose();
    }
}
