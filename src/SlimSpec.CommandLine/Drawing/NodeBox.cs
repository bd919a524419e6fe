namespace SlimSpec.CommandLine;

/// <summary>What stands in a node's box, line by line, and how large that is.</summary>
internal sealed class NodeBox
{
    /// <summary>Height of an axis's bar.</summary>
    public const double BarHeight = 17;

    /// <summary>Width of a structure's letter in a bar.</summary>
    public const double LetterWidth = 16;

    /// <summary>Width of a structure's pattern in a bar.</summary>
    public const double PatternWidth = 12;

    /// <summary>Width of a character of a title; everything is set in a typewriter face, so that widths are known.</summary>
    public const double TitleCharacter = 7.3;

    /// <summary>Width of a character of other text.</summary>
    public const double Character = 6.65;

    /// <summary>From one line to the next.</summary>
    public const double LineHeight = 15;

    private const double Padding = 9;
    private const int LongestLine = 34;

    public NodeBox(ShownNode node)
    {
        (Name, Operation) = (node.Name, node.Op == node.Name ? "" : Symbol(node.Op));
        IsConditional = node.When is not null && node.Op != "choose";
        Lines = [.. Content(node).SelectMany(line => Wrap(line.Text).Select(part => (part, line.Class)))];
        Top = node.Axes.FirstOrDefault(axis => axis.Name == (node.Op == "embedding" ? "rows" : "columns"));
        Bottom = node.Axes.FirstOrDefault(axis => axis != Top);
        IsPlain = Lines.Count == 0 && Top is null && Bottom is null;
        var widths = Lines.Select(line => line.Text.Length * Character)
            .Concat(new[] { Top, Bottom }.OfType<ShownAxis>().Select(BarWidth))
            .Append((Name.Length + 1 + Operation.Length) * TitleCharacter);
        Width = Math.Ceiling(widths.Max() + (2 * Padding));
        Height = (IsPlain ? 25 : 9 + LineHeight + (Lines.Count * LineHeight)) + (Top is null ? 0 : BarHeight) + (Bottom is null ? 0 : BarHeight);
    }

    public NodeBox(ShownInput input)
    {
        (Name, Operation, Lines, IsPlain, IsInput) = (input.Name, "", [], true, true);
        (Width, Height) = (Math.Ceiling((input.Name.Length * TitleCharacter) + (2 * Padding)), 22);
    }

    /// <summary>The node's name.</summary>
    public string Name { get; }

    /// <summary>Its operation, by name or sign.</summary>
    public string Operation { get; }

    /// <summary>The lines below the title, with their classes in the style sheet.</summary>
    public IReadOnlyList<(string Text, string Class)> Lines { get; }

    /// <summary>The bar at the top: what comes in.</summary>
    public ShownAxis? Top { get; }

    /// <summary>The bar at the bottom: what goes out.</summary>
    public ShownAxis? Bottom { get; }

    /// <summary>Whether a title is all there is.</summary>
    public bool IsPlain { get; }

    /// <summary>Whether it stands for what a part reads from outside.</summary>
    public bool IsInput { get; }

    /// <summary>Whether the node may be absent.</summary>
    public bool IsConditional { get; }

    public double Width { get; }

    public double Height { get; }

    private static double BarWidth(ShownAxis axis) =>
        (axis.Structures.Count * (LetterWidth + PatternWidth)) + (BarText(axis).Length * Character) - Padding;

    /// <summary>What a bar says.</summary>
    public static string BarText(ShownAxis axis) => (axis.Name == "slopes" ? "slopes: " : "") + axis.Label.Replace(" * ", " \u00d7 ", StringComparison.Ordinal);

    private static string Symbol(string op) => op switch { "add" => "+", "mul" => "\u00d7", _ => op };

    private static IEnumerable<(string Text, string Class)> Content(ShownNode node)
    {
        if (node.Weight is not null)
        {
            // A long one has its bias on a line of its own.
            var bias = node.Weight.Length > LongestLine ? node.Weight.IndexOf(" + ", StringComparison.Ordinal) : -1;
            yield return (bias < 0 ? node.Weight : node.Weight[..bias], "weight");
            if (bias >= 0)
            {
                yield return (node.Weight[(bias + 1)..], "weight");
            }
        }

        foreach (var remark in node.Remarks)
        {
            yield return (remark, "remark");
        }

        if (node.When is not null)
        {
            yield return (node.Op == "choose" ? $"{node.Inputs[0]} if {node.When}, else {node.Inputs[1]}" : "if " + node.When, "when");
        }
    }

    private static IEnumerable<string> Wrap(string text)
    {
        while (text.Length > LongestLine && text.LastIndexOf(' ', LongestLine) is > 0 and var space)
        {
            yield return text[..space];
            text = "  " + text[(space + 1)..];
        }

        yield return text;
    }
}
