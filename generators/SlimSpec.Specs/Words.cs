using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace SlimSpec.Specs;

/// <summary>How messages quote what a user wrote, and which valid word is nearest to it.</summary>
internal static class Words
{
    private const int LongestQuote = 40;
    private const int LongestList = 16;

    /// <summary>The text in quotation marks, on one line and not longer than a line.</summary>
    public static string Quote(string text, char mark = '\'') => mark + Shorten(text) + mark;

    /// <summary>Several things in a sentence: <c>a, b or c</c>.</summary>
    public static string List(IEnumerable<string> items, string conjunction)
    {
        var all = items.ToList();
        return all.Count < 2 ? string.Concat(all) : $"{string.Join(", ", all.Take(all.Count - 1))} {conjunction} {all[all.Count - 1]}";
    }

    /// <summary>A sentence of the language's descriptions, to be used within another one.</summary>
    public static string Decapitalize(string sentence) =>
        sentence.Length > 1 && !char.IsUpper(sentence[1]) ? char.ToLowerInvariant(sentence[0]) + sentence.Substring(1) : sentence;

    /// <summary>The text on one line and not longer than a line.</summary>
    public static string Shorten(string text, int longest = LongestQuote)
    {
        var result = new StringBuilder();
        foreach (var character in text.Length <= longest ? text : text.Substring(0, longest))
        {
            // Half a surrogate pair at the cut, or a control character, would spoil the line it is printed on.
            _ = char.IsControl(character) || character is '\u2028' or '\u2029'
                ? result.Append("\\u").Append(((int)character).ToString("X4", CultureInfo.InvariantCulture))
                : result.Append(character);
        }

        if (text.Length <= longest)
        {
            return result.ToString();
        }

        if (char.IsHighSurrogate(result[result.Length - 1]))
        {
            result.Length--;
        }

        return result.Append("...").ToString();
    }

    /// <summary>The end of a message about an unknown word: the nearest choice, or all of them.</summary>
    public static string Hint(string word, IEnumerable<string> choices)
    {
        var all = choices.Distinct().ToList();
        if (Nearest(word, all) is { } nearest)
        {
            return $"; did you mean {Quote(nearest)}?";
        }

        return all.Count == 0 ? "" : $"; known: {string.Join(", ", all.Take(LongestList).Select(choice => Shorten(choice)))}{(all.Count > LongestList ? ", ..." : "")}";
    }

    /// <summary>The choice nearest to <paramref name="word"/>, or null if none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> choices)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var choice in choices)
        {
            var limit = Math.Max(1, Math.Min(word.Length, choice.Length) / 3);
            var distance = Math.Abs(word.Length - choice.Length) <= limit ? Distance(word, choice) : int.MaxValue;
            if (distance > limit && IsPartOf(word, choice))
            {
                distance = limit + 1;
            }
            else if (distance > limit)
            {
                continue;
            }

            if (distance < bestDistance)
            {
                (best, bestDistance) = (choice, distance);
            }
        }

        return best;
    }

    private static bool IsPartOf(string word, string choice) =>
        word.Length >= 4 && word.Length < 100 && (choice.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0 || (choice.Length >= 4 && word.IndexOf(choice, StringComparison.OrdinalIgnoreCase) >= 0));

    /// <summary>Edits (insert, remove, replace, swap neighbours) that turn one word into the other, letter case aside.</summary>
    private static int Distance(string left, string right)
    {
        if (left.Length > 100 || right.Length > 100)
        {
            return int.MaxValue;
        }

        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var replaced = rows[i - 1, j - 1] + (Same(left[i - 1], right[j - 1]) ? 0 : 1);
                rows[i, j] = Math.Min(replaced, 1 + Math.Min(rows[i - 1, j], rows[i, j - 1]));
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[left.Length, right.Length];
    }

    private static bool Same(char left, char right) => char.ToUpperInvariant(left) == char.ToUpperInvariant(right);
}
