using System;
using System.Globalization;
using System.Linq;
using System.Text;

namespace SlimSpec.Specs;

/// <summary>Kinds of words in an expression.</summary>
internal enum TemplateTokenKind
{
    /// <summary>The end of the expression.</summary>
    End,

    /// <summary>A name or a word of the language.</summary>
    Name,

    /// <summary>A constant.</summary>
    Constant,

    /// <summary>An operator or a bracket.</summary>
    Sign,
}

/// <summary>A word of an expression.</summary>
internal readonly record struct TemplateToken(TemplateTokenKind Kind, int At, string Text, object? Value = null);

/// <summary>Divides an expression into words.</summary>
/// <param name="source">The template.</param>
/// <param name="at">Where the expression begins in it, behind the two braces.</param>
internal sealed class TemplateLexer(string source, int at)
{
    private const string Pairs = "== != <= >= //";
    private const string Signs = "+-*/%~<>|.,:()[]";
    private int _at = at;

    /// <summary>Where the next word is looked for.</summary>
    public int At => _at;

    /// <summary>The next word.</summary>
    /// <exception cref="TemplateException">What comes next is no word of the language.</exception>
    public TemplateToken Next()
    {
        while (_at < source.Length && char.IsWhiteSpace(source[_at]))
        {
            _at++;
        }

        var start = _at;
        if (start == source.Length)
        {
            throw new TemplateException("the expression does not end: '}}' is missing", start);
        }

        var character = source[start];
        if (Is("}}") || Is("-}}"))
        {
            return new(TemplateTokenKind.End, start, "}}");
        }

        if (IsLetter(character))
        {
            while (_at < source.Length && (IsLetter(source[_at]) || IsDigit(source[_at])))
            {
                _at++;
            }

            return new(TemplateTokenKind.Name, start, source.Substring(start, _at - start));
        }

        return IsDigit(character) ? Number(start)
            : character is '\'' or '"' ? Text(start)
            : Sign(start, character);
    }

    /// <summary>Whether a name may have it.</summary>
    public static bool IsLetter(char character) => character is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_';

    /// <summary>Whether it is 0 to 9.</summary>
    public static bool IsDigit(char character) => character is >= '0' and <= '9';

    private bool Is(string text) => string.CompareOrdinal(source, _at, text, 0, text.Length) == 0;

    private TemplateToken Sign(int start, char character)
    {
        var pair = start + 1 < source.Length ? source.Substring(start, 2) : "  ";
        var isPair = pair[1] is '=' or '/' && Pairs.Contains(pair);
        if (!isPair && Signs.IndexOf(character) < 0)
        {
            throw new TemplateException($"'{character}' is no part of an expression", start);
        }

        _at += isPair ? 2 : 1;
        return new(TemplateTokenKind.Sign, start, source.Substring(start, _at - start));
    }

    private TemplateToken Number(int start)
    {
        while (_at < source.Length && (IsDigit(source[_at]) || (source[_at] == '.' && _at + 1 < source.Length && IsDigit(source[_at + 1]))))
        {
            _at++;
        }

        var text = source.Substring(start, _at - start);
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole))
        {
            return new(TemplateTokenKind.Constant, start, text, whole);
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? new(TemplateTokenKind.Constant, start, text, number)
            : throw new TemplateException($"'{text}' is no number", start);
    }

    private TemplateToken Text(int start)
    {
        var text = new StringBuilder();
        for (_at++; _at < source.Length && source[_at] != source[start]; _at++)
        {
            if (source[_at] == '\\' && _at + 1 < source.Length)
            {
                _at++;
                text.Append(Escaped());
            }
            else
            {
                text.Append(source[_at]);
            }
        }

        if (_at == source.Length)
        {
            throw new TemplateException($"the text that begins here does not end: {source[start]} is missing", start);
        }

        _at++;
        return new(TemplateTokenKind.Constant, start, source.Substring(start, _at - start), text.ToString());
    }

    // As in Python: what is not listed keeps its backslash, so that patterns can be written as they are.
    private string Escaped()
    {
        const int Digits = 4;
        if (source[_at] == 'u' && _at + Digits < source.Length && Enumerable.Range(_at + 1, Digits).All(place => Uri.IsHexDigit(source[place])))
        {
            _at += Digits;
            return ((char)Convert.ToUInt16(source.Substring(_at - Digits + 1, Digits), 16)).ToString();
        }

        return source[_at] switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            '\\' or '\'' or '"' => source[_at].ToString(),
            var other => "\\" + other,
        };
    }
}
