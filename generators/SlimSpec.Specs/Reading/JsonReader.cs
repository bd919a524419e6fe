using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace SlimSpec.Specs;

/// <summary>
/// JSON to a tree with places (RFC 8259, with the <c>NaN</c> and <c>Infinity</c> that Python writes). A reader of its own
/// because JSON is not quite YAML: tabs may indent it, and its escapes pair surrogates.
/// </summary>
internal sealed class JsonReader
{
    private const int LongestText = 4 << 20;
    private const int LongestPlan = 64 << 20;
    private const int DeepestNesting = 32;

    private readonly SourceMap _source;
    private readonly Reporter _report;
    private readonly string _text;
    private readonly int _longest;
    private readonly IReadOnlyList<string> _skipped;
    private int _at;
    private int _skipping;

    private JsonReader(SourceMap source, Reporter report, int longest, IReadOnlyList<string> skipped) =>
        (_source, _report, _text, _longest, _skipped) = (source, report, source.Text, longest, skipped);

    private char Current => _at < _text.Length ? _text[_at] : '\0';

    /// <summary>The root, or null after a syntax error.</summary>
    public static SpecNode? Read(SourceMap source, Reporter report) => new JsonReader(source, report, LongestText, []).Read();

    /// <summary>The root of a plan, whose lists under some keys are read over and come out empty: they are long, and not needed.</summary>
    public static SpecNode? ReadPlan(SourceMap source, Reporter report, params string[] skipped) => new JsonReader(source, report, LongestPlan, skipped).Read();

    private SpecNode? Read()
    {
        if (_text.Length > _longest)
        {
            return Fail(0, $"the file is longer than {_longest} characters");
        }

        var root = Value(0);
        SkipSpace();
        return root is not null && _at < _text.Length ? Fail(_at, $"the document ends before {Here}") : root;
    }

    private SpecNode? Value(int depth)
    {
        SkipSpace();
        return Current switch
        {
            _ when depth == DeepestNesting => Fail(_at, $"values are nested deeper than {DeepestNesting} levels"),
            '{' => Object(depth),
            '[' => Array(depth),
            '"' => String(),
            _ => Word(),
        };
    }

    private SpecNode? Object(int depth)
    {
        var start = _at++;
        var entries = new List<MappingEntry>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (SkipSpace(); Current != '}'; SkipSpace())
        {
            if (entries.Count > 0 && !Take(','))
            {
                return Fail(_at, $"expected ',' or '}}', found {Here}");
            }

            SkipSpace();
            if (Current != '"')
            {
                return Fail(_at, $"expected a key in quotation marks, found {Here}");
            }

            if (String() is not { } key)
            {
                return null;
            }

            SkipSpace();
            if (!Take(':'))
            {
                return Fail(_at, $"expected ':', found {Here}");
            }

            _skipping += _skipped.Contains(key.Text) ? 1 : 0;
            if (Value(depth + 1) is not { } value)
            {
                return null;
            }

            _skipping -= _skipped.Contains(key.Text) ? 1 : 0;
            if (!keys.Add(key.Text))
            {
                _report.Add(Rules.DuplicateKey, key.Place, $"the key {Words.Quote(key.Text)} is written twice");
            }

            entries.Add(new(key.Text, key.Place, value));
        }

        _at++;
        return new MappingNode(_source.At(start, start), entries);
    }

    private SpecNode? Array(int depth)
    {
        var start = _at++;
        var items = new List<SpecNode>();
        var isFirst = true;
        for (SkipSpace(); Current != ']'; SkipSpace())
        {
            if (!isFirst && !Take(','))
            {
                return Fail(_at, $"expected ',' or ']', found {Here}");
            }

            if (Value(depth + 1) is not { } item)
            {
                return null;
            }

            isFirst = false;
            if (_skipping == 0)
            {
                items.Add(item);
            }
        }

        _at++;
        return new SequenceNode(_source.At(start, start), items);
    }

    private ScalarNode? String()
    {
        var start = _at++;
        var text = new StringBuilder();
        while (Current != '"')
        {
            if (Current < ' ')
            {
                Fail(_at, _at == _text.Length ? "the string is not closed"
                    : Current is '\n' or '\r' ? "the string is not closed on its line"
                    : "a control character in a string must be escaped");
                return null;
            }

            if (Current != '\\')
            {
                text.Append(_text[_at++]);
                continue;
            }

            if (!Escape(text))
            {
                return null;
            }
        }

        _at++;
        return new(_source.At(start, _at), text.ToString(), isQuoted: true);
    }

    private bool Escape(StringBuilder text)
    {
        var start = _at++;
        var kind = Current;
        _at++;
        var plain = "\"\\/bfnrt".IndexOf(kind);
        if (plain >= 0)
        {
            text.Append("\"\\/\b\f\n\r\t"[plain]);
            return true;
        }

        if (kind == 'u' && _at + 4 <= _text.Length && ushort.TryParse(_text.Substring(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            text.Append((char)code);
            _at += 4;
            return true;
        }

        Fail(start, "this is not an escape of JSON");
        return false;
    }

    private SpecNode? Word()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsLetterOrDigit(_text[_at]) || _text[_at] is '+' or '-' or '.' or '_'))
        {
            _at++;
        }

        var node = new ScalarNode(_source.At(start, _at), _text.Substring(start, _at - start), isQuoted: false);
        if (node.Text.Length == 0)
        {
            return Fail(start, $"expected a value, found {Here}");
        }

        return node.Kind != ScalarKind.Text || node.Text is "NaN" or "Infinity" or "-Infinity"
            ? node
            : Fail(start, $"{Words.Quote(node.Text)} is not a value of JSON");
    }

    private bool Take(char character)
    {
        if (Current != character || _at >= _text.Length)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void SkipSpace()
    {
        while (Current is ' ' or '\t' or '\n' or '\r')
        {
            _at++;
        }
    }

    private string Here => _at < _text.Length ? Words.Quote(_text.Substring(_at, char.IsHighSurrogate(_text[_at]) && _at + 1 < _text.Length ? 2 : 1)) : "the end of the file";

    private SpecNode? Fail(int at, string message)
    {
        _report.Add(Rules.Syntax, _source.At(at, Math.Min(at + 1, _text.Length)), message);
        return null;
    }
}
