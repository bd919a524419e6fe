using System;
using System.Globalization;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>A class that is a recipe, as its attributes say it: values and places only, so that an incremental pipeline can keep it.</summary>
/// <param name="Path">Path of the C# file.</param>
/// <param name="Name">Name of the class.</param>
/// <param name="Place">Where its name is written.</param>
/// <param name="Attributes">Its attributes, in order of appearance.</param>
/// <param name="Problems">What is wrong with the class's declaration.</param>
public sealed record RecipeClass(string Path, string Name, Place Place, EquatableArray<AttributeUse> Attributes, EquatableArray<Problem> Problems);

/// <summary>An attribute on a class.</summary>
/// <param name="Name">Its name without <c>Attribute</c>.</param>
/// <param name="Place">Where it is written.</param>
/// <param name="Arguments">What is in its brackets.</param>
public sealed record AttributeUse(string Name, Place Place, EquatableArray<AttributeArgument> Arguments);

/// <summary>A property or parameter that is given a value.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Place">Where the name is written, or the value where it is not.</param>
/// <param name="Value">The value.</param>
public sealed record AttributeArgument(string Name, Place Place, AttributeValue Value);

/// <summary>A value in an attribute.</summary>
/// <param name="Place">Where it is written.</param>
public abstract record AttributeValue(Place Place);

/// <summary>A text, a number, a flag or null.</summary>
/// <param name="Place">Where it is written.</param>
/// <param name="Text">As a spec would write it.</param>
/// <param name="IsText">Whether it is a text, whatever it looks like.</param>
public sealed record ScalarValue(Place Place, string Text, bool IsText) : AttributeValue(Place)
{
    /// <summary>A constant as a spec writes it: <c>1.0</c> stays a number that is no integer.</summary>
    public static ScalarValue Of(Place place, object? constant) => new(place, Write(constant), constant is string or char);

    private static string Write(object? constant) => constant switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        float number => WithPoint(number.ToString("R", CultureInfo.InvariantCulture)),
        double number => WithPoint(number.ToString("R", CultureInfo.InvariantCulture)),
        _ => Convert.ToString(constant, CultureInfo.InvariantCulture),
    };

    private static string WithPoint(string number) => number.All(character => char.IsDigit(character) || character == '-') ? number + ".0" : number;
}

/// <summary>A list.</summary>
/// <param name="Place">Where it is written.</param>
/// <param name="Items">Its items.</param>
public sealed record ListValue(Place Place, EquatableArray<AttributeValue> Items) : AttributeValue(Place);

/// <summary>What is none of these, such as a type or a call.</summary>
/// <param name="Place">Where it is written.</param>
public sealed record OtherValue(Place Place) : AttributeValue(Place);
