using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>Warns of texts that a model is measured on and has seen: those perplexities flatter it.</summary>
internal static class OverlapCheck
{
    // Stories of one kind share a few runs of words.
    private const double Tolerated = 0.05;

    /// <summary>A sentence for each text of <c>evaluate</c> that is in what calibration and recovery read.</summary>
    /// <param name="job">The job.</param>
    /// <param name="seen">What calibration and recovery read.</param>
    public static IReadOnlyList<string> Warnings(Job job, IReadOnlyCollection<DatasetReference> seen) =>
        [.. (job.Settings.Evaluate?.Perplexity ?? []).Select(one => one.Dataset).Distinct().SelectMany(text => seen.Distinct().Select(other => Warning(job, text, other))).OfType<string>()];

    private static string? Warning(Job job, DatasetReference measured, DatasetReference seen)
    {
        if (Read(job, measured) is not { } text || Read(job, seen) is not { } other)
        {
            return null;
        }

        var share = TextOverlap.Share(text, [other]);
        return share > Tolerated
            ? string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} % of {Name(measured)}, which perplexity is measured on, is in {Name(seen)}, which the model sees before (runs of {TextOverlap.Words} words): the perplexity says little of new text")
            : null;
    }

    // Ready token ids have no words.
    private static string? Read(Job job, DatasetReference dataset)
    {
        var found = job.FindShown(dataset);
        return DatasetFormats.Of(found) == DatasetFormat.Ids ? null : TokenDatasetFile.ReadText(found, new());
    }

    private static string Name(DatasetReference dataset) => dataset is { From: 0, To: 1 } ? dataset.Path : $"{dataset.Path} {StageTable.Part(dataset.From, dataset.To)}";
}
