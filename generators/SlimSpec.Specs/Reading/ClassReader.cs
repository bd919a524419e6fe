using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>The attributes of a class to the tree that the same recipe in YAML gives, each value at its place in the C# file.</summary>
internal sealed class ClassReader(RecipeClass recipe, Reporter report)
{
    private const int DeepestKey = 32;

    // What attributes of one of many name it by: a parameter of their constructors.
    private const string NameParameter = "name";

    /// <summary>The root.</summary>
    public static MappingNode Read(RecipeClass recipe, Reporter report) => new ClassReader(recipe, report).Read();

    private MappingNode Read()
    {
        var leaves = new List<Leaf>
        {
            new([RecipeKeys.Spec.Name], recipe.Place, new ScalarNode(recipe.Place, "1", isQuoted: false)),
            new([RecipeKeys.Name.Name], recipe.Place, new ScalarNode(recipe.Place, recipe.Name, isQuoted: true)),
        };
        foreach (var attributes in RecipeAttributes.All.GroupBy(attribute => attribute.Section))
        {
            var uses = recipe.Attributes
                .SelectMany(use => attributes.Where(attribute => attribute.Name == use.Name), (use, attribute) => (Use: use, Attribute: attribute))
                .ToList();
            var name = attributes.Key.Name;
            if (attributes.Key == RecipeKeys.Model)
            {
                AddModel(leaves, uses);
            }
            else if (attributes.Key is Key<Section>)
            {
                leaves.AddRange(uses.Select(of => new Leaf([name], of.Use.Place, Mapping(of.Use.Place, Leaves(of.Use, of.Attribute), 0))));
            }
            else if (attributes.Key is Key<IReadOnlyList<NamedItem<Section>>>)
            {
                leaves.AddRange(uses.SelectMany(of => NamedLeaf(name, of.Use, of.Attribute)));
            }
            else if (uses.Count > 0)
            {
                var items = uses.Select(of => Mapping(of.Use.Place, Leaves(of.Use, of.Attribute), 0));
                leaves.Add(new([name], uses[0].Use.Place, new SequenceNode(uses[0].Use.Place, [.. items])));
            }
        }

        leaves.AddRange(recipe.Attributes.Where(use => use.Name == RecipeAttributes.Sweep).SelectMany(SweepLeaf));
        return Mapping(recipe.Place, leaves, 0);
    }

    /// <summary>The model's keys are in two kinds of attributes, in whichever order.</summary>
    private void AddModel(List<Leaf> root, IReadOnlyList<(AttributeUse Use, RecipeAttribute Attribute)> uses)
    {
        var keys = recipe.Attributes.Where(use => use.Name == RecipeAttributes.ModelKey).ToList();
        if (uses.Select(of => of.Use).Concat(keys).FirstOrDefault()?.Place is { } place)
        {
            root.Add(new([RecipeKeys.Model.Name], place, Mapping(place, uses.SelectMany(of => Leaves(of.Use, of.Attribute)).Concat(keys.SelectMany(ModelKeyLeaf)), 0)));
        }
    }

    private IEnumerable<Leaf> Leaves(AttributeUse use, RecipeAttribute attribute)
    {
        if (attribute.KindKey is { } kind)
        {
            yield return new([kind.Name], use.Place, new ScalarNode(use.Place, attribute.Kind!, isQuoted: true));
        }

        foreach (var argument in use.Arguments)
        {
            var property = attribute.Properties.FirstOrDefault(property => property.Name == argument.Name);
            yield return new(property?.Path ?? [RecipeAttributes.Word(argument.Name)], argument.Place, Node(argument.Value, property?.Key.Type.IsYamlInCode == true));
        }
    }

    private IEnumerable<Leaf> NamedLeaf(string section, AttributeUse use, RecipeAttribute attribute)
    {
        if (use.Arguments.FirstOrDefault(argument => argument.Name == NameParameter)?.Value is ScalarValue { IsText: true } name)
        {
            var others = use with { Arguments = new(use.Arguments.Where(argument => argument.Name != NameParameter)) };
            yield return new([section, name.Text], name.Place, Mapping(use.Place, Leaves(others, attribute), 0));
        }
    }

    private IEnumerable<Leaf> ModelKeyLeaf(AttributeUse use)
    {
        if (use.Arguments.FirstOrDefault(argument => argument.Name == NameParameter)?.Value is ScalarValue { IsText: true } name
            && use.Arguments.FirstOrDefault(argument => argument.Name == "value")?.Value is { } value)
        {
            yield return new(name.Text.Split(['.'], DeepestKey), name.Place, Node(value, isYaml: false));
        }
    }

    /// <summary>The key, then its values: one by one or in an array.</summary>
    private IEnumerable<Leaf> SweepLeaf(AttributeUse use)
    {
        if (use.Arguments.Count > 0 && use.Arguments[0].Value is ScalarValue { IsText: true } key)
        {
            var values = use.Arguments.Skip(1).SelectMany(argument => argument.Value is ListValue list ? list.Items : new([argument.Value]));
            yield return new([RecipeKeys.Sweep.Name, key.Text], key.Place, new SequenceNode(use.Place, [.. values.Select(value => Node(value, isYaml: true))]));
        }
    }

    private SpecNode Node(AttributeValue value, bool isYaml)
    {
        switch (value)
        {
            case ScalarValue { IsText: true } text when isYaml && text.Text.TrimStart() is { Length: > 0 } yaml && (yaml[0] == '[' || yaml[0] == '{'):
                return Yaml(text);
            case ScalarValue scalar:
                return new ScalarNode(scalar.Place, scalar.Text, scalar.IsText);
            case ListValue list:
                return new SequenceNode(list.Place, [.. list.Items.Select(item => Node(item, isYaml: false))]);
            default:
                report.Add(Rules.WrongType, value.Place, "a value of a recipe must be a constant: a text, a number, true, false or null, or an array of them");
                return new BadNode(value.Place);
        }
    }

    /// <summary>What attributes cannot nest is a text in YAML's flow form; what is wrong with it is reported at the text.</summary>
    private SpecNode Yaml(ScalarValue text)
    {
        var inner = new Reporter();
        var parsed = YamlReader.Read(new(text.Place.File, text.Text), inner);
        report.AddAll(inner.Sorted().Select(problem => problem with { At = text.Place }));
        return parsed is null ? new BadNode(text.Place) : Overrides.Moved(parsed, text.Place);
    }

    private MappingNode Mapping(Place place, IEnumerable<Leaf> leaves, int depth)
    {
        var entries = new List<MappingEntry>();
        foreach (var leaf in leaves.GroupBy(leaf => leaf.Path[depth]))
        {
            // What is within a key and the key itself, or a key twice: the first counts.
            var first = leaf.First();
            var isOuter = first.Path.Count > depth + 1;
            var fitting = leaf.Where(other => isOuter ? other.Path.Count > depth + 1 : other == first).ToList();
            foreach (var other in leaf.Except(fitting))
            {
                report.Add(Rules.DuplicateKey, other.KeyPlace, $"the key {Words.Quote(leaf.Key)} is written twice; first on line {first.KeyPlace.Line + 1}");
            }

            entries.Add(new(leaf.Key, first.KeyPlace, isOuter ? Mapping(first.KeyPlace, fitting, depth + 1) : first.Value));
        }

        return new(place, entries);
    }

    /// <summary>A value under a key, which may be nested in others.</summary>
    private sealed record Leaf(IReadOnlyList<string> Path, Place KeyPlace, SpecNode Value);
}
