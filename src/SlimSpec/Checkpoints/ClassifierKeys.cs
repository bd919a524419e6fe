using System.Globalization;
using System.Text.Json.Nodes;

namespace SlimSpec;

/// <summary>What makes a folder one of Hugging Face's <c>*ForSequenceClassification</c>: keys of <c>config.json</c>, and a tensor.</summary>
internal static class ClassifierKeys
{
    /// <summary>The classifier's weight, <c>[classes, width]</c>.</summary>
    public const string Weight = "score.weight";

    private const string Names = "id2label";
    private static readonly string[] LanguageModels = ["ForCausalLM", "LMHeadModel", "ForConditionalGeneration"];

    /// <summary>Says in a configuration which classes there are.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="architecture">The model's architecture.</param>
    /// <param name="classes">The classes, in the order of the classifier's rows.</param>
    public static void Set(JsonObject config, ArchitectureInfo architecture, IReadOnlyList<string> classes)
    {
        var name = architecture.HuggingFaceClass;
        var end = Array.Find(LanguageModels, end => name.EndsWith(end, StringComparison.Ordinal)) ?? "";
        config["architectures"] = new JsonArray($"{name[..^end.Length]}ForSequenceClassification");
        config["num_labels"] = classes.Count;
        config[Names] = new JsonObject(classes.Select((label, number) => KeyValuePair.Create(Number(number), (JsonNode?)label)));
        config["label2id"] = new JsonObject(classes.Select((label, number) => KeyValuePair.Create(label, (JsonNode?)number)));
        config["problem_type"] = "single_label_classification";

        // Hugging Face finds the last token of a padded text by it.
        if (config["pad_token_id"] is null)
        {
            config["pad_token_id"] = (config["eos_token_id"] is JsonArray { Count: > 0 } several ? several[0] : config["eos_token_id"])?.DeepClone() ?? 0;
        }
    }

    /// <summary>The classes that a configuration names, in order; null: it names none.</summary>
    /// <exception cref="SlimException">They are not numbered from 0.</exception>
    public static IReadOnlyList<string>? Read(JsonPlace root)
    {
        if (!root.Has(Names))
        {
            return null;
        }

        var labels = root[Names].Properties().ToDictionary(label => label.Key, label => label.Value);
        return [.. Enumerable.Range(0, labels.Count).Select(number => labels.TryGetValue(Number(number), out var label)
            ? label.String()
            : throw root[Names].Wrong($"the classes are not numbered from 0: {number} is missing"))];
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
