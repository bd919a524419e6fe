using System.Globalization;
using System.Text.RegularExpressions;

namespace SlimSpec.Specs.Tests;

/// <summary>Damage to a file in YAML or JSON: what people mistype, and what they would only write to break a reader.</summary>
internal static partial class Mutation
{
    private static readonly string[] Values =
    [
        "", "null", "~", "true", "no", "x", "\"\"", "[]", "{}", "[1, [2, {}]]", "{ a: { b: c } }", "- x", "|", ">", "0", "-1", "1", "2", "0.5", "1.0", "-0.0", "1e308", "1e999", "-1e-999", ".nan", ".inf",
        "0x10", "0o7", "1_000", "2147483647", "2147483648", "-2147483649", "9223372036854775808", "99999999999999999999999999999999", "*x", "&x 1", "!!int 3", "!x", "2026-01-01", "1:30", "hidden", "layers / 0", "ffn", "'", "\"",
        "\"0..99999999999\"", "\"3..1\"", "\":200%\"", "[mlp, mlp]", "hidden * hidden * hidden * hidden", "sqrt(0 - hidden)", "not not x", "a == b and", "$(HOME)", "*/ #endif {0} \\\" \\n",
    ];

    private static readonly string[] Odd = ["\0", "\t", "\r", "\u0007", "\u0085", "\u2028", "\uFEFF", "\uD83D", "\uDE00", "😀", "é", "e\u0301", "\u202E", "Ⅷ", "٣", "ｘ", "\u00A0", "\uFFFF", "{", "}", "[", "]", ":", "- ", "#", "%", "@", "`", "\\", "?", "|", "\n", "\n\n---\n", "\n...\n"];

    private static readonly string[] Bombs =
    [
        "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c]\n", "loop: &loop [*loop]\n", "<<: *x\n", "? { a: b }\n: c\n",
    ];

    /// <summary>The text with one to three pieces of damage.</summary>
    public static string Of(string text, Random random)
    {
        for (var edits = Math.Max(1, random.Next(4)); edits > 0; edits--)
        {
            text = Damage(text, random);
        }

        return text;
    }

    private static string Damage(string text, Random random) => random.Next(13) switch
    {
        0 => Lines(text, lines => lines.RemoveAt(random.Next(lines.Count))),
        1 => Lines(text, lines => lines.Insert(random.Next(lines.Count), lines[random.Next(lines.Count)])),
        2 => Lines(text, lines => lines.Insert(random.Next(lines.Count + 1), Bombs[random.Next(Bombs.Length)])),
        3 => Lines(text, lines => Indent(lines, random)),
        4 => Replace(text, Value().Matches(text), random, _ => Values[random.Next(Values.Length)]),
        5 => Replace(text, Value().Matches(text), random, _ => Nested(random.Next(1, 80), random)),
        6 => Replace(text, Number().Matches(text), random, _ => random.Next(0, 200).ToString(CultureInfo.InvariantCulture)),
        7 => Replace(text, Number().Matches(text), random, number => number + new string('0', random.Next(1, 30))),
        8 => Replace(text, Word().Matches(text), random, _ => Word().Matches(text) is var words && words.Count > 0 ? words[random.Next(words.Count)].Value : ""),
        9 => Replace(text, Word().Matches(text), random, word => word.Remove(random.Next(word.Length), 1)),
        10 => Replace(text, Entry().Matches(text), random, entry => random.Next(2) == 0 ? "" : $"{entry}, {entry.TrimStart('{', ' ')}"),
        11 => text.Insert(random.Next(text.Length + 1), Odd[random.Next(Odd.Length)]),
        _ => random.Next(4) == 0 ? text[..random.Next(text.Length + 1)] : text.Remove(random.Next(text.Length + 1) is var at ? at : 0, Math.Min(random.Next(1, 12), text.Length - at)),
    };

    private static string Lines(string text, Action<List<string>> edit)
    {
        List<string> lines = [.. text.Split('\n')];
        edit(lines);
        return string.Join('\n', lines);
    }

    private static void Indent(List<string> lines, Random random)
    {
        var line = random.Next(lines.Count);
        lines[line] = random.Next(2) == 0 ? new string(' ', random.Next(1, 5)) + lines[line] : lines[line].TrimStart();
    }

    private static string Replace(string text, MatchCollection matches, Random random, Func<string, string> replacement)
    {
        if (matches.Count == 0)
        {
            return text;
        }

        var match = matches[random.Next(matches.Count)];
        return string.Concat(text.AsSpan(0, match.Index), replacement(match.Value), text.AsSpan(match.Index + match.Length));
    }

    private static string Nested(int depth, Random random)
    {
        var (open, close) = random.Next(2) == 0 ? ("[", "]") : ("{ a: ", "}");
        var closed = random.Next(4) == 0 ? random.Next(depth) : depth;
        return string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, closed));
    }

    /// <summary>What follows a colon, up to what could end it.</summary>
    [GeneratedRegex(@"(?<=: )[^,\n\}\]]+")]
    private static partial Regex Value();

    [GeneratedRegex(@"\d+(\.\d+)?(e-?\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"[A-Za-z_]+")]
    private static partial Regex Word();

    /// <summary>A key with its value, in a block or within braces.</summary>
    [GeneratedRegex(@"(\{ )?""?\w+""?: [^,\n\}\]]+")]
    private static partial Regex Entry();
}
