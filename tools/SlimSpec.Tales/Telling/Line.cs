using System.Runtime.CompilerServices;
using System.Text;

namespace SlimSpec.Tales;

/// <summary>
/// Something to say, before its words are chosen: an interpolated string where <c>(a|b|c)</c> is a choice (so is
/// <c>a|b</c> at the top) and a hole is a referent with the form it takes (see <see cref="Narrator"/>).
/// </summary>
[InterpolatedStringHandler]
public sealed class Line
{
    /// <summary>Holes stand in the text as the characters from here on.</summary>
    internal const char FirstHole = '\uE000';

    private readonly StringBuilder _text = new();
    private readonly List<(Referent Referent, string Form)> _holes = [];

    /// <summary>A line that is filled by the compiler.</summary>
    public Line(int literalLength, int formattedCount) => _ = (literalLength, formattedCount);

    /// <summary>Adds words.</summary>
    public void AppendLiteral(string text) => _text.Append(text).Replace('\n', ' ');

    /// <summary>Adds words, choices included.</summary>
    public void AppendFormatted(string text) => _text.Append(text);

    /// <summary>Adds a referent in a form.</summary>
    public void AppendFormatted(Referent referent, string format = "")
    {
        _text.Append((char)(FirstHole + _holes.Count));
        _holes.Add((referent, format));
    }

    /// <summary>Adds another line.</summary>
    public void AppendFormatted(Line line)
    {
        foreach (var c in line._text.ToString())
        {
            _text.Append(c >= FirstHole ? (char)(c + _holes.Count) : c);
        }

        _holes.AddRange(line._holes);
    }

    /// <summary>The words of a pattern in which [it] stands for a thing, [he], [him], [his], [himself] for a pronoun, [He] and [His] for a name or pronoun.</summary>
    public static Line Of(string pattern, Referent referent)
    {
        var line = new Line(0, 0);
        foreach (var part in pattern.Split('[', ']').Select((text, index) => (text, isHole: index % 2 == 1)))
        {
            if (part.isHole)
            {
                line.AppendFormatted(referent, part.text switch { "it" or "He" => "", "His" => "p", _ => part.text });
            }
            else
            {
                line.AppendLiteral(part.text);
            }
        }

        return line;
    }

    internal (Referent Referent, string Form) Hole(char c) => _holes[c - FirstHole];

    /// <summary>The text with every choice made, holes still standing.</summary>
    internal string Choose(Rng rng)
    {
        var position = 0;
        return Choose(_text.ToString(), ref position, rng);
    }

    private static string Choose(string text, ref int position, Rng rng)
    {
        List<StringBuilder> options = [new()];
        for (; position < text.Length && text[position] != ')'; position++)
        {
            switch (text[position])
            {
                case '(':
                    position++;
                    options[^1].Append(Choose(text, ref position, rng));
                    break;
                case '|':
                    options.Add(new());
                    break;
                default:
                    options[^1].Append(text[position]);
                    break;
            }
        }

        return rng.Pick(options).ToString();
    }
}
