using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SlimSpec;

/// <summary>
/// Counts the words that a SentencePiece-style vocabulary is trained on. A word is a run of letters, a run of other
/// visible characters or one digit, with the space in front of it; so no piece joins a word with its punctuation
/// (SentencePiece's <c>split_by_unicode_script</c> and <c>split_digits</c>). Line ends, tabs and control characters are left to the byte
/// pieces.
/// </summary>
internal static class TrainingWords
{
    /// <summary>The character that stands for a space.</summary>
    public const char Space = '\u2581';

    private enum Kind
    {
        Letter,
        Digit,
        Other,
        Invisible,
    }

    /// <summary>Words and how often each occurs, most frequent first, equal ones in ordinal order.</summary>
    public static List<(string Word, long Count)> Count(string text)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        var word = new List<char>();
        for (var position = 0; position < text.Length;)
        {
            word.Clear();
            if (IsSpace(text[position]) || position == 0)
            {
                word.Add(Space);
            }

            var body = IsSpace(text[position]) ? position + 1 : position;
            var end = RunEnd(text, body);
            word.AddRange(text.AsSpan(body, end - body));
            if (word.Count > 0)
            {
                var span = CollectionsMarshal.AsSpan(word);
                lookup[span] = lookup.TryGetValue(span, out var count) ? count + 1 : 1;
            }

            position = Math.Max(end, position + 1);
        }

        return [.. counts.Select(entry => (entry.Key, entry.Value)).OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal)];
    }

    private static bool IsSpace(char character) => character is ' ' or Space;

    // End of the visible run that starts at a place; the place itself where there is none.
    private static int RunEnd(string text, int position)
    {
        if (position == text.Length || KindAt(text, position, out var length) is var kind && kind == Kind.Invisible)
        {
            return position;
        }

        do
        {
            position += length;
        }
        while (kind != Kind.Digit && position < text.Length && KindAt(text, position, out length) == kind);
        return position;
    }

    private static Kind KindAt(string text, int position, out int length)
    {
        Rune.DecodeFromUtf16(text.AsSpan(position), out var rune, out length);
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
                or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber => Kind.Digit,
            UnicodeCategory.Control or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Surrogate => Kind.Invisible,
            _ => rune.Value == Space ? Kind.Invisible : Kind.Other,
        };
    }
}
