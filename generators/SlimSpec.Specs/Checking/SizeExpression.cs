using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace SlimSpec.Specs;

/// <summary>
/// A dimension's default: other dimensions and integers with + - * /, the usual precedence, evaluated from left to right.
/// </summary>
internal sealed class SizeExpression
{
    private const int LongestText = 200;
    private static readonly Regex Token = new(@"\G\s*(?:(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<number>[0-9]{1,9})|(?<op>[-+*/]))", RegexOptions.CultureInvariant);

    // Operands and operators in turn: operand, operator, operand, ...
    private readonly List<string> _parts;

    private SizeExpression(List<string> parts) => _parts = parts;

    /// <summary>The dimensions it names.</summary>
    public IEnumerable<string> Names => _parts.Where((part, i) => i % 2 == 0 && !char.IsDigit(part[0]));

    /// <summary>Parses an expression; null if it is none.</summary>
    public static SizeExpression? Parse(string text)
    {
        var parts = new List<string>();
        var at = 0;
        text = text.Trim();
        while (at < text.Length && text.Length <= LongestText)
        {
            var match = Token.Match(text, at);
            if (!match.Success || match.Groups["op"].Success != (parts.Count % 2 == 1))
            {
                return null;
            }

            parts.Add(match.Value.Trim());
            at += match.Length;
        }

        return parts.Count % 2 == 1 ? new(parts) : null;
    }

    /// <summary>
    /// Evaluates it. A division with a remainder calls <paramref name="onRemainder"/> with dividend and divisor as
    /// written, and gives null, as does an overflow or a division by zero.
    /// </summary>
    public long? Evaluate(Func<string, long> sizeOf, Action<string, string> onRemainder)
    {
        try
        {
            long sum = 0;
            for (var i = 0; i < _parts.Count;)
            {
                var sign = i > 0 && _parts[i - 1] == "-" ? -1 : 1;
                var term = Operand(_parts[i], sizeOf);
                var written = _parts[i];
                for (i++; i < _parts.Count && _parts[i] is "*" or "/"; i += 2)
                {
                    var factor = Operand(_parts[i + 1], sizeOf);
                    if (_parts[i] == "/" && (factor == 0 || term % factor != 0))
                    {
                        onRemainder(written, _parts[i + 1]);
                        return null;
                    }

                    term = _parts[i] == "*" ? checked(term * factor) : term / factor;
                    written = $"{written} {_parts[i]} {_parts[i + 1]}";
                }

                sum = checked(sum + (sign * term));
                i++;
            }

            return sum;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static long Operand(string text, Func<string, long> sizeOf) =>
        char.IsDigit(text[0]) ? long.Parse(text, CultureInfo.InvariantCulture) : sizeOf(text);
}
