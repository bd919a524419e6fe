namespace SlimSpec.Tests.Models;

/// <summary>Prefixes as the first ChatGLM-6B has them; the expected numbers are its own model file's, on the golden's input.</summary>
public class PrefixLayoutTests
{
    private const int Start = 250;
    private const int Blank = 249;
    private const int OtherBlank = 248;

    private static readonly int[][] Ids =
    [
        [15, 51, 6, 5, 236, 4, 72, 249, 250, 129, 183, 121, 154, 142, 123, 222, 156, 108, 42, 102],
        [138, 72, 0, 204, 149, 192, 121, 159, 102, 222, 239, 249, 250, 187, 12, 165, 18, 6, 106, 67],
    ];

    // Of each row, the place in the text and the count of written tokens.
    private static readonly int[][] Positions =
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7],
        [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 11, 11, 11, 11, 11, 11, 11, 11],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8],
    ];

    // Keys that each row does not see.
    private static readonly int[][] HiddenFromRow =
    [
        [12, 12, 12, 12, 12, 12, 12, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
        [8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];

    [Fact]
    public void Positions_are_those_of_the_original()
    {
        using var scope = torch.NewDisposeScope();
        using var layout = PrefixLayout.Find(Tensors.Of(Ids), Start, Blank, OtherBlank);

        Values(layout.Positions(0, 20)).ShouldBe(Values(Tensors.Of(Positions)));
    }

    [Fact]
    public void Attention_hides_what_the_original_hides()
    {
        using var scope = torch.NewDisposeScope();
        using var layout = PrefixLayout.Find(Tensors.Of(Ids), Start, Blank, OtherBlank);
        var nothing = torch.zeros(2, 1, 20, 4);
        var ones = torch.eye(20).expand(2, 1, 20, 20);

        var weights = Kernels.attention(nothing, nothing, ones, prefix: layout); // equal scores: one part for each key seen

        Values(weights.eq(0).sum(-1)).ShouldBe(Values(Tensors.Of(HiddenFromRow)));
    }

    [Fact]
    public void A_row_without_the_start_token_is_plain_text()
    {
        using var scope = torch.NewDisposeScope();
        using var layout = PrefixLayout.Find(Tensors.Of([[5, Blank, 7, 8], [5, 6, Start, 8]]), Start, Blank);

        Values(layout.Context).ShouldBe([0, 2]);
        Values(layout.Mark).ShouldBe([0, 0]);
        Values(layout.Positions(0, 4)).ShouldBe([0, 0, 0, 0, 1, 2, 3, 4, 0, 1, 0, 0, 0, 0, 1, 2]);
    }

    [Fact]
    public void The_blanks_are_tried_in_order_and_the_first_place_counts()
    {
        using var scope = torch.NewDisposeScope();
        int[][] ids = [[OtherBlank, 1, Blank, Blank, Start, Start], [1, OtherBlank, 2, OtherBlank, 3, Start]];
        using var layout = PrefixLayout.Find(Tensors.Of(ids), Start, Blank, OtherBlank);

        Values(layout.Mark).ShouldBe([2, 1]);
        Values(layout.Context).ShouldBe([4, 5]);
    }

    [Fact]
    public void A_cache_keeps_the_prefix_for_the_passes_that_follow()
    {
        using var scope = torch.NewDisposeScope();
        using var cache = new KeyValueCache([(1, 4)], torch.ScalarType.Float32, torch.CPU, batch: 2);
        var ids = Tensors.Of(Ids);
        using (var first = new SequencePass(ids.narrow(1, 0, 15), cache).FindPrefix(Start, Blank, OtherBlank))
        {
            first.Prefix.ShouldBeSameAs(cache.Prefix);
        }

        cache.Advance(15);
        cache.Truncate(14);
        using var second = new SequencePass(ids.narrow(1, 14, 6), cache).FindPrefix(Start, Blank, OtherBlank);

        second.Start.ShouldBe(14);
        Values(second.Prefix!.Positions(second.Start, second.Tokens)).ShouldBe(Values(Tensors.Of(Positions).narrow(1, 14, 6).contiguous()));
    }

    [Fact]
    public void An_emptied_cache_takes_the_next_prompts_prefix()
    {
        using var scope = torch.NewDisposeScope();
        using var cache = new KeyValueCache([(1, 4)], torch.ScalarType.Float32, torch.CPU);
        new SequencePass(Tensors.Of([[5, 6, Blank, Start]]), cache).FindPrefix(Start, Blank).Dispose();
        cache.Advance(4);
        cache.Truncate(0);
        new SequencePass(Tensors.Of([[5, Blank, Start, 7]]), cache).FindPrefix(Start, Blank).Dispose();

        Values(cache.Prefix!.Context).ShouldBe([2]);
    }

    [Fact]
    public void Tokens_whose_prefix_was_not_looked_for_are_refused()
    {
        using var cache = new KeyValueCache([(1, 4)], torch.ScalarType.Float32, torch.CPU);
        using var ids = Tensors.Of([[1]]);
        cache.Advance(3);

        Should.Throw<InvalidOperationException>(() => new SequencePass(ids, cache).FindPrefix(Start, Blank));
    }

    [Fact]
    public void No_device_is_waited_for()
    {
        using var scope = torch.NewDisposeScope();
        using var layout = PrefixLayout.Find(torch.empty([3, 9], dtype: torch.ScalarType.Int64, device: torch.META), Start, Blank, OtherBlank);

        layout.Positions(0, 9).shape.ShouldBe([3, 2, 9]);
    }

    private static long[] Values(torch.Tensor tensor) => tensor.data<long>().ToArray();
}
