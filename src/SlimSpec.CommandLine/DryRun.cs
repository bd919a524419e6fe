namespace SlimSpec.CommandLine;

/// <summary>
/// A rehearsal of a pruning in seconds (<c>--dry-run</c>): little calibration data, one window of text, the slim model written to a temporary
/// folder, read again and compared. What would fail after hours fails now; nothing is left behind.
/// </summary>
internal static class DryRun
{
    private const int Samples = 2;
    private const int Tokens = 32;
    private const int Prompts = 5;
    private const double Tolerance = 1e-5;

    // As little data as will do.
    private static RecipeSettings Shorten(RecipeSettings settings) => settings with
    {
        Calibration = settings.Calibration is { } calibration
            ? calibration with { NumSamples = Math.Min(Samples, calibration.NumSamples), MaxSeqLength = Math.Min(Tokens, calibration.MaxSeqLength) }
            : null,
        // Too little to certify anything: a simulation needs no certificate.
        Exits = settings.Exits is { Calibrate: { } calibrate } exits
            ? exits with { Mode = ExitMode.Simulate, Calibrate = calibrate with { NumPrompts = Prompts, PromptTokens = Math.Min(Tokens, calibrate.PromptTokens), MaxNewTokens = Math.Min(Tokens, calibrate.MaxNewTokens) } }
            : settings.Exits,
        Evaluate = settings.Evaluate is { } evaluation ? Shorten(evaluation) : null,
        Recover = [.. settings.Recover.Select(Shorten)],
    };

    private static EvaluationSettings Shorten(EvaluationSettings settings) => new()
    {
        Perplexity = [.. settings.Perplexity.Select(text => text with { Limit = 1 })],
        Tasks = [.. settings.Tasks.Select(task => task with { Limit = 1 })],
    };

    // A prompt cannot be cut to a few tokens; a text can.
    private static RecoveryStep Shorten(RecoveryStep step) => step with
    {
        MaxSteps = 1,
        MicroBatchSize = 1,
        GradientAccumulationSteps = 1,
        WarmupSteps = 0,
        WarmupRatio = null,
        MaxSeqLength = step.Objective == RecoveryObjective.Lm ? Math.Min(Tokens, step.MaxSeqLength) : step.MaxSeqLength,
        Task = step.Task is { } task ? task with { Test = task.Test with { Limit = Prompts } } : null,
    };

    /// <summary>Does all that the command would do.</summary>
    /// <param name="job">The job.</param>
    /// <param name="work">The command's own work.</param>
    public static int Run(Job job, Func<Job, (LoadedModel Model, RunBook Book)> work)
    {
        var folder = Directory.CreateTempSubdirectory("slimspec-");
        try
        {
            var rehearsal = job.With(Shorten(job.Settings), Path.Combine(folder.FullName, "run"));
            var (slim, book) = work(rehearsal);
            using (book)
            using (slim)
            {
                var difference = Reload(rehearsal, slim);
                var parameters = slim.Model.Shape.Parameters;
                return job.Print(new { DryRun = true, Parameters = parameters, LargestDifference = difference }, output => output.WriteLine(
                    $"dry run: {Numbers.Scaled(parameters)} parameters; written, read again and compared (logits differ by {Numbers.Short(difference)} at most); nothing is kept"));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Reads the folder as a user would and runs both models on the same ids.
    private static double Reload(Job job, LoadedModel slim)
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        using var folder = HuggingFaceFolder.Open(job.OutputFolder);
        using var again = Read(job, folder, isStreamed: slim.Model.Stream is not null);
        if (slim.Model.Stream is null)
        {
            slim.RoundToStored();
        }

        var tokens = Math.Min(Tokens, slim.Model.Shape.MaxPositions);
        var ids = torch.arange(tokens, dtype: torch.ScalarType.Int64, device: job.Device).remainder(slim.Model.Shape.VocabularySize).unsqueeze(0);
        var (written, read) = (LayerSteps.Forward(slim.Model, ids), LayerSteps.Forward(again, ids)); // they may be streamed
        var difference = (written - read).abs().max().to(torch.ScalarType.Float64).item<double>();
        var scale = written.abs().max().to(torch.ScalarType.Float64).item<double>();
        return difference <= Tolerance * (1 + scale)
            ? difference
            : throw new InvalidOperationException($"the slim model and the one read back differ: logits by {difference:0.0e+0}, of a size of {scale:0.0e+0}");
    }

    private static CausalLM Read(Job job, HuggingFaceFolder folder, bool isStreamed)
    {
        if (isStreamed)
        {
            return folder.OpenStream(job.Recipe, job.Dtype, job.Device);
        }

        var model = job.Recipe.CreateModel(folder.ReadShape(job.Recipe), job.Dtype, job.Device);
        folder.LoadInto(model);
        return model;
    }
}
