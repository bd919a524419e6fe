using System.CommandLine;

namespace SlimSpec.CommandLine;

/// <summary><c>slim sensitivity</c>: which layers a cut hurts most.</summary>
internal static class SensitivityCommand
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var number = CommonOptions.Number("--cut", "N", "Which cut of the spec to try, from 0 [0]", 0);
        options.Output.Description = "Folder for the results [runs/NAME-sensitivity]";
        var command = new Command("sensitivity", "Perplexity when each layer alone is cut as the spec says, and the layers to protect: a table, sensitivity.csv and sensitivity.svg")
        {
            options.Spec, options.Checkpoint, options.Data, number, options.Output, options.Device, options.Dtype, options.Stream, options.Seed, options.Set, options.Json,
        };
        command.SetAction(parsed =>
        {
            var job = Job.From(parsed, options);
            job.SayHowDataIsDivided(parsed.GetValue(options.Data));
            var cut = Cut(job, parsed.GetValue(number) ?? 0);
            var evaluation = job.Settings.Evaluate?.FirstPerplexity ?? throw new SlimException($"{job.Recipe.SpecFile} measures no perplexity: give a text with --data FILE");
            using var model = LoadedModel.Open(job);
            var text = model.Read(job, evaluation.Dataset);
            using var samples = CalibrationSamples.For(job, model, PruneStage.NeedsData(cut));
            var result = job.Watch(progress => SensitivityWalk.Measure(job.Recipe, model.Model, cut, PruneStage.Inputs(job, model, samples, progress), text, evaluation));
            var report = new SensitivityReport(job.Recipe.Name, cut, result, text.Name, evaluation);
            var folder = parsed.GetValue(options.Output) is null ? job.OutputFolder + "-sensitivity" : job.OutputFolder;
            report.Save(folder);
            return job.Print(report.AsJson(), output =>
            {
                report.Write(output);
                output.WriteLine($"written to {UserPath.Show(folder)}");
            });
        });
        return command;
    }

    private static PruneCut Cut(Job job, int number)
    {
        var cuts = job.Settings.Prune;
        return cuts.Count == 0 ? throw new SlimException($"{job.Recipe.SpecFile} has no prune section: there is no cut to try")
            : number < cuts.Count ? cuts[number]
            : throw new SlimException($"--cut {number}: the spec's last cut is number {cuts.Count - 1}");
    }
}
