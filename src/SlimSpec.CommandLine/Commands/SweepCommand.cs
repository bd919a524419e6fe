using System.CommandLine;

namespace SlimSpec.CommandLine;

/// <summary><c>slim sweep</c>: the recipe for every combination of the values that its sweep section lists.</summary>
internal static class SweepCommand
{
    public static Command Create()
    {
        var options = new CommonOptions();
        options.Output.Description = "Folder for the results [runs/NAME-sweep]";
        var command = new Command("sweep", "The recipe once for every combination of the sweep section's values, resumable: sweep.csv, sweep.html, the plots as SVG and a folder a combination")
        {
            options.Spec, options.Checkpoint, options.Data, options.Output, options.Device, options.Dtype, options.Set, options.Json,
        };
        command.SetAction(parsed =>
        {
            var job = Job.From(parsed, options);
            var folder = parsed.GetValue(options.Output) is null ? job.OutputFolder + "-sweep" : job.OutputFolder;
            var (results, failures) = SweepRun.Run(job, folder);
            job.Print(results.Rows.Select(row => new { Values = results.Axes.Zip(row.Values, (axis, value) => (axis.Key, value)).ToDictionary(), Metrics = SweepRow.Metrics.ToDictionary(metric => metric.Name, metric => metric.Of(row)) }), output =>
            {
                SweepTables.All(results).Write(output);
                output.WriteLine($"written to {UserPath.Show(folder)}: sweep.csv, sweep.html");
            });
            foreach (var failure in failures)
            {
                job.Say($"failed: {failure}");
            }

            return failures.Count > 0 ? 1 : 0;
        });
        return command;
    }
}
