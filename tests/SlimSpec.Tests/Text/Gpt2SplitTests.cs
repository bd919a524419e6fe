using System.Text.RegularExpressions;

namespace SlimSpec.Tests.Text;

public sealed class Gpt2SplitTests
{
    private static readonly Regex Published = new(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant);

    [Fact]
    public void Splits_as_the_published_pattern_does()
    {
        // Within the basic plane, where .NET's patterns and code points agree.
        const string Alphabet = "aZ09 '\n\t  .!-srtvemldé日٣½\u00A0\u2003\u0301_";
        var random = new SeededRandom(11);
        for (var round = 0; round < 2000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, (int)random.NextIndex(30)).Select(_ => Alphabet[(int)random.NextIndex(Alphabet.Length)]));
            Split(text).ShouldBe(Published.Matches(text).Select(match => match.Value), text);
        }
    }

    [Fact]
    public void Letters_beyond_the_basic_plane_are_letters()
    {
        Split("a\U0001D41Ab \U0001F999c").ShouldBe(["a\U0001D41Ab", " \U0001F999", "c"]);
    }

    private static List<string> Split(string text)
    {
        var pieces = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = Gpt2Split.End(text, start);
            pieces.Add(text[start..end]);
            start = end;
        }

        return pieces;
    }
}
