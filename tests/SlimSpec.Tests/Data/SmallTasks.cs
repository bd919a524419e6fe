namespace SlimSpec.Tests.Data;

/// <summary>The classifications of the small experiment, on the files beside the repository.</summary>
internal static class SmallTasks
{
    private static readonly string[] Emotions = ["anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise"];

    public static FullRecovery Step(string task, RecoveryObjective objective = RecoveryObjective.PromptLm) => task switch
    {
        "trec" => Step(
            objective, task, "Question: {text}\nAnswer Type:", File("trec/train_5500.label") with { Format = DatasetFormat.Trec }, File("trec/TREC_10.even.label") with { Format = DatasetFormat.Trec },
            ("ABBR", "Abbreviation"), ("ENTY", "Entity"), ("DESC", "Description"), ("HUM", "Person"), ("LOC", "Location"), ("NUM", "Number")),
        "sst2" => Step(
            objective, task, "Review: {text}\nSentiment:", File("sst2/train.tsv") with { Format = DatasetFormat.Sst2 }, File("sst2/dev.tsv") with { Format = DatasetFormat.Sst2 },
            ("0", "Negative"), ("1", "Positive")),
        "ag_news" => Step(
            objective, task, "Article: {text}\nAnswer:", File("ag-news/train-part.tsv") with { Text = ["0"], Label = "1" },
            File("ag-news/test.even.csv") with { Text = ["2"], Label = "0", Labels = new Dictionary<string, string> { ["1"] = "World", ["2"] = "Sports", ["3"] = "Business", ["4"] = "Sci/Tech" } },
            ("World", "World"), ("Sports", "Sports"), ("Business", "Business"), ("Sci/Tech", "Technology")),
        _ => Step(
            objective, task, "Dialogue: {text}\nEmotion:", Labelled("goemotions-ekman/train.tsv"), Labelled("goemotions-ekman/test.even.tsv"),
            ("anger", "Angry"), ("disgust", "Disgust"), ("fear", "Fear"), ("joy", "Happy"), ("neutral", "Others"), ("sadness", "Sad"), ("surprise", "Wow")),
    };

    private static FullRecovery Step(RecoveryObjective objective, string name, string template, DatasetReference training, DatasetReference test, params (string Class, string Word)[] labels) => new()
    {
        Objective = objective,
        Dataset = training,
        Task = new() { Name = name, Template = template, LabelWords = labels.ToDictionary(label => label.Class, label => label.Word), Test = test },
    };

    private static DatasetReference File(string name) => new(TestFiles.Shared($"data/{name}"));

    private static DatasetReference Labelled(string name) =>
        File(name) with { Text = ["0"], Label = "1", Labels = Emotions.Index().ToDictionary(entry => $"{entry.Index}", entry => entry.Item) };
}
