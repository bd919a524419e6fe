using System.Text;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine.Tests;

/// <summary>The keys of sections of a recipe, those of sections within them behind a dot, from the tables of the language.</summary>
internal static class KeysTable
{
    private const string TaskFile = "task.yaml";
    private const string TaskUse = "evaluate.tasks";

    /// <summary>The keys of a task file or of an entry of <c>evaluate.tasks</c>, or else of a section, of all kinds of a list's items, of the entries of a mapping, or of <c>dataset</c>, which several sections have.</summary>
    public static string Write(string section)
    {
        var text = new StringBuilder("| key | value | what it is |\n|---|---|---|\n");
        if (section is TaskFile or TaskUse || section == DataKeys.Dataset.Name)
        {
            Write(text, (section == TaskFile ? TaskFileKeys.Definition : section == TaskUse ? TaskUseKeys.Definition : DatasetKeys.Definition).Keys, "", null);
            return text.ToString();
        }

        switch (RecipeKeys.Definition.Keys.Single(key => key.Name == section).Type)
        {
            case SectionType single:
                Write(text, single.Definition.Keys, "", null);
                break;
            case MapType<Section> { ValueType: SectionType each }:
                Write(text, each.Definition.Keys, "", null);
                break;
            case ListType<Section> { ItemType: SectionUnionType union }:
                Write(text, union.Cases);
                break;
        }

        return text.ToString();
    }

    /// <summary>First what all kinds have, then what each has of its own.</summary>
    private static void Write(StringBuilder text, IReadOnlyList<(string Word, SectionDefinition Definition)> kinds)
    {
        Key[] common = [.. kinds[0].Definition.Keys.Where(key => kinds.All(kind => kind.Definition.Keys.Contains(key)))];
        Write(text, common, "", null);
        foreach (var (word, definition) in kinds)
        {
            Write(text, definition.Keys.Except(common), "", word);
        }
    }

    private static void Write(StringBuilder text, IEnumerable<Key> keys, string path, string? kind)
    {
        foreach (var key in keys)
        {
            if (key.Type is SectionType inner)
            {
                Write(text, inner.Definition.Keys, $"{path}{key.Name}.", kind);
            }
            else
            {
                text.Append($"| `{path}{key.Name}` | {Value(key)} | {(kind is null ? "" : $"`{kind}`: ")}{key.Description} |\n");
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
            string word when word.All(char.IsWhiteSpace) => $" (`{System.Text.Json.JsonSerializer.Serialize(word)}`)",
            bool flag => flag ? " (`true`)" : " (`false`)",
            var standard => FormattableString.Invariant($" (`{standard}`)"),
        });
    }

    private static string Words(WordType words) => string.Join(", ", words.Choices.Select(word => $"`{word}`"));
}
