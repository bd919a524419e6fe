using System.Globalization;
using System.Text.RegularExpressions;

namespace SlimSpec.Specs;

/// <summary>What a plain scalar means (YAML 1.2, section 10.3.2, without octal and hexadecimal numbers).</summary>
internal enum ScalarKind
{
    Null,
    Flag,
    Integer,
    Number,
    Text,
}

/// <summary>A word, a number, a flag or nothing.</summary>
internal sealed class ScalarNode : SpecNode
{
    private static readonly Regex IntegerForm = new(@"^[-+]?[0-9]+\z", RegexOptions.CultureInvariant);
    private static readonly Regex NumberForm = new(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant);

    public ScalarNode(Place place, string text, bool isQuoted)
        : base(place)
    {
        Text = text;
        Kind = isQuoted ? ScalarKind.Text : KindOf(text);
    }

    public string Text { get; }

    public ScalarKind Kind { get; }

    public override string Found => Kind switch
    {
        ScalarKind.Null => "nothing",
        ScalarKind.Text => $"the text {Words.Quote(Text, '"')}",
        _ => Words.Shorten(Text),
    };

    /// <summary>The value of a flag.</summary>
    public bool Flag => Text is "true" or "True" or "TRUE";

    /// <summary>The value of an integer or a number, or null where a double cannot hold it.</summary>
    public double? Number =>
        double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && !double.IsInfinity(number) ? number : null;

    /// <summary>The same value at another place.</summary>
    public ScalarNode MovedTo(Place place) => new(place, Text, Kind == ScalarKind.Text);

    private static ScalarKind KindOf(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarKind.Flag,
        { Length: > 400 } => ScalarKind.Text,
        _ when IntegerForm.IsMatch(text) => ScalarKind.Integer,
        _ when NumberForm.IsMatch(text) => ScalarKind.Number,
        _ => ScalarKind.Text,
    };
}
