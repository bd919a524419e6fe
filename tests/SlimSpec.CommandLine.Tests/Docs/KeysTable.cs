using System.Text;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine.Tests;

/// <summary>The keys of a section of a recipe, those of sections within it behind a dot, from the tables of the language.</summary>
internal static class KeysTable
{
    public static string Write(string section)
    {
        var key = RecipeKeys.Definition.Keys.Single(key => key.Name == section);
        var text = new StringBuilder("| key | value | what it is |\n|---|---|---|\n");
        Write(text, ((SectionType)key.Type).Definition, "");
        return text.ToString();
    }

    private static void Write(StringBuilder text, SectionDefinition section, string path)
    {
        foreach (var key in section.Keys)
        {
            if (key.Type is SectionType inner)
            {
                Write(text, inner.Definition, $"{path}{key.Name}.");
            }
            else
            {
                text.Append($"| `{path}{key.Name}` | {Value(key)} | {key.Description} |\n");
            }
        }
    }

    private static string Value(Key key)
    {
        var value = key.Type switch
        {
            WordType words => Words(words),
            ListType<string> { ItemType: WordType words } => $"list of {Words(words)}",
            _ => key.Type.Expected,
        };
        return value + (key.IsRequired ? " (needed)" : key.DefaultValue switch
        {
            null or DatasetPart => "",
            bool flag => flag ? " (`true`)" : " (`false`)",
            var standard => FormattableString.Invariant($" (`{standard}`)"),
        });
    }

    private static string Words(WordType words) => string.Join(", ", words.Choices.Select(word => $"`{word}`"));
}
