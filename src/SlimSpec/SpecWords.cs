using System.Text.Json;

namespace SlimSpec;

/// <summary>The words of a spec for the members of its enumerations.</summary>
internal static class SpecWords
{
    /// <summary>The word, in snake case.</summary>
    public static string Of(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>The member of a word; null: there is none.</summary>
    public static T? Find<T>(string word)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (Of(value) == word)
            {
                return value;
            }
        }

        return null;
    }
}
