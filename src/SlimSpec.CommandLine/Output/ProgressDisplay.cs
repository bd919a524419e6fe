using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SlimSpec.CommandLine;

/// <summary>Shows on a terminal how far long work has come: a bar a stage, with the time left. Silent where nobody looks.</summary>
internal static class ProgressDisplay
{
    /// <summary>Runs work and shows its progress on standard error.</summary>
    /// <param name="visible">Whether to show anything.</param>
    /// <param name="work">The work; it reports to the function it gets.</param>
    public static T Show<T>(bool visible, Func<Action<ProgressUpdate>?, T> work)
    {
        if (!visible)
        {
            return work(null);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        Console.CancelKeyPress += (_, _) => console.Cursor.Show(); // the bars hide it, and a break leaves them no time to bring it back
        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new TimeLeftColumn())
            .Start(context => work(new Stages(context).Update));
    }

    // Bars by stage, made when a stage first reports.
    private sealed class Stages(ProgressContext context)
    {
        private readonly Dictionary<string, ProgressTask> _tasks = [];

        public void Update(ProgressUpdate update)
        {
            if (!_tasks.TryGetValue(update.Stage, out var task))
            {
                foreach (var earlier in _tasks.Values)
                {
                    earlier.StopTask();
                }

                _tasks[update.Stage] = task = context.AddTask(Markup.Escape(update.Stage));
            }

            task.IsIndeterminate = update.Total == 0;
            task.MaxValue = Math.Max(1, update.Total);
            task.Value = update.Done;
            task.Description = Markup.Escape(update.Message is null ? update.Stage : $"{update.Stage}  {update.Message}");
            task.State.Update<double>(TimeLeftColumn.Key, _ => update.SecondsLeft ?? double.NaN);
        }
    }

    // The work's own estimate where it has one, else by the speed so far.
    private sealed class TimeLeftColumn : ProgressColumn
    {
        public const string Key = "seconds left";

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            var own = task.State.Get<double>(Key);
            var left = double.IsFinite(own) && own > 0 ? TimeSpan.FromSeconds(own) : task.RemainingTime;
            return new Text(task.IsFinished || left is null ? "" : left.Value.ToString(left.Value.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture));
        }
    }
}
