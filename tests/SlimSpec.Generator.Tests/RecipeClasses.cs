using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;
using SlimSpec.Specs;
using YamlDotNet.RepresentationModel;

namespace SlimSpec.Generator.Tests;

/// <summary>Writes the class that says what a spec says, key by key.</summary>
internal static class RecipeClasses
{
    /// <summary>The C# of a spec's text.</summary>
    public static string Of(string spec, string name)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(spec));
        var text = new StringBuilder("using SlimSpec;\n\nnamespace Classes;\n\n[SlimRecipe]\n");
        foreach (var (key, value) in Entries(yaml.Documents[0].RootNode).Where(entry => entry.Key is not ("spec" or "name" or "sweep")))
        {
            var isNamed = RecipeAttributes.All.Any(attribute => attribute.Section.Name == key && attribute.Section.Type is MapType<Section>);
            foreach (var (first, section) in isNamed ? Entries(value).Select(entry => ((string?)entry.Key, entry.Value)) : (value is YamlSequenceNode list ? list.Children : [value]).Select(section => ((string?)null, section)))
            {
                Write(text, key, section, first);
            }
        }

        foreach (var (key, values) in Entries(yaml.Documents[0].RootNode).Where(entry => entry.Key == "sweep").SelectMany(entry => Entries(entry.Value)))
        {
            text.Append($"[Sweep({Quote(key)}, {string.Join(", ", ((YamlSequenceNode)values).Select(value => value is YamlScalarNode scalar ? Literal(scalar) : Quote(Flow(value))))})]\n");
        }

        return text.Append($"internal partial class {name};\n").ToString();
    }

    private static void Write(StringBuilder text, string key, YamlNode section, string? first)
    {
        var attribute = RecipeAttributes.All.Single(attribute => attribute.Section.Name == key
            && (attribute.KindKey is null || Entries(section).Contains((attribute.KindKey.Name, new YamlScalarNode(attribute.Kind)))));
        var written = Leaves(section, [], attribute).Where(leaf => leaf.Path[0] != attribute.KindKey?.Name)
            .ToLookup(leaf => attribute.Properties.SingleOrDefault(property => property.Path.SequenceEqual(leaf.Path)));
        var properties = written.Where(leaf => leaf.Key is not null).SelectMany(leaf => leaf, (property, leaf) => $"{property.Key!.Name} = {Value(property.Key.Key, leaf.Value)}");
        text.Append($"[{attribute.Name}({string.Join(", ", first is null ? properties : properties.Prepend(Quote(first)))})]\n");
        foreach (var (path, value) in written[null])
        {
            text.Append($"[ModelKey(\"{string.Join('.', path)}\", {Literal((YamlScalarNode)value)})]\n");
        }
    }

    private static IEnumerable<(string[] Path, YamlNode Value)> Leaves(YamlNode section, string[] outer, RecipeAttribute attribute) =>
        Entries(section).SelectMany(entry => entry.Value is YamlMappingNode inner && !attribute.Properties.Any(property => property.Path.SequenceEqual([.. outer, entry.Key]))
            ? Leaves(inner, [.. outer, entry.Key], attribute)
            : [([.. outer, entry.Key], entry.Value)]);

    private static IEnumerable<(string Key, YamlNode Value)> Entries(YamlNode mapping) =>
        ((YamlMappingNode)mapping).Children.Select(entry => (((YamlScalarNode)entry.Key).Value!, entry.Value));

    private static string Value(Key key, YamlNode value) => (key.Type, value) switch
    {
        (WordType { Choices.Count: > 1 } words, YamlScalarNode word) => Word(words, word),
        (ListType<string> { ItemType: WordType words }, YamlSequenceNode list) => $"[{string.Join(", ", list.Children.Select(word => Word(words, (YamlScalarNode)word)))}]",
        (LayersType, YamlSequenceNode layers) => Quote(string.Join(", ", layers.Children)),
        (SparsityType or LayersByUnitType or ExitLayersType or DatasetType or MapType<string>, YamlMappingNode or YamlSequenceNode) => Quote(Flow(value)),
        (_, YamlSequenceNode list) => $"[{string.Join(", ", list.Children.Select(item => Quote(((YamlScalarNode)item).Value!)))}]",
        (IntegerType or NumberType or FlagType or SparsityType, YamlScalarNode number) => number.Value!,
        _ => Quote(((YamlScalarNode)value).Value!),
    };

    /// <summary>A node as YAML on one line.</summary>
    private static string Flow(YamlNode node) => node switch
    {
        YamlMappingNode mapping => $"{{ {string.Join(", ", Entries(mapping).Select(entry => $"{entry.Key}: {Flow(entry.Value)}"))} }}",
        YamlSequenceNode list => $"[{string.Join(", ", list.Children.Select(Flow))}]",
        _ => ((YamlScalarNode)node).Style != YamlDotNet.Core.ScalarStyle.Plain ? $"'{((YamlScalarNode)node).Value}'" : ((YamlScalarNode)node).Value!,
    };

    private static string Word(WordType words, YamlScalarNode word) => $"{EnumOf(words)}.{RecipeAttributes.PropertyName([word.Value!])}";

    private static string EnumOf(WordType words) => typeof(RecipeSettings).Assembly.GetTypes()
        .Single(type => type.IsEnum && words.Choices.SequenceEqual(Enum.GetNames(type).Select(RecipeAttributes.Word))).Name;

    private static string Literal(YamlScalarNode scalar) =>
        scalar.Style == YamlDotNet.Core.ScalarStyle.Plain
        && (scalar.Value is "true" or "false" or "null" || double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            ? scalar.Value!
            : Quote(scalar.Value!);

    private static string Quote(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
