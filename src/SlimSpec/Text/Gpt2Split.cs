using System.Text;

namespace SlimSpec;

/// <summary>
/// The split of GPT-2's tokenizer (Radford et al. 2019), by code point:
/// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.
/// </summary>
internal static class Gpt2Split
{
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }

    /// <summary>End of the piece that starts at <paramref name="start"/>.</summary>
    public static int End(ReadOnlySpan<char> text, int start)
    {
        foreach (var contraction in Contractions)
        {
            if (text[start..].StartsWith(contraction, StringComparison.Ordinal))
            {
                return start + contraction.Length;
            }
        }

        var body = text[start] == ' ' && start + 1 < text.Length ? start + 1 : start;
        var kind = KindAt(text, body, out _);
        if (kind != Kind.Space)
        {
            return RunEnd(text, body, kind);
        }

        // White space leaves its last character to the piece behind it, if there is one.
        var end = RunEnd(text, start, Kind.Space);
        return end < text.Length && end - start > 1 ? end - 1 : end;
    }

    private static int RunEnd(ReadOnlySpan<char> text, int position, Kind kind)
    {
        while (position < text.Length && KindAt(text, position, out var length) == kind)
        {
            position += length;
        }

        return position;
    }

    private static Kind KindAt(ReadOnlySpan<char> text, int position, out int length)
    {
        Rune.DecodeFromUtf16(text[position..], out var rune, out length);
        return Rune.IsWhiteSpace(rune) ? Kind.Space : Rune.IsLetter(rune) ? Kind.Letter : Rune.IsNumber(rune) ? Kind.Number : Kind.Other;
    }
}
