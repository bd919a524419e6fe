using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>An entry of <c>tasks:</c>.</summary>
public static class TaskKeys
{
    /// <summary>The prompt.</summary>
    public static readonly Key<string> Template = Key.Required("template", new TemplateType(), "The prompt: {text} stands for the text to classify, and the answer follows it.");

    /// <summary>The classes.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<string>>> Labels = Key.Required(
        "labels",
        new MapType<string>(new TextType("a word"), "a mapping of classes to the words that name them such as { NUM: Number, LOC: Location }"),
        "The classes and the words that name them in a prompt's answer, in order.");

    /// <summary>Solved examples.</summary>
    public static readonly Key<int> Demonstrations = Key.Default("demonstrations", new IntegerType(0, 1000), 0, "Solved examples of each class that every prompt begins with, drawn from the training data by the step's seed and not trained on.");

    /// <summary>Training examples.</summary>
    public static readonly Key<int> Shots = Key.Optional("shots", new IntegerType(1, int.MaxValue), "Training examples of each class, drawn by the step's seed; all of them where absent.");

    /// <summary>The training data.</summary>
    public static readonly Key<DatasetChoice> Train = Key.Required("train", new DatasetType(), "What is trained on, with a label in each row: a path, or a mapping that says what is in the file.");

    /// <summary>The test data.</summary>
    public static readonly Key<DatasetChoice> Test = Key.Required("test", new DatasetType(), "What accuracy is measured on, as train.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("A classification of texts.", [Template, Labels, Demonstrations, Shots, Train, Test]);
}

/// <summary>A prompt, which may have several lines, with one place for a text.</summary>
public sealed class TemplateType : SpecType<string>
{
    /// <summary>What stands for the text.</summary>
    public const string Slot = "{text}";

    /// <inheritdoc/>
    public override string Expected => $"a prompt with one {Slot} in it";

    internal override JsonMap Schema => new() { { "type", "string" }, { "pattern", @"\{text\}" } };

    internal override bool TryRead(SpecNode node, string path, Reporter report, out string value)
    {
        value = (node as ScalarNode)?.Text ?? "";
        if (node is not ScalarNode { Kind: ScalarKind.Text } || value.Any(character => char.IsControl(character) && character is not ('\n' or '\t')))
        {
            ReportType(node, path, report);
            return false;
        }

        var first = value.IndexOf(Slot, System.StringComparison.Ordinal);
        if (first >= 0 && value.LastIndexOf(Slot, System.StringComparison.Ordinal) == first)
        {
            return true;
        }

        report.Add(Rules.Classification, node.Place, $"'{path}' must hold {Slot} exactly once, where the text to classify goes; it holds {(first < 0 ? "none" : "more")}");
        return false;
    }
}
