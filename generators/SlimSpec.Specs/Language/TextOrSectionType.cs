namespace SlimSpec.Specs;

/// <summary>A text, or a mapping that says more than the text would.</summary>
/// <param name="expected">For messages: <c>a path, or a mapping such as { path: a.csv }</c>.</param>
public abstract class TextOrSectionType<T>(string expected) : SpecType<T>
{
    private readonly TextType _text = new(expected);

    /// <inheritdoc/>
    public override string Expected => expected;

    /// <summary>The mapping's keys. Asked for late: they may have values of this type themselves.</summary>
    private protected abstract SectionDefinition Definition { get; }

    internal override bool IsYamlInCode => true;

    internal override JsonMap Schema => SpecSchema.AnyOf(_text.Schema, SpecSchema.OfSection(Definition));

    /// <summary>The value: one of the two is set.</summary>
    private protected abstract T Of(string? text, Section? section);

    internal override bool TryRead(SpecNode node, string path, Reporter report, out T value)
    {
        if (node is MappingNode mapping)
        {
            value = Of(null, Definition.Read(mapping, path, report));
            return true;
        }

        var isRead = _text.TryRead(node, path, report, out var text);
        value = Of(text, null);
        return isRead;
    }
}
