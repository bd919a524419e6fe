namespace SlimSpec;

/// <summary>The lines of a text with their numbers.</summary>
internal static class TextLines
{
    /// <summary>Every line that is not blank, from 1, without the line feed and a carriage return before it.</summary>
    public static IEnumerable<(int Number, string Line)> Of(string text)
    {
        var number = 0;
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end;
            number++;
            if (text.AsSpan(start, end - start).Trim(" \r") is not "")
            {
                yield return (number, text[start..end].TrimEnd('\r'));
            }

            start = end + 1;
        }
    }
}
