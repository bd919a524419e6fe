namespace SlimSpec.Torch.Tests;

public class ApiTests
{
    private static readonly Lazy<ILookup<string, string>> Listing = new(() =>
    {
        using var stream = typeof(ApiTests).Assembly.GetManifestResourceStream("torchsharp-api.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToLookup(ApiSurface.Key);
    });

    [Fact]
    public void Every_public_member_has_the_signature_that_TorchSharp_lists()
    {
        var strange = ApiSurface.Of(typeof(torch).Assembly).Where(m => !Listing.Value[ApiSurface.Key(m)].Any(l => ApiSurface.Matches(m, l)));
        strange.ShouldBeEmpty();
    }

    [Fact]
    public void Every_listed_signature_is_offered()
    {
        var offered = ApiSurface.Of(typeof(torch).Assembly).Select(ApiSurface.Key).ToHashSet();
        Listing.Value.Select(l => l.Key).Where(l => !offered.Contains(l)).ShouldBeEmpty();
    }
}
