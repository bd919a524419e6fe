using System.CommandLine;
using System.CommandLine.Help;

namespace SlimSpec.CommandLine;

/// <summary>All commands.</summary>
internal static class CommandTree
{
    /// <summary>Makes the command `slim` with its subcommands.</summary>
    public static Command Create() =>
        new("slim", "Make a language model slimmer as a spec says: score, prune, recover, evaluate. Run the tests with: slim test")
        {
            new HelpOption(),
            new VersionOption(),
            NewCommand.Create(),
            ListCommand.Create(),
            ShowCommand.Create(),
            GroupsCommand.Create(),
            new RunCommand().Create(),
            new PruneCommand().Create(),
            PlanCommand.Create(),
            SensitivityCommand.Create(),
            RecoverCommand.Create(),
            SweepCommand.Create(),
            ReportCommand.Create(),
            CompareCommand.Create(),
            ExitsCommand.Create(),
            EvalCommand.Create(),
            BenchCommand.Create(),
            GenerateCommand.Create(),
            ExportCommand.Create(),
            LogitsCommand.Create(),
            TrainCommand.Create(),
            ExplainCommand.Create(),
            SchemaCommand.Create(),
        };
}
