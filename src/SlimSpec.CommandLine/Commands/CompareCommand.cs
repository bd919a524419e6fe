using System.CommandLine;
using System.Text.Json;

namespace SlimSpec.CommandLine;

/// <summary><c>slim compare</c>: runs side by side.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var folders = new Argument<string[]>("RUN") { Description = "Folders of runs, two or more; the first one is what the others are compared with", Arity = ArgumentArity.OneOrMore };
        var stages = new Option<bool>("--stages") { Description = "Every stage of each run, not the last one alone" };
        var output = new Option<string?>("--output", "-o") { HelpName = "FILE", Description = "Write a page too" };
        var json = new CommonOptions().Json;
        var command = new Command("compare", "Runs side by side: what they came to, in differences to the first one, the settings that differ, and what cannot be compared") { folders, stages, output, json };
        command.SetAction(parsed =>
        {
            var runs = Comparison.Read(parsed.GetValue(folders)!);
            if (runs.Count < 2)
            {
                throw new SlimException($"slim compare takes two runs or more: there is nothing to compare {runs[0].Name} with");
            }

            if (runs.FirstOrDefault(run => run.Record.Stages.Count == 0) is { } empty)
            {
                throw new SlimException($"{empty.Name}: no stage of the run is complete, so there is nothing to compare");
            }

            return Print(parsed, new(new(runs, parsed.GetValue(stages))), parsed.GetValue(output), parsed.GetValue(json));
        });
        return command;
    }

    private static int Print(ParseResult parsed, ComparisonReport report, string? page, bool asJson)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (page is not null)
        {
            AtomicFile.WriteText(page, report.AsPage());
            error.WriteLine($"written to {UserPath.Show(Path.GetFullPath(page))}");
        }

        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(report.AsJson(), RunFolder.Json));
        }
        else
        {
            report.Write(output);
        }

        return 0;
    }
}
