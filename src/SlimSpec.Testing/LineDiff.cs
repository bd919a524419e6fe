using System.Text;

namespace SlimSpec.Testing;

/// <summary>The lines in which two texts differ, with their neighbours, as <c>diff -u</c> shows them.</summary>
internal static class LineDiff
{
    private const int Context = 3;
    private const int MostLines = 120;

    // More than a table of this many cells takes is shown as all old lines and then all new ones.
    private const long MostCells = 4_000_000;

    /// <summary>The difference; empty if there is none.</summary>
    public static string Of(string before, string after)
    {
        var lines = Lines(Split(before), Split(after));
        var shown = new StringBuilder();
        var count = 0;
        var gap = false;
        for (var i = 0; i < lines.Count; i++)
        {
            if (!Enumerable.Range(i - Context, (2 * Context) + 1).Any(near => near >= 0 && near < lines.Count && lines[near].Mark != ' '))
            {
                gap = true;
                continue;
            }

            if (count++ == MostLines)
            {
                return shown.Append($"... and {lines.Skip(i).Count(line => line.Mark != ' ')} more lines that differ\n").ToString();
            }

            shown.Append(gap && count > 1 ? "  ...\n" : "").Append(lines[i] is (' ', "") ? "" : $"{lines[i].Mark} {lines[i].Text}").Append('\n');
            gap = false;
        }

        return shown.ToString();
    }

    private static string[] Split(string text) => text.Length == 0 ? [] : text.Split('\n');

    private static List<(char Mark, string Text)> Lines(string[] before, string[] after)
    {
        var shortest = Math.Min(before.Length, after.Length);
        var start = 0;
        while (start < shortest && before[start] == after[start])
        {
            start++;
        }

        var end = 0;
        while (end < shortest - start && before[^(end + 1)] == after[^(end + 1)])
        {
            end++;
        }

        return
        [
            .. before[..start].Select(line => (' ', line)),
            .. Changed(before[start..^end], after[start..^end]),
            .. before[^end..].Select(line => (' ', line)),
        ];
    }

    // Longest common subsequence.
    private static IEnumerable<(char Mark, string Text)> Changed(string[] before, string[] after)
    {
        if ((long)before.Length * after.Length > MostCells)
        {
            return before.Select(line => ('-', line)).Concat(after.Select(line => ('+', line)));
        }

        var common = new int[before.Length + 1, after.Length + 1];
        for (var i = before.Length - 1; i >= 0; i--)
        {
            for (var j = after.Length - 1; j >= 0; j--)
            {
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return Walk(before, after, common);
    }

    private static IEnumerable<(char Mark, string Text)> Walk(string[] before, string[] after, int[,] common)
    {
        var (i, j) = (0, 0);
        while (i < before.Length || j < after.Length)
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
            {
                yield return (' ', before[i++]);
                j++;
            }
            else if (j == after.Length || (i < before.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                yield return ('-', before[i++]);
            }
            else
            {
                yield return ('+', after[j++]);
            }
        }
    }
}
