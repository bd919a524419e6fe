using SlimSpec.Specs;

namespace SlimSpec;

/// <summary>The operators of templates.</summary>
internal static class TemplateArithmetic
{
    /// <summary><c>left sign right</c>.</summary>
    /// <exception cref="TemplateException">The two have no such result.</exception>
    public static object? Apply(string sign, object? left, object? right, int at) => sign switch
    {
        "~" => TemplateValues.Text(left) + TemplateValues.Text(right),
        "==" => TemplateValues.AreEqual(left, right),
        "!=" => !TemplateValues.AreEqual(left, right),
        "in" => Contains(right, left, at),
        "not in" => !Contains(right, left, at),
        "<" => Compare(sign, left, right, at) < 0,
        "<=" => Compare(sign, left, right, at) <= 0,
        ">" => Compare(sign, left, right, at) > 0,
        ">=" => Compare(sign, left, right, at) >= 0,
        "+" when left is string a && right is string b => a + b,
        "+" when left is IReadOnlyList<object?> a && right is IReadOnlyList<object?> b => (object?[])[.. a, .. b],
        _ => Calculate(sign, left, right, at),
    };

    /// <summary><c>-value</c>.</summary>
    /// <exception cref="TemplateException">It is no number.</exception>
    public static object Negate(object? value, int at) => value switch
    {
        long whole => (object)-whole, // or both would become double
        double number => -number,
        _ => throw new TemplateException($"'-' takes a number, not {TemplateValues.Describe(value)}", at),
    };

    private static bool Contains(object? whole, object? part, int at) => (whole, part) switch
    {
        (string text, string piece) => text.Contains(piece, StringComparison.Ordinal),
        (IReadOnlyList<object?> list, _) => list.Any(item => TemplateValues.AreEqual(item, part)),
        (IReadOnlyDictionary<string, object?> fields, string name) => fields.ContainsKey(name),
        _ => throw new TemplateException($"'in' looks for a text in a text, an item in a list or a field in a mapping, not for {TemplateValues.Describe(part)} in {TemplateValues.Describe(whole)}", at),
    };

    private static int Compare(string sign, object? left, object? right, int at) => (left, right) switch
    {
        (string a, string b) => string.CompareOrdinal(a, b),
        _ when TemplateValues.Number(left) is { } a && TemplateValues.Number(right) is { } b => a.CompareTo(b),
        _ => throw Mismatch(sign, left, right, at),
    };

    private static object Calculate(string sign, object? left, object? right, int at)
    {
        if (left is long a && right is long b && sign != "/")
        {
            return Whole(sign, a, b, at);
        }

        if (left is bool || right is bool || TemplateValues.Number(left) is not { } x || TemplateValues.Number(right) is not { } y)
        {
            throw Mismatch(sign, left, right, at);
        }

        return sign switch
        {
            "+" => x + y,
            "-" => x - y,
            "*" => x * y,
            _ when y == 0 => throw ByZero(at),
            "/" => x / y,
            "//" => Math.Floor(x / y),
            _ => x - (y * Math.Floor(x / y)),
        };
    }

    private static long Whole(string sign, long a, long b, int at)
    {
        try
        {
            return checked(sign switch
            {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                _ when b == 0 => throw ByZero(at),
                "//" => FloorDivide(a, b),
                _ => a - (b * FloorDivide(a, b)),
            });
        }
        catch (OverflowException)
        {
            throw new TemplateException($"{a} {sign} {b} is too large a number", at);
        }
    }

    // Python rounds down, C# towards zero.
    private static long FloorDivide(long a, long b) => checked((a / b) - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0));

    private static TemplateException ByZero(int at) => new("a number is divided by zero", at);

    private static TemplateException Mismatch(string sign, object? left, object? right, int at) =>
        new($"'{sign}' does not go with {TemplateValues.Describe(left)} and {TemplateValues.Describe(right)}", at);
}
