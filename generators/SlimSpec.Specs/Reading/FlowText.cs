using System.Linq;
using System.Text;

namespace SlimSpec.Specs;

/// <summary>A tree as YAML on one line, which reads back as the same tree.</summary>
internal static class FlowText
{
    public static string Of(SpecNode node) => node switch
    {
        MappingNode mapping => mapping.Entries.Count == 0 ? "{}" : $"{{ {string.Join(", ", mapping.Entries.Select(entry => $"{Text(entry.Key)}: {Of(entry.Value)}"))} }}",
        SequenceNode list => $"[{string.Join(", ", list.Items.Select(Of))}]",
        ScalarNode { Kind: ScalarKind.Null } => "null",
        ScalarNode { Kind: ScalarKind.Text } scalar => Text(scalar.Text),
        ScalarNode scalar => scalar.Text,
        _ => "''",
    };

    // What is not clearly a plain text gets quotation marks.
    private static string Text(string text) =>
        text.Length > 0 && char.IsLetter(text[0]) && text.All(character => character < 128 && (char.IsLetterOrDigit(character) || character is '_' or '-' or '.' or '/'))
            && new ScalarNode(null!, text, isQuoted: false).Kind == ScalarKind.Text
            ? text
            : Quoted(text);

    private static string Quoted(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' or '\\' => result.Append('\\').Append(character),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                _ => result.Append(character),
            };
        }

        return result.Append('"').ToString();
    }
}
