using System.Reflection;
using System.Xml.Linq;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Tests;

/// <summary>The attributes are the language: every key, every property, with types, defaults and descriptions.</summary>
public class RecipeAttributesTests
{
    private static readonly XElement Docs = XDocument.Load(Path.ChangeExtension(typeof(Recipe).Assembly.Location, ".xml")).Root!.Element("members")!;

    public static TheoryData<string> Names => [.. RecipeAttributes.All.Select(attribute => attribute.Name)];

    [Fact]
    public void Every_section_of_a_recipe_has_its_attribute() =>
        RecipeAttributes.All.Select(attribute => attribute.Section).Distinct().ShouldBe(RecipeKeys.Definition.Keys.Except([RecipeKeys.Spec, RecipeKeys.Name, RecipeKeys.Sweep]));

    [Fact]
    public void Every_attribute_of_the_library_is_in_the_language() =>
        typeof(Recipe).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsPublic: true } && type.IsAssignableTo(typeof(Attribute)))
            .Select(type => type.Name[..^"Attribute".Length])
            .ShouldBe([.. RecipeAttributes.All.Select(attribute => attribute.Name), RecipeAttributes.Recipe, RecipeAttributes.ModelKey, RecipeAttributes.Sweep], ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_key_has_its_property_and_every_property_its_key(string name)
    {
        var attribute = RecipeAttributes.All.Single(attribute => attribute.Name == name);

        // One of many that have names is given its name first.
        string[] first = attribute.Section.Type is MapType<Section> ? ["Name"] : [];
        Properties(name).Select(property => property.Name).ShouldBe([.. first, .. attribute.Properties.Select(property => property.Name)], ignoreOrder: true);
        TypeOf(name).GetConstructors().Single().GetParameters().Select(parameter => parameter.Name).ShouldBe(first.Select(RecipeAttributes.Word));
        TypeOf(name).GetCustomAttribute<AttributeUsageAttribute>()!.AllowMultiple.ShouldBe(attribute.Section.Type is not SectionType);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_property_has_the_type_the_default_and_the_description_of_its_key(string name)
    {
        var instance = Activator.CreateInstance(TypeOf(name), [.. TypeOf(name).GetConstructors().Single().GetParameters().Select(parameter => parameter.Name)]);
        foreach (var (key, property) in RecipeAttributes.All.Single(attribute => attribute.Name == name).Properties.Select(of => (of.Key, TypeOf(name).GetProperty(of.Name)!)))
        {
            var value = property.GetValue(instance);
            CheckType(key, property.PropertyType);
            if (key.DefaultValue is not (null or DatasetPart))
            {
                (value is Enum word ? RecipeAttributes.Word(word.ToString()) : value).ShouldBe(key.DefaultValue, $"{name}.{property.Name}");
            }

            Docs.Elements("member").Single(member => member.Attribute("name")!.Value == $"P:{property.DeclaringType!.FullName}.{property.Name}").Element("summary")!.Value
                .ShouldStartWith(key.Description + (key.IsRequired ? " Required." : ""));
        }
    }

    [Theory]
    [InlineData("LoraR", "lora_r")]
    [InlineData("L1", "l1")]
    [InlineData("GradientAccumulationSteps", "gradient_accumulation_steps")]
    public void A_name_and_its_word_are_one(string name, string word)
    {
        RecipeAttributes.Word(name).ShouldBe(word);
        RecipeAttributes.PropertyName([word]).ShouldBe(name);
    }

    private static void CheckType(Key key, Type type)
    {
        if (key.Type is WordType { Choices.Count: > 1 } word)
        {
            CheckWords(key, type, word);
            return;
        }

        if (key.Type is ListType<string> { ItemType: WordType words })
        {
            type.IsArray.ShouldBeTrue(key.Name);
            CheckWords(key, type.GetElementType()!, words);
            return;
        }

        type.ShouldBe(
            key.Type switch
            {
                IntegerType => typeof(int),
                NumberType => typeof(double),
                FlagType => typeof(bool),
                ListType<string> => typeof(string[]),
                ListType<int> => typeof(int[]),
                SparsityType => typeof(object),
                TextType or WordType or DatasetPartType or LayersType or LayersByUnitType or ExitLayersType or QuantityType or DatasetType or TemplateType or MapType<string> or ListType<Section> or ListType<TaskUse> => typeof(string),
                _ => throw new NotSupportedException($"no type of C# for '{key.Name}'"),
            },
            key.Name);
    }

    private static void CheckWords(Key key, Type type, WordType words) => Enum.GetNames(type).Select(RecipeAttributes.Word).ShouldBe(words.Choices, key.Name);

    private static Type TypeOf(string name) => typeof(Recipe).Assembly.GetType($"SlimSpec.{name}Attribute").ShouldNotBeNull();

    private static IEnumerable<PropertyInfo> Properties(string name) => TypeOf(name).GetProperties().Where(property => property.DeclaringType != typeof(Attribute));
}
