using System;
using System.Collections.Generic;

namespace SlimSpec.Specs;

/// <summary>A text and where its lines start. A byte order mark is no part of it, as for an editor.</summary>
internal sealed class SourceMap
{
    private readonly List<int> _lineStarts = [0];
    private readonly string _path;

    public SourceMap(string path, string text)
    {
        _path = path;
        Text = text.Length > 0 && text[0] == '\uFEFF' ? text.Substring(1) : text;
        for (var i = 0; i < Text.Length; i++)
        {
            if (Text[i] is '\n' or '\u0085' or '\u2028' or '\u2029' || (Text[i] == '\r' && !(i + 1 < Text.Length && Text[i + 1] == '\n')))
            {
                _lineStarts.Add(i + 1);
            }
        }
    }

    /// <summary>The text without byte order mark.</summary>
    public string Text { get; }

    /// <summary>The place of the characters from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    public Place At(long start, long end)
    {
        var from = (int)Math.Min(Math.Max(start, 0), Text.Length);
        var to = (int)Math.Min(Math.Max(end, from), Text.Length);
        var (line, endLine) = (LineOf(from), LineOf(to));
        return new(_path, from, to - from, line, from - _lineStarts[line], endLine, to - _lineStarts[endLine]);
    }

    private int LineOf(int index)
    {
        var found = _lineStarts.BinarySearch(index);
        return found >= 0 ? found : ~found - 1;
    }
}
