using System.CommandLine;

namespace SlimSpec.CommandLine;

/// <summary><c>slim report</c>: a run's page, made again from its folder.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("RUN") { Description = "Folder of a run" };
        var output = new Option<string?>("--output", "-o") { HelpName = "FILE", Description = $"Where to write the page [RUN/{RunPage.FileName}]" };
        var command = new Command("report", "A run's page, made again from its folder: what was cut where, what it cost and what it gained") { folder, output };
        command.SetAction(parsed =>
        {
            var path = RunPage.Write(parsed.GetValue(folder)!, parsed.GetValue(output));
            parsed.InvocationConfiguration.Output.WriteLine($"written to {UserPath.Show(Path.GetFullPath(path))}");
            return 0;
        });
        return command;
    }
}
