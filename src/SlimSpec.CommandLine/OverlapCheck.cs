using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>Warns of texts and questions that a model is measured on and has seen: such numbers flatter it.</summary>
internal static class OverlapCheck
{
    // Stories of one kind share a few runs of words.
    private const double Tolerated = 0.05;

    /// <summary>A sentence for each text and task of <c>evaluate</c> that is in what calibration and recovery read.</summary>
    /// <param name="job">The job.</param>
    /// <param name="seen">What calibration and recovery read.</param>
    /// <exception cref="SlimException">Data cannot be read, or a row of a task cannot be put into words.</exception>
    public static IReadOnlyList<string> Warnings(Job job, IReadOnlyCollection<DatasetReference> seen)
    {
        var texts = seen.Distinct().Select(dataset => (Name: Name(dataset), Text: Read(job, dataset))).Where(other => other.Text is not null).ToList();
        return texts.Count == 0 ? [] : [.. Measured(job).SelectMany(one => texts.Select(other => Warning(one, other.Name, other.Text!))).OfType<string>()];
    }

    private static string? Warning(MeasuredText measured, string name, string seen)
    {
        var share = TextOverlap.Share(measured.Text, [seen]);
        return share > Tolerated
            ? string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} % of {measured.Name}, which {measured.What} is measured on, is in {name}, which the model sees before (runs of {TextOverlap.Words} words): the {measured.What} says little of what is new")
            : null;
    }

    private static IEnumerable<MeasuredText> Measured(Job job)
    {
        var evaluate = job.Settings.Evaluate ?? new();
        foreach (var dataset in evaluate.Perplexity.Select(one => one.Dataset).Distinct())
        {
            if (Read(job, dataset) is { } text)
            {
                yield return new(Name(dataset), "perplexity", text);
            }
        }

        foreach (var task in evaluate.Tasks)
        {
            yield return new($"the rows of {task.Task}", "score", Questions(task with { Dataset = job.FindShown(task.Dataset), NumFewshot = 0, Description = "" }));
        }
    }

    // Each question with its answer.
    private static string Questions(MultipleChoiceTask task) =>
        string.Join('\n', MultipleChoicePrompts.Render(task).Select(item => item.Choices[item.Gold].Context + item.Choices[item.Gold].Continuation));

    // Ready token ids have no words.
    private static string? Read(Job job, DatasetReference dataset)
    {
        var found = job.FindShown(dataset);
        return DatasetFormats.Of(found) == DatasetFormat.Ids ? null : TokenDatasetFile.ReadText(found, new());
    }

    private static string Name(DatasetReference dataset) => dataset is { From: 0, To: 1 } ? dataset.Path : $"{dataset.Path} {StageTable.Part(dataset.From, dataset.To)}";

    private sealed record MeasuredText(string Name, string What, string Text);
}
