using System.Globalization;

namespace SlimSpec;

/// <summary>Numbers as people read them.</summary>
internal static class Numbers
{
    private static readonly string[] Magnitudes = ["", " K", " M", " G", " T"];

    /// <summary>Four significant digits: <c>12.34</c>, <c>0.1234</c>, <c>1,234</c>.</summary>
    public static string Short(double number)
    {
        if (!double.IsFinite(number))
        {
            return number.ToString(CultureInfo.InvariantCulture);
        }

        var size = Math.Abs(number);
        var format = size >= 1000 ? "N0" : size >= 100 ? "F1" : size >= 10 ? "F2" : size >= 1 ? "F3" : "F4";
        return number.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>With a magnitude by thousands: <c>3.148 M</c>.</summary>
    public static string Scaled(long number)
    {
        var size = (double)number;
        var magnitude = 0;
        while (Math.Abs(size) >= 1000 && magnitude < Magnitudes.Length - 1)
        {
            size /= 1000;
            magnitude++;
        }

        return magnitude == 0 ? number.ToString(CultureInfo.InvariantCulture) : Short(size) + Magnitudes[magnitude];
    }

    /// <summary>A part of a whole: <c>-17.3 %</c> of what it was.</summary>
    public static string Change(double now, double before) =>
        before == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{(now - before) / before * 100:+0.0;-0.0;0.0} %");

    /// <summary>Ascending numbers with runs drawn together: <c>0-3, 7, 9-12</c>.</summary>
    public static string Ranges(IReadOnlyList<int> numbers)
    {
        var runs = new List<string>();
        for (int first = 0, next; first < numbers.Count; first = next)
        {
            next = first + 1;
            while (next < numbers.Count && numbers[next] == numbers[next - 1] + 1)
            {
                next++;
            }

            runs.Add(next == first + 1
                ? numbers[first].ToString(CultureInfo.InvariantCulture)
                : string.Create(CultureInfo.InvariantCulture, $"{numbers[first]}-{numbers[next - 1]}"));
        }

        return string.Join(", ", runs);
    }
}
