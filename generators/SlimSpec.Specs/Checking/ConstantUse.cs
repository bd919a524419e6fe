using System.Linq;

namespace SlimSpec.Specs;

/// <summary>What the graph makes of a constant: whether it must be a flag, and otherwise the range of the number.</summary>
internal sealed record ConstantUse(bool IsFlag, NumberType Range)
{
    private static readonly NumberType Anything = new(-1e30, 1e30);

    /// <summary>The first use in the graph decides; a constant without use is as its default.</summary>
    public static ConstantUse Of(ConstantDefinition constant, ArchitectureModel architecture)
    {
        foreach (var node in architecture.Embedding.Concat(architecture.Layer).Concat(architecture.Head))
        {
            foreach (var attribute in GraphOps.Find(node.Op)!.Attributes.Where(attribute => node.Attribute(attribute.Key) == constant.Name))
            {
                if (attribute.Kind is AttributeKind.Flag or AttributeKind.Number)
                {
                    return new(attribute.Kind == AttributeKind.Flag, attribute.Range ?? Anything);
                }
            }
        }

        return new(constant.Default?.Flag is not null, Anything);
    }
}
