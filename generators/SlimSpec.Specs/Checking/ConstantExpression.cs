using System;
using System.Collections.Generic;

namespace SlimSpec.Specs;

/// <summary>A constant's default over dimensions: a <see cref="SizeExpression"/>, or <c>sqrt(...)</c> of one.</summary>
internal sealed class ConstantExpression
{
    private const string Root = "sqrt";

    private readonly SizeExpression _inner;
    private readonly bool _isRoot;

    private ConstantExpression(SizeExpression inner, bool isRoot) => (_inner, _isRoot) = (inner, isRoot);

    /// <summary>The dimensions it names.</summary>
    public IEnumerable<string> Names => _inner.Names;

    /// <summary>Parses an expression; null if it is none.</summary>
    public static ConstantExpression? Parse(string text)
    {
        text = text.Trim();
        var rest = text.StartsWith(Root, StringComparison.Ordinal) ? text.Substring(Root.Length).TrimStart() : "";
        var isRoot = rest.Length > 2 && rest[0] == '(' && rest[rest.Length - 1] == ')';
        return SizeExpression.Parse(isRoot ? rest.Substring(1, rest.Length - 2) : text) is { } inner ? new(inner, isRoot) : null;
    }

    /// <summary>Evaluates it; null after a remainder (which calls <paramref name="onRemainder"/>), an overflow or the root of a negative number.</summary>
    public double? Evaluate(Func<string, long> sizeOf, Action<string, string> onRemainder) =>
        _inner.Evaluate(sizeOf, onRemainder) is not { } value || (_isRoot && value < 0) ? null
        : _isRoot ? Math.Sqrt(value)
        : value;
}
