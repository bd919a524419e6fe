using System.Reflection;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>Recipes that are classes: their attributes, read from the program, for the command line to change.</summary>
internal static class CompiledClass
{
    /// <summary>How the names of C# files end.</summary>
    public const string FileSuffix = ".cs";

    private const string Attribute = "Attribute";

    /// <summary>Whether a recipe is declared by a class.</summary>
    public static bool Is(Recipe recipe) => recipe.GetType().IsDefined(typeof(SlimRecipeAttribute), inherit: false);

    /// <summary>The class's attributes as its build read them, but for their places: a program does not know them.</summary>
    public static RecipeClass Read(Type type, string path)
    {
        var place = new Place(path, 0, 0, 0, 0, 0, 0);
        var attributes = type.GetCustomAttributesData().Where(attribute => attribute.AttributeType.Assembly == typeof(Recipe).Assembly);
        return new(path, type.Name, place, new(attributes.Select(attribute => Use(attribute, place))), default);
    }

    private static AttributeUse Use(CustomAttributeData attribute, Place place)
    {
        var given = attribute.Constructor.GetParameters().Zip(attribute.ConstructorArguments, (parameter, value) => (Name: parameter.Name!, Value: value))
            .Concat(attribute.NamedArguments.Select(argument => (Name: argument.MemberName, Value: argument.TypedValue)));
        return new(attribute.AttributeType.Name[..^Attribute.Length], place, new(given.Select(argument => new AttributeArgument(argument.Name, place, Value(argument.Value, place)))));
    }

    private static AttributeValue Value(CustomAttributeTypedArgument argument, Place place) => argument.Value switch
    {
        IReadOnlyCollection<CustomAttributeTypedArgument> items => new ListValue(place, new(items.Select(item => Value(item, place)))),
        { } word when argument.ArgumentType.IsEnum => new ScalarValue(place, RecipeAttributes.Word(Enum.GetName(argument.ArgumentType, word)!), IsText: true),
        var constant => ScalarValue.Of(place, constant),
    };
}
