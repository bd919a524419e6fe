using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>What a value may be.</summary>
public abstract class SpecType
{
    /// <summary>For messages: <c>an integer of at least 1</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>Whether C#, whose attributes nest nothing, writes its lists and mappings as a text in YAML.</summary>
    internal virtual bool IsYamlInCode => false;

    /// <summary>The same for editors: as near as JSON Schema can say it.</summary>
    internal abstract JsonMap Schema { get; }

    /// <summary>Reports a value of another type, unless it was reported while parsing.</summary>
    private protected void ReportType(SpecNode node, string path, Reporter report)
    {
        if (node is not BadNode)
        {
            report.Add(Rules.WrongType, node.Place, $"'{path}' must be {Expected}, found {node.Found}");
        }
    }
}

/// <summary>What a value may be that is read as a <typeparamref name="T"/>.</summary>
public abstract class SpecType<T> : SpecType
{
    /// <summary>Reads a value; reports and returns false if it is not one of this type.</summary>
    internal abstract bool TryRead(SpecNode node, string path, Reporter report, out T value);
}

/// <summary>Any text on one line.</summary>
public sealed class TextType(string expected = "a text") : SpecType<string>
{
    /// <inheritdoc/>
    public override string Expected => expected;

    // A plain 3 or true is a text too, where a text is expected.
    internal override JsonMap Schema => new() { { "type", new object[] { "string", "number", "boolean" } }, { "pattern", @"\S" } };

    internal override bool TryRead(SpecNode node, string path, Reporter report, out string value)
    {
        value = (node as ScalarNode)?.Text ?? "";
        if (value.Trim().Length > 0 && value.All(IsPrintable) && node is ScalarNode { Kind: not ScalarKind.Null })
        {
            return true;
        }

        ReportType(node, path, report);
        return false;
    }

    private static bool IsPrintable(char character) => !char.IsControl(character) && character is not ('\uFEFF' or '\u2028' or '\u2029');
}

/// <summary>True or false.</summary>
public sealed class FlagType : SpecType<bool>
{
    /// <inheritdoc/>
    public override string Expected => "true or false";

    internal override JsonMap Schema => new() { { "type", "boolean" } };

    internal override bool TryRead(SpecNode node, string path, Reporter report, out bool value)
    {
        value = node is ScalarNode { Flag: true };
        if (node is ScalarNode { Kind: ScalarKind.Flag })
        {
            return true;
        }

        ReportType(node, path, report);
        return false;
    }
}

/// <summary>A whole number in a range.</summary>
public sealed class IntegerType(int minimum, int maximum) : SpecType<int>
{
    /// <summary>The smallest.</summary>
    public int Minimum => minimum;

    /// <summary>The largest.</summary>
    public int Maximum => maximum;

    /// <inheritdoc/>
    public override string Expected => maximum == minimum ? $"{minimum}" : maximum == int.MaxValue ? $"an integer of at least {minimum}" : $"an integer from {minimum} to {maximum}";

    internal override JsonMap Schema => new() { { "type", "integer" }, { "minimum", minimum }, { "maximum", maximum } };

    internal override bool TryRead(SpecNode node, string path, Reporter report, out int value)
    {
        value = 0;
        if (node is not ScalarNode { Kind: ScalarKind.Integer } scalar)
        {
            ReportType(node, path, report);
            return false;
        }

        if (int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= minimum && value <= maximum)
        {
            return true;
        }

        report.Add(Rules.OutOfRange, node.Place, $"'{path}' must be {Expected}, found {node.Found}");
        return false;
    }
}

/// <summary>A number in a range whose ends may be excluded.</summary>
public sealed class NumberType(double minimum, double maximum, bool excludesMinimum = false, bool excludesMaximum = false, bool isWhole = false) : SpecType<double>
{
    /// <summary>The lower end.</summary>
    public double Minimum => minimum;

    /// <summary>The upper end; infinite if there is none.</summary>
    public double Maximum => maximum;

    /// <summary>Whether <see cref="Minimum"/> itself is too small.</summary>
    public bool ExcludesMinimum => excludesMinimum;

    /// <summary>Whether <see cref="Maximum"/> itself is too large.</summary>
    public bool ExcludesMaximum => excludesMaximum;

    /// <summary>Whether it must be whole.</summary>
    public bool IsWhole => isWhole;

    /// <inheritdoc/>
    public override string Expected =>
        (isWhole ? "a whole number " : "a number ") + (excludesMinimum ? "above " : "of at least ") + Text(minimum) +
        (double.IsInfinity(maximum) ? "" : (excludesMaximum ? " and below " : " and at most ") + Text(maximum));

    internal override JsonMap Schema
    {
        get
        {
            var schema = new JsonMap { { "type", isWhole ? "integer" : "number" }, { excludesMinimum ? "exclusiveMinimum" : "minimum", minimum } };
            return double.IsInfinity(maximum) ? schema : schema.With([new(excludesMaximum ? "exclusiveMaximum" : "maximum", maximum)]);
        }
    }

    internal override bool TryRead(SpecNode node, string path, Reporter report, out double value)
    {
        value = 0;
        if (node is not ScalarNode { Kind: ScalarKind.Integer or ScalarKind.Number } scalar)
        {
            ReportType(node, path, report);
            return false;
        }

        if (scalar.Number is { } number && IsInside(number))
        {
            value = number;
            return true;
        }

        report.Add(Rules.OutOfRange, node.Place, $"'{path}' must be {Expected}, found {node.Found}");
        return false;
    }

    /// <summary>The numbers that are in both ranges.</summary>
    internal NumberType Within(NumberType other)
    {
        var (low, high) = (other.Minimum > minimum || (other.Minimum == minimum && other.ExcludesMinimum) ? other : this, other.Maximum < maximum || (other.Maximum == maximum && other.ExcludesMaximum) ? other : this);
        return new(low.Minimum, high.Maximum, low.ExcludesMinimum, high.ExcludesMaximum, isWhole || other.IsWhole);
    }

    /// <summary>Whether a number is in the range.</summary>
    internal bool IsInside(double number) =>
        !(isWhole && number != System.Math.Floor(number)) &&
        (excludesMinimum ? number > minimum : number >= minimum) && (excludesMaximum ? number < maximum : number <= maximum);

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>One of a few words.</summary>
public sealed class WordType(params string[] words) : SpecType<string>
{
    /// <summary>The words.</summary>
    public IReadOnlyList<string> Choices { get; } = words;

    /// <inheritdoc/>
    public override string Expected => Choices.Count == 1 ? $"'{Choices[0]}'" : $"one of {string.Join(", ", Choices)}";

    internal override JsonMap Schema => new() { { "enum", Choices } };

    internal override bool TryRead(SpecNode node, string path, Reporter report, out string value)
    {
        value = (node as ScalarNode)?.Text ?? "";
        if (node is not ScalarNode { Kind: not ScalarKind.Null })
        {
            ReportType(node, path, report);
            return false;
        }

        if (Choices.Contains(value))
        {
            return true;
        }

        report.Add(Rules.UnknownWord, node.Place, $"'{path}' must be {Expected}, found {Words.Quote(value)}{NearestHint(value)}");
        return false;
    }

    private string NearestHint(string word) =>
        Choices.Count > 1 && Words.Nearest(word, Choices) is { } nearest ? $"; did you mean '{nearest}'?" : "";
}
