using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>A run in a sentence and a few numbers: what was cut, what it gained, what it cost.</summary>
internal sealed class RunVerdict
{
    private readonly RunRecord _run;
    private readonly StageRecord? _first;
    private readonly StageRecord? _last;

    /// <summary>The verdict on a run.</summary>
    public RunVerdict(RunRecord run)
    {
        _run = run;
        _last = RunFigures.Last(run);
        _first = run.Stages is [{ Name: "dense" or "start" } stage, ..] && stage != _last ? stage : null;
    }

    /// <summary>Whether it is bad news: constraints that are not met, or a run that did not come to its end.</summary>
    public bool IsBad => _run.Finished is null || (_run.Constraints ?? []).Any(budget => budget.Slim > budget.Limit);

    /// <summary>The sentence.</summary>
    public string Sentence
    {
        get
        {
            var end = _run.Finished is null ? $"This run has not come to its end ({(_last is null ? "no stage is complete" : $"its last complete stage is {_run.Stages[^1].Name}")}). " : "";
            string[] parts = _last is null ? [] : [.. Size(_last), .. Unmeasured(_last), .. Perplexity(_last), .. Choices(_last), .. Classification(_last), .. Speed(), .. Exits(), .. Constraints()];
            var what = What;
            return $"{end}{char.ToUpperInvariant(what[0])}{what[1..]}{(parts.Length > 0 ? $": {string.Join("; ", parts)}" : "")}.";
        }
    }

    /// <summary>The numbers.</summary>
    public IEnumerable<ReportTile> Tiles
    {
        get
        {
            if (_last is null)
            {
                yield break;
            }

            var (before, now) = (_first is null ? null : new FigureColumn("", RunFigures.Of(_run, _first)), RunFigures.Of(_run, _last));
            var shown = new[] { RunFigures.Size(_run, _last), [.. RunFigures.Perplexities(_run, _last).Take(1)], [.. RunFigures.Choices(_run, _last).TakeLast(1)], [.. RunFigures.Classification(_run, _last).Take(1)] };
            foreach (var figure in shown.SelectMany(figures => figures))
            {
                yield return Tile(figure, before?[figure.Name], _first?.Name ?? "");
            }

            if (_run.Cost is { Models: [var dense, .., var slim] } cost)
            {
                var column = new FigureColumn("", RunFigures.Cost(cost, dense));
                foreach (var figure in RunFigures.Cost(cost, slim).Take(5).Where((_, place) => place is 0 or 1 or 3)) // of the first batch only
                {
                    yield return Tile(figure, column[figure.Name], dense.Name);
                }
            }
        }
    }

    private static ReportTile Tile(Figure now, Figure? before, string name) => new(now.Name, now.Text, before is null ? "" : $"{name} {before.Text}, {FigureTable.Change(before, now)}");

    // What the stages did, not all that the spec says.
    private string What
    {
        get
        {
            var did = _run.Stages.Select(stage => stage.Name).ToHashSet();
            RecipeSettings nothing = new(), settings = _run.Settings;
            string[] parts =
            [
                .. did.Contains("pruned") && settings.Prune.Count > 0 ? [Summary.Of(nothing with { Prune = settings.Prune })] : Array.Empty<string>(),
                .. did.Contains("recovered") ? [$"recovered by {Summary.Of(nothing with { Recover = settings.Recover })}"] : Array.Empty<string>(),
                .. did.Contains("trained") ? ["trained from random weights"] : Array.Empty<string>(),
            ];
            return parts.Length > 0 ? string.Join(", then ", parts) : "the model as it is";
        }
    }

    private string Before => _first!.Name == "dense" ? "the dense model" : "the model it started from";

    private IEnumerable<string> Size(StageRecord last) => _first is null
        ? [$"{Numbers.Scaled(last.Parameters)} parameters"]
        : last.Parameters == _first.Parameters
            ? []
            : [$"{Numbers.Scaled(last.Parameters)} parameters where {Before} has {Numbers.Scaled(_first.Parameters)} ({Numbers.Change(last.Parameters, _first.Parameters)}), multiply-accumulates {Numbers.Change(last.Macs, _first.Macs)}"];

    private static IEnumerable<string> Unmeasured(StageRecord last) => RunFigures.IsMeasured(last) ? [] : ["how good it is was not measured"];

    private IEnumerable<string> Perplexity(StageRecord last)
    {
        if (_run.Evaluations is not [var protocol, ..] || last.Perplexities is not [var now, ..])
        {
            return [];
        }

        var text = $"perplexity on {Path.GetFileName(protocol.Dataset)} is {Numbers.Short(now)}";
        if (_first?.Perplexities is not [var before, ..])
        {
            return [text];
        }

        var cut = _run.Stages.SingleOrDefault(stage => stage.Name == "pruned" && stage != last)?.Perplexities;
        return [$"{text} against {Numbers.Short(before)} ({Numbers.Change(now, before)}){(cut is [var between, ..] ? $", {Numbers.Short(between)} before recovery" : "")}"];
    }

    private IEnumerable<string> Choices(StageRecord last)
    {
        if (RunFigures.ZeroShot(last) is not { } now)
        {
            return [];
        }

        var of = last.Choices.Count == 1 ? last.Choices[0].Task : $"{last.Choices.Count} multiple-choice tasks, on average";
        return [$"{TaskStage.Share(now)} right on {of}{(_first is not null && RunFigures.ZeroShot(_first) is { } before ? string.Create(CultureInfo.InvariantCulture, $" ({100 * (now - before):+0.0;-0.0;0.0} points; chance {TaskStage.Share(_run.Choices.Average(protocol => protocol.Chance))})") : "")}"];
    }

    private IEnumerable<string> Classification(StageRecord last) => _run.Task is { } protocol && last.Task is { } score
        ? [$"{TaskStage.Share(score.Accuracy)} of {protocol.Name} classified rightly{(_first?.Task is { } before ? $" against {TaskStage.Share(before.Accuracy)}" : "")} (majority class {TaskStage.Share(protocol.MajorityAccuracy)}, bag of words {TaskStage.Share(protocol.BagOfWordsAccuracy)})"]
        : [];

    private IEnumerable<string> Speed() => _run.Cost is { Models: [{ Timings: [var before, ..] } dense, .., { Timings: [var now, ..] }] }
        ? [string.Create(CultureInfo.InvariantCulture, $"at {RunFigures.Batch(now)} it decodes {before.Decode.Median / now.Decode.Median:0.00} times as fast as the {dense.Name} model and reads prompts {before.Prefill.Median / now.Prefill.Median:0.00} times as fast")]
        : [];

    private IEnumerable<string> Exits() => _run.Exits is { } exits
        ? [exits switch
        {
            { MeasuredSpeedup: { } measured } => string.Create(CultureInfo.InvariantCulture, $"early exits decode {measured:0.00} times as fast{(exits.Enabled ? "" : ", too little to be used")}"),
            _ => "early exits were simulated",
        }]
        : [];

    private IEnumerable<string> Constraints()
    {
        var missed = (_run.Constraints ?? []).Where(budget => budget.Slim > budget.Limit).Select(budget => budget.Name).ToList();
        return missed.Count > 0 ? [$"NOT met: {string.Join(", ", missed)}"] : _run.Constraints is { Count: > 0 } ? ["all constraints are met"] : [];
    }
}
