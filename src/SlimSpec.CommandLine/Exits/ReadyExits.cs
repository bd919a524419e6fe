namespace SlimSpec.CommandLine;

/// <summary>The exits that a model decodes with: as <c>exits.json</c> has them, or as the recipe says where its mode has no classifier.</summary>
internal sealed class ReadyExits : IDisposable
{
    /// <summary>The value of <c>--exits</c> that turns exits off.</summary>
    public const string Off = "off";

    private readonly ExitHead _head;

    private ReadyExits(ExitHead head, ExitStack stack) => (_head, Stack) = (head, stack);

    /// <summary>What takes tokens through the layers.</summary>
    public ExitStack Stack { get; }

    /// <summary>Finds a job's exits and gets them ready.</summary>
    /// <param name="job">The job.</param>
    /// <param name="model">The model.</param>
    /// <param name="asked">The value of <c>--exits</c>, or null.</param>
    /// <returns>Null where the dense code is to run: the recipe has none, they are turned off, or they do not pay.</returns>
    /// <exception cref="SlimException">There is no file and the mode needs one, or it belongs to another recipe or other weights.</exception>
    public static ReadyExits? Find(Job job, LoadedModel model, string? asked)
    {
        if (asked == Off)
        {
            return null;
        }

        if (job.Settings.Exits is not { } settings)
        {
            return asked is null ? null : throw new SlimException($"--exits {asked}: {job.Recipe.SpecFile} has no exits section");
        }

        return Locate(job, settings, asked) is { } path ? Open(job, model, ExitsFile.Read(path)) : Of(job.Recipe, model.Model, ExitPolicy.Never, null);
    }

    /// <summary>Gets exits ready.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="model">The model.</param>
    /// <param name="policy">What decides.</param>
    /// <param name="factors">The head of low rank, where the recipe has one.</param>
    public static ReadyExits Of(Recipe recipe, CausalLM model, ExitPolicy policy, LowRankFactors? factors)
    {
        var head = ExitHeads.Create(model, recipe.Settings.Exits!, factors);
        return new(head, recipe.CreateExits(model, head, policy));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stack.Dispose();
        _head.Dispose();
    }

    private static ReadyExits? Open(Job job, LoadedModel model, ExitsFile file)
    {
        using var factors = file.Factors;
        file.Check(job.Recipe, model.Model.Layers.Count, CheckpointFingerprint.Of(model.Folder.Path));
        if (!file.Enabled)
        {
            job.Say($"note: the dense code runs: {UserPath.Show(file.Path!)} says that exits did not pay where they were measured");
            return null;
        }

        return Of(job.Recipe, model.Model, Policy(job.Recipe, file), factors);
    }

    // Compiled constants decide as the file's do, and faster; they hold if they are from this very file.
    private static ExitPolicy Policy(Recipe recipe, ExitsFile file) =>
        recipe.Exits is { } compiled && compiled.FileHash == ExitsFile.HashOf(file.Path!) ? compiled.CreatePolicy() : file.CreatePolicy();

    // The file given, else the checkpoint's, the spec's, or that of the recipe's run; null where the mode has nothing that is fitted.
    private static string? Locate(Job job, ExitSettings settings, string? asked)
    {
        if (!settings.Mode.IsFitted())
        {
            return asked is null ? null : throw new SlimException($"--exits {asked}: exits of mode {SpecWords.Of(settings.Mode)} have no file, nothing of them is fitted");
        }

        if (asked is not null)
        {
            return File.Exists(asked) ? Path.GetFullPath(asked) : throw new SlimException($"--exits {asked}: there is no such file");
        }

        string[] places = [Path.Combine(job.CheckpointFolder, ExitsFile.FileName), job.ExitsBesideSpec, Path.Combine(job.OutputFolder, ExitsFile.FileName)];
        return places.FirstOrDefault(File.Exists) ?? throw new SlimException(
            $"{job.Recipe.SpecFile} has exits, and there is no {ExitsFile.FileName} for them in {UserPath.Show(job.CheckpointFolder)}, nor {Path.GetFileName(places[1])} beside the spec: make it with slim exits {UserPath.Show(job.SpecPath)} --checkpoint {UserPath.Show(job.CheckpointFolder)}, or go without: --exits off");
    }
}
