using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;

namespace SlimSpec.Generator.Emitting;

/// <summary>C# names for what a spec names in snake case.</summary>
internal static class CSharpNames
{
    // Locals that the emitted methods declare themselves.
    private static readonly HashSet<string> Taken = ["batch", "tokens", "pass", "cache", "scope", "inputIds", "inputId", "hidden", "block", "layer", "observer"];

    /// <summary><c>kv_heads</c> to <c>KvHeads</c>.</summary>
    public static string Pascal(string name) =>
        string.Concat(name.Split('_', '.', '-').Where(part => part.Length > 0).Select(part => char.ToUpperInvariant(part[0]) + part.Substring(1)));

    /// <summary><c>kv_heads</c> to <c>kvHeads</c>, escaped where C# has the word for itself.</summary>
    public static string Camel(string name)
    {
        var pascal = Pascal(name);
        var camel = char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
        return SyntaxFacts.GetKeywordKind(camel) != SyntaxKind.None ? "@" + camel : camel;
    }

    /// <summary>The local variable that holds a node's value.</summary>
    public static string Local(string node)
    {
        var camel = Camel(node);
        return Taken.Contains(camel) ? camel + "Value" : camel;
    }

    /// <summary>A project's root namespace; that of <c>my-models.2024</c>, a name projects may have, is <c>my_models._2024</c>.</summary>
    public static string Namespace(string name) => string.Join(".", name.Split('.').Where(part => part.Length > 0).Select(Identifier));

    private static string Identifier(string part)
    {
        var valid = string.Concat(part.Select(character => SyntaxFacts.IsIdentifierPartCharacter(character) ? character : '_'));
        return SyntaxFacts.GetKeywordKind(valid) != SyntaxKind.None ? "@" + valid
            : SyntaxFacts.IsIdentifierStartCharacter(valid[0]) ? valid
            : "_" + valid;
    }

    /// <summary>
    /// Names for weights: the last part (<c>self_attn.q_proj</c> to <c>QProj</c>), or as many more parts in front as make
    /// it unique.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Properties(IReadOnlyList<string> weights)
    {
        var names = new Dictionary<string, string>();
        foreach (var weight in weights)
        {
            var parts = weight.Split('.');
            var count = 1;
            while (count < parts.Length && weights.Any(other => other != weight && Tail(other, count) == Tail(weight, count)))
            {
                count++;
            }

            names[weight] = Pascal(Tail(weight, count));
        }

        return names;
    }

    /// <summary>Last part of a dotted name.</summary>
    public static string LastPart(string weight) => Tail(weight, 1);

    private static string Tail(string weight, int count)
    {
        var parts = weight.Split('.');
        return string.Join(".", parts.Skip(System.Math.Max(0, parts.Length - count)));
    }
}
