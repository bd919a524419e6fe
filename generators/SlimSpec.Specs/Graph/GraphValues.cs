using System;
using System.Collections.Generic;
using System.Globalization;

namespace SlimSpec.Specs;

/// <summary>What a configuration says: sizes and constants, as far as they are known.</summary>
internal sealed class GraphValues(Func<string, int?> sizeOf, IReadOnlyDictionary<string, ConstantValue> constants)
{
    /// <summary>Whether a condition of a checked architecture holds.</summary>
    public bool Holds(string condition) => Condition.Parse(condition)!.Holds(IsFlagSet, sizeOf);

    /// <summary>Whether a flag attribute, <c>true</c>, <c>false</c> or a constant's name, is set.</summary>
    public bool IsSet(string flag) => flag == "true" || (flag != "false" && IsFlagSet(flag));

    /// <summary>Whether an attribute is null, or names a constant that is.</summary>
    public bool IsNull(string attribute) => attribute == "null" || (constants.TryGetValue(attribute, out var value) && value.IsNull);

    /// <summary>The word that an attribute is or names; null where it is null or not known.</summary>
    public string? Word(string attribute, IReadOnlyList<string> choices) =>
        constants.TryGetValue(attribute, out var value) ? value.Text
        : IsAmong(attribute, choices) ? attribute
        : null;

    /// <summary>The number that an attribute is or names, or null.</summary>
    public double? Number(string attribute) =>
        constants.TryGetValue(attribute, out var value) ? value.Number
        : double.TryParse(attribute, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : null;

    /// <summary>The size of a dimension, where it is known.</summary>
    public int? Size(string dimension) => sizeOf(dimension);

    private bool IsFlagSet(string name) => constants.TryGetValue(name, out var value) && value.Flag == true;

    private static bool IsAmong(string word, IReadOnlyList<string> choices)
    {
        foreach (var choice in choices)
        {
            if (choice == word)
            {
                return true;
            }
        }

        return false;
    }
}
