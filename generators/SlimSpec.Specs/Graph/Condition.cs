using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace SlimSpec.Specs;

/// <summary>
/// A condition of the graph: terms joined by <c>and</c>. A term is a flag, <c>not</c> a flag, or two dimensions, or one and an
/// integer, compared by <c>==</c> or <c>!=</c>.
/// </summary>
internal sealed class Condition
{
    public const string Form = "flags ('tied', 'not tied') and comparisons ('embed != hidden', 'kv_heads == 1') joined by 'and'";

    private const int LongestText = 400;
    private static readonly Regex And = new(@"\s+and\s+", RegexOptions.CultureInvariant);
    private static readonly Regex FlagForm = new(@"^(?:(?<not>not)\s+)?(?<name>[A-Za-z_][A-Za-z0-9_]*)\z", RegexOptions.CultureInvariant);
    private static readonly Regex ComparisonForm = new(@"^(?<left>[A-Za-z_][A-Za-z0-9_]*)\s*(?<op>==|!=)\s*(?<right>[A-Za-z_][A-Za-z0-9_]*|[0-9]{1,9})\z", RegexOptions.CultureInvariant);

    private readonly IReadOnlyList<Term> _terms;

    private Condition(IReadOnlyList<Term> terms) => _terms = terms;

    /// <summary>Names that must be flags.</summary>
    public IEnumerable<string> Flags => _terms.Where(term => term.Right is null && term.Left is not ("true" or "false")).Select(term => term.Left);

    /// <summary>Names that must be dimensions.</summary>
    public IEnumerable<string> Dimensions => _terms.Where(term => term.Right is not null)
        .SelectMany(term => new[] { term.Left, term.Right! }).Where(name => !char.IsDigit(name[0]));

    /// <summary>Parses a condition; null if it is none.</summary>
    public static Condition? Parse(string text)
    {
        if (text.Length > LongestText)
        {
            return null;
        }

        var terms = And.Split(text.Trim()).Select(ParseTerm).ToList();
        return terms.Contains(null) ? null : new(terms.OfType<Term>().ToList());
    }

    /// <summary>The two dimensions of a condition that is <c>a != b</c> and nothing more, else null.</summary>
    public (string Left, string Right)? Difference =>
        _terms.Count == 1 && _terms[0] is { Right: { } right, IsNegated: true } only && !char.IsDigit(right[0]) ? (only.Left, right) : null;

    /// <summary>Whether it holds. Where a size is not known, dimensions are taken for equal.</summary>
    public bool Holds(Func<string, bool> flag, Func<string, int?> sizeOf)
    {
        int? Value(string name) => char.IsDigit(name[0]) ? int.Parse(name, CultureInfo.InvariantCulture) : sizeOf(name);
        bool IsTrue(Term term) => term.Right is null
            ? term.Left == "true" || (term.Left != "false" && flag(term.Left))
            : Value(term.Left) is not { } left || Value(term.Right) is not { } right || left == right;
        return _terms.All(term => IsTrue(term) != term.IsNegated);
    }

    private static Term? ParseTerm(string text)
    {
        if (ComparisonForm.Match(text) is { Success: true } comparison)
        {
            return new(comparison.Groups["left"].Value, comparison.Groups["right"].Value, comparison.Groups["op"].Value == "!=");
        }

        return FlagForm.Match(text) is { Success: true } flag && flag.Groups["name"].Value is not ("not" or "and")
            ? new(flag.Groups["name"].Value, null, flag.Groups["not"].Success)
            : null;
    }

    /// <summary>A flag (without right side) or a comparison.</summary>
    private sealed record Term(string Left, string? Right, bool IsNegated);
}
