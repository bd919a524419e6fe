using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>What the graph makes of a constant.</summary>
internal enum ConstantKind
{
    Number,
    Flag,
    Word,
}

/// <summary>What the graph makes of a constant: its kind, the range of a number, the choices of a word, and whether null switches off all that reads it.</summary>
internal sealed record ConstantUse(ConstantKind Kind, NumberType Range, IReadOnlyList<string> Choices, bool MayBeNull)
{
    /// <summary>Any number.</summary>
    public static readonly NumberType Anything = new(-1e30, 1e30);

    /// <summary>The id of a token.</summary>
    public static readonly NumberType TokenId = new(0, 16_777_215, isWhole: true);

    /// <summary>The uses in the graph decide what it is (<see cref="GraphNames"/> has them agree); a constant without use is as its default.</summary>
    public static ConstantUse Of(ConstantDefinition constant, ArchitectureModel architecture)
    {
        var uses = Uses(constant.Name, architecture).ToList();
        return uses.Count > 0 ? uses[0] with { Range = uses.Skip(1).Aggregate(uses[0].Range, (range, use) => range.Within(use.Range)), MayBeNull = uses.All(use => use.MayBeNull) } : new(
            constant.IsPresence || constant.Default?.Flag is not null ? ConstantKind.Flag : constant.Default?.Text is not null ? ConstantKind.Word : ConstantKind.Number,
            Anything,
            [],
            constant.Default?.IsNull == true);
    }

    private static IEnumerable<ConstantUse> Uses(string name, ArchitectureModel architecture)
    {
        if (architecture.Prefix is { } prefix && (prefix.Start == name || prefix.Marks.Contains(name)))
        {
            yield return new(ConstantKind.Number, TokenId, [], false);
        }

        foreach (var node in architecture.Embedding.Concat(architecture.Layer).Concat(architecture.Head))
        {
            if (Names(node.When, name))
            {
                yield return new(ConstantKind.Flag, Anything, [], false);
            }

            foreach (var attribute in GraphOps.Find(node.Op)!.Attributes)
            {
                if (attribute.Kind == AttributeKind.Condition ? Names(node.Attribute(attribute.Key), name) : node.Attribute(attribute.Key) == name && KindOf(attribute) is not null)
                {
                    yield return new(KindOf(attribute) ?? ConstantKind.Flag, attribute.Range ?? Anything, attribute.Choices, attribute.MayBeNull);
                }
            }
        }
    }

    /// <summary>What an attribute makes of a constant that it names, or null if it names none.</summary>
    public static ConstantKind? KindOf(OpAttribute attribute) => attribute.Kind switch
    {
        AttributeKind.Number => ConstantKind.Number,
        AttributeKind.Flag => ConstantKind.Flag,
        AttributeKind.WordConstant => ConstantKind.Word,
        _ => null,
    };

    private static bool Names(string? condition, string name) => condition is not null && (Condition.Parse(condition)?.Flags.Contains(name) ?? false);
}
