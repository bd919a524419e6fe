using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>A text as it is, with its spaces and line ends; it may be empty.</summary>
public sealed class VerbatimType : SpecType<string>
{
    /// <inheritdoc/>
    public override string Expected => "a text";

    internal override JsonMap Schema => new() { { "type", new object[] { "string", "number", "boolean" } } };

    internal override bool TryRead(SpecNode node, string path, Reporter report, out string value)
    {
        value = (node as ScalarNode)?.Text ?? "";
        if (node is ScalarNode { Kind: not ScalarKind.Null })
        {
            return true;
        }

        ReportType(node, path, report);
        return false;
    }
}

/// <summary>A template over a row's fields, or the name of one of them.</summary>
public sealed class RowTemplateType : SpecType<string>
{
    /// <inheritdoc/>
    public override string Expected => "a template such as \"Question: {{question}}\"";

    internal override JsonMap Schema => new() { { "type", new object[] { "string", "number", "boolean" } } };

    internal override bool TryRead(SpecNode node, string path, Reporter report, out string value)
    {
        value = (node as ScalarNode)?.Text ?? "";
        if (node is ScalarNode { Kind: not ScalarKind.Null })
        {
            return Check(node, path, value, report);
        }

        ReportType(node, path, report);
        return false;
    }

    /// <summary>Reports a template that cannot be read; gives whether it can.</summary>
    internal static bool Check(SpecNode node, string path, string source, Reporter report)
    {
        try
        {
            _ = Template.ParseField(source);
            return true;
        }
        catch (TemplateException failure)
        {
            report.Add(Rules.Template, node.Place, $"'{path}' at {failure.Placed}{(failure.Word is { } word ? Words.Hint(word, failure.Known) : "")}");
            return false;
        }
    }
}

/// <summary>A template that gives a list, or a list of templates, which is read as one.</summary>
public sealed class ChoiceTemplateType : SpecType<string>
{
    private const int FewestChoices = 2;

    /// <inheritdoc/>
    public override string Expected => "a template such as \"{{choices.text}}\", or a list of two templates or more such as [\"no\", \"yes\"]";

    internal override bool IsYamlInCode => true;

    internal override JsonMap Schema
    {
        get
        {
            var item = new JsonMap { { "type", new object[] { "string", "number", "boolean" } } };
            return SpecSchema.AnyOf(new() { { "type", "string" } }, new() { { "type", "array" }, { "items", item }, { "minItems", FewestChoices } });
        }
    }

    internal override bool TryRead(SpecNode node, string path, Reporter report, out string value)
    {
        value = "";
        switch (node)
        {
            case ScalarNode { Kind: ScalarKind.Text } scalar:
                value = scalar.Text;
                return RowTemplateType.Check(node, path, value, report);
            case SequenceNode { Items: var items } when items.Count >= FewestChoices && items.All(item => item is ScalarNode { Kind: not ScalarKind.Null }):
                var sources = items.Select(item => ((ScalarNode)item).Text).ToList();
                var count = report.Count;
                foreach (var (item, number) in items.Select((item, number) => (item, number)))
                {
                    // A word alone is that word here, not a field.
                    RowTemplateType.Check(item, $"{path}[{number}]", sources[number], report);
                }

                value = report.Count == count ? Template.ListOf(sources) : "";
                return report.Count == count;
            default:
                ReportType(node, path, report);
                return false;
        }
    }
}
