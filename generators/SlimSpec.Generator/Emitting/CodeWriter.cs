using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace SlimSpec.Generator.Emitting;

/// <summary>A string builder that indents. Always writes <c>\n</c>, so output is the same on every machine.</summary>
internal sealed class CodeWriter
{
    // Comments at line ends are aligned, but code longer than this is not waited for.
    private const int CommentColumn = 100;

    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>Writes each line at the current depth; blank lines get no indent.</summary>
    public void Write(string lines)
    {
        foreach (var line in lines.Split('\n'))
        {
            var content = line.TrimEnd('\r');
            if (content.Length > 0)
            {
                _text.Append(' ', 4 * _depth).Append(content);
            }

            _text.Append('\n');
        }
    }

    /// <summary>Writes an empty line.</summary>
    public void Blank() => _text.Append('\n');

    /// <summary>Takes back the empty lines at the end.</summary>
    public void TrimBlankLines()
    {
        while (_text.Length > 1 && _text[_text.Length - 1] == '\n' && _text[_text.Length - 2] == '\n')
        {
            _text.Length--;
        }
    }

    /// <summary>Writes a header and an opening brace; disposing closes it with <paramref name="end"/>.</summary>
    public Block Open(string header, string end = "}")
    {
        Write(header);
        return Indent("{", end);
    }

    /// <summary>Writes an opening line and indents what follows, until disposing writes <paramref name="end"/>.</summary>
    public Block Indent(string start, string end)
    {
        Write(start);
        _depth++;
        return new(this, end);
    }

    /// <summary>Writes a summary comment.</summary>
    public void Summary(string text) => Write($"/// <summary>{text}</summary>");

    /// <summary>Writes statements with their remarks aligned behind them; an empty statement is a blank line.</summary>
    public void Statements(IReadOnlyList<(string Code, string? Remark)> lines)
    {
        var column = lines.Where(line => line.Remark is not null && line.Code.Length < CommentColumn)
            .Select(line => line.Code.Length)
            .DefaultIfEmpty(0)
            .Max();
        foreach (var (code, remark) in lines)
        {
            Write(remark is null ? code : $"{code.PadRight(column)} // {remark}");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    public readonly struct Block(CodeWriter writer, string end) : IDisposable
    {
        public void Dispose()
        {
            writer._depth--;
            writer.Write(end);
        }
    }
}
