namespace SlimSpec;

/// <summary>A text of a classification with its class.</summary>
/// <param name="Text">The text.</param>
/// <param name="Class">The class, from 0, in the task's order.</param>
internal sealed record LabelledRow(string Text, int Class)
{
    /// <summary>The rows of a dataset whose label is a class of the task.</summary>
    /// <exception cref="SlimException">The file cannot be read, has not the columns, or has no such row.</exception>
    public static List<LabelledRow> Read(DatasetReference reference, ClassificationTask task, DataCounts counts)
    {
        string[] classes = [.. task.LabelWords.Keys];
        foreach (var (label, name) in reference.Labels ?? new Dictionary<string, string>())
        {
            if (!task.LabelWords.ContainsKey(name))
            {
                throw new SlimException($"{reference.Path}: labels: '{label}' is to be '{name}', but that is no class of the task '{task.Name}'{NearestName.Hint(name, classes)}");
            }
        }

        return DataFile.Read<LabelledRow>(reference, [.. DatasetFormats.Text(reference), DatasetFormats.Label(reference)], counts, Use);

        LabelledRow? Use(string[] values, out string? fault)
        {
            var (text, label) = (string.Join(' ', values[..^1]).Trim(), values[^1].Trim());
            if (reference.Labels is { } labels && !labels.TryGetValue(label, out label))
            {
                counts.OtherLabels++;
                fault = null;
                return null;
            }

            var number = Array.IndexOf(classes, label);
            fault = number < 0 ? $"its label '{label}' is no class of the task '{task.Name}'{NearestName.Hint(label, classes)}; they are {string.Join(", ", classes)}"
                : text.Length == 0 ? "its text is empty"
                : null;
            return fault is null ? new(text, number) : null;
        }
    }
}
