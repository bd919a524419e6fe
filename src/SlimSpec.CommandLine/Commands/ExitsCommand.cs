using System.CommandLine;

namespace SlimSpec.CommandLine;

/// <summary><c>slim exits</c>: calibrates, certifies and measures a recipe's early exits on a model.</summary>
internal static class ExitsCommand
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var command = new Command("exits", "Fit a recipe's early exits to a model, certify them and measure what they save: exits.json and exits.html")
        {
            options.Spec, options.Checkpoint, options.Data, options.Output, options.Device, options.Dtype, options.Seed, options.Set, options.Json,
        };
        command.SetAction(parsed =>
        {
            var job = Job.From(parsed, options);
            job.SayHowDataIsDivided(parsed.GetValue(options.Data));
            job.Find(ExitStage.Prompts(job).Dataset);
            using var model = LoadedModel.Open(job);
            if (job.OutputFolder != job.CheckpointFolder)
            {
                RunFolder.RefuseForeign(job.OutputFolder, ExitsReport.PageFile);
            }

            var findings = ExitStage.Run(job, model, job.CheckpointFolder);
            var report = new ExitsReport(findings);
            return job.Print(report.AsJson(), output =>
            {
                report.Write(output);
                output.WriteLine($"written to {UserPath.Show(job.OutputFolder)}");
                output.WriteLine(Use(job, findings));
            });
        });
        return command;
    }

    private static string Use(Job job, ExitFindings findings)
    {
        var command = $"slim generate {UserPath.Show(job.SpecPath)} --checkpoint {findings.Checkpoint}";
        if (findings.Calibration is null)
        {
            return $"use: {command}";
        }

        var (beside, factors) = (Path.GetFileName(job.ExitsBesideSpec), job.Settings.Exits!.Head.Policy == ExitHeadPolicy.Lowrank);
        return $"use: {command} --exits {UserPath.Show(Path.Combine(job.OutputFolder, ExitsFile.FileName))}, or copy it beside the spec as {beside}"
            + $"{(factors ? $" and exits.safetensors as {Path.ChangeExtension(beside, ".safetensors")}" : string.Empty)}, to be compiled in";
    }
}
