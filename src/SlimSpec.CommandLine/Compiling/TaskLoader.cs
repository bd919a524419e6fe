using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>From the name of a multiple-choice task, or the path of a <c>.task.yaml</c>, to what it asks.</summary>
internal static class TaskLoader
{
    /// <summary>The tasks that can be named here: those in <c>tasks</c> and <c>specs/tasks</c> of this folder and those above, and the shipped ones. Files that are wrong are left out.</summary>
    public static IReadOnlyList<(MultipleChoiceTask Task, string Path)> Known(string folder) =>
        [.. SpecInputs.Tasks(folder).Select(ParsedFile.Parse)
            .Select(file => (SpecCompiler.CompileTask(file).Task, file.Source.Path))
            .Where(known => known.Task is not null)
            .Select(known => (Of(known.Task!), known.Path))
            .OrderBy(known => known.Item1.Task, StringComparer.Ordinal)];

    /// <summary>A task by its name or path.</summary>
    /// <exception cref="SlimException">There is none, or its file is wrong; the message then has one line per problem.</exception>
    public static MultipleChoiceTask Load(string name, string folder)
    {
        if (name.EndsWith(SpecCompiler.TaskSuffix, StringComparison.OrdinalIgnoreCase))
        {
            return File.Exists(name) ? Check(ParsedFile.Parse(new SourceFile(Path.GetFullPath(name), File.ReadAllText(name)))) : throw new SlimException($"{name}: there is no such task file");
        }

        var named = SpecInputs.Tasks(folder).Select(ParsedFile.Parse).Select(file => (File: file, Name: ChoiceTaskChecker.NameOf(file))).Where(known => known.Name is not null).ToList();
        return named.FirstOrDefault(known => known.Name == name).File is { } found
            ? Check(found)
            : throw new SlimException($"there is no task {Words.Quote(name)}{Words.Hint(name, named.Select(known => known.Name!))}");
    }

    private static MultipleChoiceTask Check(ParsedFile file)
    {
        var (task, problems) = SpecCompiler.CompileTask(file);
        return task is not null ? Of(task) : throw RecipeCompiler.Refused(problems);
    }

    private static MultipleChoiceTask Of(ChoiceTaskModel task) => new()
    {
        Task = task.Task,
        Dataset = Of(task.Dataset),
        Fewshot = task.Fewshot is { } fewshot ? Of(fewshot) : null,
        Description = task.Description,
        DocToText = task.DocToText,
        DocToTarget = task.DocToTarget,
        DocToChoice = task.DocToChoice,
        TargetDelimiter = task.TargetDelimiter,
        FewshotDelimiter = task.FewshotDelimiter,
        NumFewshot = task.NumFewshot,
        Metrics = [.. task.Metrics.Select(metric => SpecWords.Find<MultipleChoiceMetric>(metric)!.Value)],
    };

    // What else a dataset can say is not about rows with fields.
    private static DatasetReference Of(DatasetModel dataset) => new(dataset.Path, dataset.From, dataset.To)
    {
        Format = dataset.Content?.Format is { } format ? SpecWords.Find<DatasetFormat>(format) : null,
        Limit = dataset.Content?.Limit,
        Seed = dataset.Content?.Seed ?? 0,
    };
}
