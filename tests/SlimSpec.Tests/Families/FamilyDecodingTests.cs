using static TorchSharp.torch;

namespace SlimSpec.Tests.Families;

/// <summary>Decoding with the key/value cache in every family: a cache changes the cost of a pass and nothing else.</summary>
public class FamilyDecodingTests
{
    // Of ChatGLM's prompts the first piece has to hold the whole prefix: 9 and 13 tokens with the one that ends it.
    private const int FirstPiece = 13;

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Greedy_ids_with_the_cache_are_those_of_transformers_and_of_full_recomputation(string name)
    {
        var golden = new FamilyGolden(name);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = GoldenModels.Load(name);
        var greedy = golden.Find("greedy");
        var prompt = greedy?.GetProperty("prompt").Ids() ?? [.. golden.Ids[0].narrow(0, 0, FirstPiece).data<long>().Select(id => (int)id)];

        var (ids, stop, _, _) = TextGenerator.Generate(model, prompt, new() { MaxNewTokens = 12 });

        stop.ShouldBe(StopReason.MaxNewTokens);
        if (greedy is not null)
        {
            ids.ShouldBe(greedy.Value.GetProperty("new_ids").Ids());
        }

        var text = prompt.ToList();
        foreach (var id in ids)
        {
            model.forward(Tensors.Of([[.. text]]))[0, -1].argmax().item<long>().ShouldBe(id);
            text.Add(id);
        }
    }

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Cached_tokens_one_by_one_equal_the_full_forward(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = GoldenModels.Load(name);
        var ids = new FamilyGolden(name).Ids.narrow(0, 0, 1);
        var full = model.forward(ids);
        var first = FirstPieceOf(name);

        // The capacity is below the length, so the cache grows on the way.
        using var cache = model.CreateCache(capacity: 4);
        Tensors.LargestDifference(model.Prefill(ids.narrow(1, 0, first), cache), full.select(1, first - 1)).ShouldBeLessThan(1e-5);
        for (var position = first; position < ids.size(1); position++)
        {
            var logits = model.Decode(ids.select(0, 0).narrow(0, position, 1), cache);
            Tensors.LargestDifference(logits, full[0, position]).ShouldBeLessThan(2e-5, $"position {position}");
        }

        cache.Length.ShouldBe(ids.size(1));
    }

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Tokens_decoded_together_say_what_they_say_one_by_one_to_the_bit(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = GoldenModels.Load(name);
        var ids = new FamilyGolden(name).Ids.narrow(0, 0, 1);
        var first = FirstPieceOf(name);
        using var alone = model.CreateCache(capacity: 4);
        using var together = model.CreateCache(capacity: 4);
        model.Prefill(ids.narrow(1, 0, first), alone);
        model.Prefill(ids.narrow(1, 0, first), together);

        var one = Enumerable.Range((int)first, 3).Select(position => model.Decode(ids.select(0, 0).narrow(0, position, 1), alone)).ToList();

        // They enter together, and the last layers see them in two pieces.
        var three = ids.select(0, 0).narrow(0, first, 3);
        using var pass = model.Begin(three, together);
        var rows = model.Embed(three, pass);
        for (var layer = 0; layer < model.Layers.Count - 1; layer++)
        {
            rows = model.DecodeLayer(layer, rows, pass, together);
        }

        using var two = model.Resume(first, 2, together);
        using var last = model.Resume(first + 2, 1, together);
        rows = cat([model.DecodeLayer(model.Layers.Count - 1, rows.narrow(0, 0, 2), two, together), model.DecodeLayer(model.Layers.Count - 1, rows.narrow(0, 2, 1), last, together)]);
        model.HeadRows(rows).eq(stack(one)).all().item<bool>().ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Sequences_side_by_side_in_pieces_equal_the_full_forward(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = GoldenModels.Load(name);
        var ids = new FamilyGolden(name).Ids;
        var full = model.forward(ids);
        int[] pieces = StartsAnywhere(name) ? [3, 5, 1, 10, 1] : [FirstPiece, 3, 1, 3];

        using var cache = model.CreateCache(batch: 2, capacity: 4);
        long done = 0;
        foreach (var piece in pieces)
        {
            var logits = model.Prefill(ids.narrow(1, done, piece), cache);
            done += piece;
            Tensors.LargestDifference(logits, full.select(1, done - 1)).ShouldBeLessThan(2e-5, $"up to {done}");
        }

        done.ShouldBe(ids.size(1));
    }

    /// <summary>Tokens that a family's prompts have to start with.</summary>
    internal static int FirstPieceOf(string name) => StartsAnywhere(name) ? 1 : FirstPiece;

    private static bool StartsAnywhere(string name) => new FamilyGolden(name).Find("position_ids") is null;
}
