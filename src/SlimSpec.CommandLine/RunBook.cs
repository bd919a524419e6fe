using System.Text.Json;

namespace SlimSpec.CommandLine;

/// <summary>A run's folder as the commands fill it: stages measured, checkpoints written, the record printed.</summary>
internal sealed class RunBook : IDisposable
{
    private readonly Job _job;
    private readonly RunFolder _folder;

    private RunBook(Job job, RunFolder folder) => (_job, _folder) = (job, folder);

    /// <summary>The folder.</summary>
    public RunFolder Folder => _folder;

    /// <summary>Measures what the models cost; null where nobody asked.</summary>
    public CostTimer? Cost { get; set; }

    /// <summary>Starts a run's folder, once all that the run will read has been found.</summary>
    /// <param name="job">The job.</param>
    /// <param name="model">The model it starts with.</param>
    /// <param name="seen">What the model will see: the texts of calibration and training.</param>
    /// <param name="evaluates">Whether the spec's measurements will be made.</param>
    public static RunBook Create(Job job, LoadedModel model, IEnumerable<DatasetReference?> seen, bool evaluates = true)
    {
        List<DatasetReference> training = [.. seen.OfType<DatasetReference>()];
        foreach (var dataset in training.Concat(evaluates ? EvaluationStage.Datasets(job) : []))
        {
            job.Find(dataset);
        }

        var warnings = evaluates ? OverlapCheck.Warnings(job, training) : [];
        foreach (var warning in warnings)
        {
            job.Say($"warning: {warning}");
        }

        var record = new RunRecord
        {
            Recipe = job.Recipe.Name,
            SpecFile = job.Recipe.SpecFile,
            RecipeHash = job.Recipe.Hash,
            Architecture = job.Recipe.Architecture.Name,
            Set = job.Changes,
            Checkpoint = model.StartsFrom,
            Seed = job.Seed,
            Command = job.CommandLine,
            Device = job.Device.ToString(),
            Dtype = job.Dtype.ToString().ToLowerInvariant(),
            Settings = job.Settings,
            Layers = model.Model.Shape.LayerCount,
            Structures = job.Recipe.Pruner.Structures,
            MacsTokens = Stages.MacsTokens,
            Warnings = warnings,
        };
        var folder = RunFolder.Create(job.OutputFolder, record);
        var (name, spec) = job.SpecCopy;
        AtomicFile.WriteText(Path.Combine(folder.Directory, name), spec);
        return new(job, folder);
    }

    /// <summary>Does a stage and notes what the model is after it.</summary>
    /// <param name="name">The stage's name.</param>
    /// <param name="work">The work; it gives the model.</param>
    /// <param name="evaluate">Whether to measure perplexity at its end.</param>
    public void Stage(string name, Func<LoadedModel> work, bool evaluate)
    {
        using var stage = _folder.BeginStage(name);
        var model = work();
        var scores = evaluate ? new StageScores(Perplexities(model), Choices(name, model), Classify(model)) : null;
        var record = stage.Complete(model.Parameters, model.Model.Shape.MultiplyAccumulates(Stages.MacsTokens), scores);
        _job.Say($"{name}: {Numbers.Scaled(record.Parameters)} parameters{(record.Perplexity is { } value ? $", perplexity {Numbers.Short(value)}" : "")}{(record.Choices.Count > 0 ? $", {TaskStage.Share(ChoiceTable.Mean(record.Choices))} right on {record.Choices.Count} multiple-choice task{(record.Choices.Count > 1 ? "s" : "")}" : "")}{(record.Task is { } score ? $", accuracy {TaskStage.Share(score.Accuracy)}" : "")} ({record.Seconds:F1} s)");
    }

    /// <summary>Writes the model as a Hugging Face folder.</summary>
    /// <param name="model">The model.</param>
    /// <param name="part">A folder in the run's, or empty for the run's own.</param>
    public void SaveCheckpoint(LoadedModel model, string part = "")
    {
        HuggingFaceFolder.Save(model.Model, _job.Recipe, model.Folder, Path.Combine(_folder.Directory, part), model.StoredDtype, overwrite: true, layers: model.KeptLayers, head: model.Head);
        if (model.Model.Stream is { } stream)
        {
            _job.Say($"streamed: {Numbers.Scaled(stream.BytesRead)}B of weights read");
        }
    }

    /// <summary>Ends the run: it is complete, nothing is left to go on from, and its page is written.</summary>
    public void Finish()
    {
        RecoverStage.Complete(_folder);
        _folder.Note(record => record with { Finished = DateTime.UtcNow });
        RunPage.Write(_folder.Directory);
    }

    /// <summary>Prints the run as its record, or as a table.</summary>
    public int Print() => _job.Print(_folder.Record, output =>
    {
        StageTable.Write(output, _folder.Record);
        ChoiceTable.Write(output, _folder.Record);
        StageTable.WriteTask(output, _folder.Record);
        StageTable.WriteConstraints(output, _folder.Record);
        StageTable.WriteExits(output, _folder.Record);
        StageTable.WriteCost(output, _folder.Record);
        output.WriteLine($"written to {UserPath.Show(_folder.Directory)}");
    });

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<double> Perplexities(LoadedModel model)
    {
        var measured = EvaluationStage.Perplexities(_job, model, _job.Settings.Evaluate?.Perplexity ?? []);
        _folder.Note(record => record with { Evaluations = [.. measured.Select(one => one.Protocol)] });
        return [.. measured.Select(one => one.Result.Perplexity)];
    }

    // Each answer is kept, so that a run that starts again goes on from them.
    private IReadOnlyList<ChoiceScore> Choices(string stage, LoadedModel model)
    {
        var measured = ChoiceStage.Measure(_job, model, _job.Settings.Evaluate?.Tasks ?? [], Path.Combine(_folder.Directory, "samples", stage));
        _folder.Note(record => record with { Choices = [.. measured.Select(one => one.Protocol)] });
        return [.. measured.Select(one => one.Score)];
    }

    private TaskScore? Classify(LoadedModel model)
    {
        if (TaskStage.StepOf(_job) is not { } step || !TaskStage.CanAnswer(model, step))
        {
            return null;
        }

        var task = TaskStage.Measure(_job, model, step, _folder.Record.Task);
        _folder.Note(record => record with { Task = task.Protocol });
        return task.Score;
    }
}
