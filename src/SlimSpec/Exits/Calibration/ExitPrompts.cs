using System.Text.Json;

namespace SlimSpec;

/// <summary>Takes the prompts of a calibration (<c>exits: calibrate:</c>).</summary>
public static class ExitPrompts
{
    /// <summary>
    /// Prompts for a seed, none twice. Of a text: windows of <see cref="ExitCalibrationSettings.PromptTokens"/> tokens that do not overlap, BOS in front where
    /// the model has one. Of <c>.json</c> with ready ids, and of <c>.jsonl</c> with a <c>"prompt"</c> on each line if no format is given: as they stand.
    /// </summary>
    /// <param name="settings">What to take; the dataset's path as it can be opened from here.</param>
    /// <param name="tokenizer">The model's; may be null for ready ids.</param>
    /// <param name="vocabularySize">Number of ids the model knows.</param>
    /// <exception cref="SlimException">The file is missing or malformed, or has too few different prompts.</exception>
    public static IReadOnlyList<int[]> Take(ExitCalibrationSettings settings, Tokenizer? tokenizer, int vocabularySize)
    {
        var prompts = (DatasetFormats.Of(settings.Dataset) switch
        {
            DatasetFormat.Ids => TokenDatasetFile.ReadRows(settings.Dataset, vocabularySize),
            DatasetFormat.Json when settings.Dataset.Format is null => ReadLines(settings.Dataset, tokenizer, vocabularySize),
            _ => Windows(settings, tokenizer, vocabularySize),
        }).DistinctBy(prompt => string.Join(' ', prompt)).ToArray();
        if (prompts.Length < settings.NumPrompts)
        {
            throw new SlimException($"{settings.Dataset.Path}: has {prompts.Length} different prompts, but exits: calibrate: num_prompts asks for {settings.NumPrompts}");
        }

        new SeededRandom(settings.Seed).Shuffle<int[]>(prompts);
        return prompts[..settings.NumPrompts];
    }

    private static IEnumerable<int[]> Windows(ExitCalibrationSettings settings, Tokenizer? tokenizer, int vocabularySize)
    {
        var data = TokenDataset.Load(settings.Dataset, tokenizer, vocabularySize);
        int[] start = tokenizer is { AddsBos: true, BosId: { } bos } ? [bos] : [];
        var length = Math.Max(1, settings.PromptTokens - start.Length);
        // The stream has its own BOS once, at its start.
        return data.Ids.Skip(start.Length).Chunk(length).Where(window => window.Length == length).Select(window => (int[])[.. start, .. window]);
    }

    private static IEnumerable<int[]> ReadLines(DatasetReference dataset, Tokenizer? tokenizer, int vocabularySize)
    {
        if (dataset is not { From: 0, To: 1 })
        {
            throw new SlimException($"{dataset.Path}: a list of prompts has no parts; only a text can be split");
        }

        if (tokenizer is null)
        {
            throw new SlimException($"{dataset.Path}: prompts need a tokenizer; the checkpoint has none");
        }

        var lines = JsonInput.ReadText(dataset.Path).Split('\n');
        return Enumerable.Range(0, lines.Length).Where(line => !string.IsNullOrWhiteSpace(lines[line]))
            .Select(line => Encoded(tokenizer, PromptOf(dataset.Path, line + 1, lines[line]), $"{dataset.Path}: line {line + 1}", vocabularySize));
    }

    private static string PromptOf(string path, int line, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new JsonPlace($"{path}: line {line}", "", document.RootElement)["prompt"].String();
        }
        catch (JsonException failure)
        {
            throw new SlimException($"{path}: line {line}: not valid JSON ({failure.Message})", failure);
        }
    }

    private static int[] Encoded(Tokenizer tokenizer, string prompt, string place, int vocabularySize)
    {
        var ids = tokenizer.Encode(prompt, tokenizer.AddsBos);
        if (ids.Length == 0)
        {
            throw new SlimException($"{place}: the prompt is empty");
        }

        TokenDatasetFile.CheckIds(place, ids, tokenizer, vocabularySize);
        return ids;
    }
}
