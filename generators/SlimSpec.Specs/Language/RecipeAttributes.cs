using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>
/// The recipe language as attributes of C#: which attribute says which section. Their properties follow from the sections' keys by one rule
/// (<see cref="PropertyName"/>), so that a key of the language is a property without further notice.
/// </summary>
public static class RecipeAttributes
{
    /// <summary>The attribute that makes a class a recipe. It stands for <c>spec: 1</c>, the class's name for <c>name:</c>.</summary>
    public const string Recipe = "SlimRecipe";

    /// <summary>The attribute that gives one of the model's keys of <c>config.json</c>.</summary>
    public const string ModelKey = "ModelKey";

    /// <summary>The attribute that gives a key of the sweep.</summary>
    public const string Sweep = "Sweep";

    /// <summary>The attributes of the sections.</summary>
    public static IReadOnlyList<RecipeAttribute> All { get; } =
    [
        new("Model", RecipeKeys.Model),
        new("Calibration", RecipeKeys.Calibration),
        new("CutWidth", RecipeKeys.Prune, CutKeys.Cut, CutKeys.Width),
        new("CutDepth", RecipeKeys.Prune, CutKeys.Cut, CutKeys.Depth),
        new("Constraints", RecipeKeys.Constraints),
        new("Classification", RecipeKeys.Tasks),
        new("RecoverLora", RecipeKeys.Recover, RecoveryKeys.Method, RecoveryKeys.Lora),
        new("RecoverFull", RecipeKeys.Recover, RecoveryKeys.Method, RecoveryKeys.Full),
        new("RecoverPartial", RecipeKeys.Recover, RecoveryKeys.Method, RecoveryKeys.Partial),
        new("RecoverDistill", RecipeKeys.Recover, RecoveryKeys.Method, RecoveryKeys.Distill),
        new("Exits", RecipeKeys.Exits),
        new("Evaluate", RecipeKeys.Evaluate),
        new("ExportHuggingFace", RecipeKeys.Export, ExportKeys.Format, ExportKeys.HuggingFace),
        new("ExportNemotronNas", RecipeKeys.Export, ExportKeys.Format, ExportKeys.NemotronNas),
        new("ExportGguf", RecipeKeys.Export, ExportKeys.Format, ExportKeys.Gguf),
        new("ExportPeft", RecipeKeys.Export, ExportKeys.Format, ExportKeys.Peft),
        new("Train", RecipeKeys.Train),
    ];

    /// <summary>The property of a key: <c>lora_r</c> is <c>LoraR</c>, <c>first</c> within <c>protect</c> is <c>ProtectFirst</c>.</summary>
    public static string PropertyName(IEnumerable<string> path) =>
        string.Concat(path.SelectMany(key => key.Split('_')).Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1)));

    /// <summary>The word of the language that a name of C# stands for: <c>LoraR</c> is <c>lora_r</c>, <c>L1</c> is <c>l1</c>.</summary>
    public static string Word(string name) =>
        string.Concat(name.Select((character, i) => i > 0 && char.IsUpper(character) ? $"_{char.ToLowerInvariant(character)}" : $"{char.ToLowerInvariant(character)}"));
}

/// <summary>An attribute and the section that it says.</summary>
public sealed class RecipeAttribute
{
    internal RecipeAttribute(string name, Key<Section> section)
    {
        (Name, Section) = (name, section);
        Properties = [.. PropertiesOf(((SectionType)section.Type).Definition, [], null)];
    }

    internal RecipeAttribute(string name, Key<IReadOnlyList<Located<Section>>> section, Key<string> kindKey, string kind)
    {
        (Name, Section, KindKey, Kind) = (name, section, kindKey, kind);
        Properties = [.. PropertiesOf(((SectionUnionType)((ListType<Section>)section.Type).ItemType).Cases.First(each => each.Word == kind).Definition, [], kindKey)];
    }

    internal RecipeAttribute(string name, Key<IReadOnlyList<NamedItem<Section>>> section)
    {
        (Name, Section) = (name, section);
        Properties = [.. PropertiesOf(((SectionType)((MapType<Section>)section.Type).ValueType).Definition, [], null)];
    }

    /// <summary>Its name without <c>Attribute</c>.</summary>
    public string Name { get; }

    /// <summary>The section, or the list whose items it gives, in order of appearance, or the mapping whose entries it gives, each under the name in front of its properties.</summary>
    public Key Section { get; }

    /// <summary>Of an item of a list, the key that its attribute's name stands for: <c>cut</c>.</summary>
    public Key? KindKey { get; }

    /// <summary>The value of <see cref="KindKey"/>: <c>width</c>.</summary>
    public string? Kind { get; }

    /// <summary>Its properties, one for each key.</summary>
    public IReadOnlyList<AttributeProperty> Properties { get; }

    private static IEnumerable<AttributeProperty> PropertiesOf(SectionDefinition section, string[] path, Key? without)
    {
        foreach (var key in section.Keys.Where(key => key != without))
        {
            string[] inner = [.. path, key.Name];
            foreach (var property in key.Type is SectionType nested ? PropertiesOf(nested.Definition, inner, null) : [new(RecipeAttributes.PropertyName(inner), key, inner)])
            {
                yield return property;
            }
        }
    }
}

/// <summary>A property of an attribute.</summary>
/// <param name="Name">Its name, <c>ProtectFirst</c>.</param>
/// <param name="Key">The key that it says.</param>
/// <param name="Path">The key within the attribute's section: <c>protect</c>, <c>first</c>.</param>
public sealed record AttributeProperty(string Name, Key Key, IReadOnlyList<string> Path);
