using System.CommandLine;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary><c>slim export</c>: writes a model in a form that another runtime loads.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var format = new Option<string>("--format") { HelpName = "NAME", Description = $"What to write: {string.Join(", ", Words<ExportFormat>())}", Required = true };
        var dtype = new Option<string?>("--dtype") { HelpName = string.Join('|', Words<ExportDtype>()), Description = "Number format of the weights [the checkpoint's]" };
        var output = new Option<string>("--output", "-o") { HelpName = "PATH", Description = "File or folder to write", Required = true };
        var command = new Command("export", "Write a model for other runtimes: a GGUF file for llama.cpp, a Hugging Face folder, or a run's adapters")
        {
            options.Spec, options.Checkpoint, format, dtype, output, options.Set, options.Json,
        };
        command.SetAction(parsed =>
        {
            var job = Job.From(parsed, options);
            var target = new ExportTarget(Parse<ExportFormat>("--format", parsed.GetValue(format)!), parsed.GetValue(dtype) is { } word ? Parse<ExportDtype>("--dtype", word) : null);
            using var folder = HuggingFaceFolder.Open(job.CheckpointFolder);
            var written = ModelExport.Write(folder, job.Recipe, target, Path.GetFullPath(parsed.GetValue(output)!));
            return job.Print(written, text => text.WriteLine(ExportStage.Describe(written)));
        });
        return command;
    }

    private static IEnumerable<string> Words<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(value => SpecWords.Of(value));

    private static T Parse<T>(string option, string word)
        where T : struct, Enum =>
        SpecWords.Find<T>(word) ?? throw new SlimException($"{option} {word}: there is no such form{SlimSpec.Specs.Words.Hint(word, [.. Words<T>()])}");
}
