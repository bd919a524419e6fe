using System.Collections;
using System.Globalization;

namespace SlimSpec.Testing;

/// <summary>Values in names of files, as Verify writes them.</summary>
internal static class SnapshotName
{
    // What Windows does not allow, on every system alike.
    private static readonly char[] Forbidden = ['"', '\\', '<', '>', '|', ':', '*', '?', '/'];

    /// <summary>A value: numbers without a culture, lists with commas, what no file name may have as <c>-</c>.</summary>
    public static string Of(object? value) => Of(value, isInner: false);

    private static string Of(object? value, bool isInner) => value switch
    {
        null => "null",
        string text => Clean(text),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        IEnumerable items => List([.. items.Cast<object?>().Select(item => Of(item, isInner: true))], isInner),
        IFormattable number => Clean(number.ToString(null, CultureInfo.InvariantCulture)),
        _ => Clean(value.ToString() ?? ""),
    };

    private static string List(string[] items, bool isInner) =>
        items.Length == 0 ? "[]" : isInner ? $"[{string.Join(',', items)}]" : string.Join(',', items);

    private static string Clean(string text) =>
        string.Concat(text.Select(letter => char.IsControl(letter) || Forbidden.Contains(letter) ? '-' : letter));
}
