using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks <c>evaluate:</c>.</summary>
/// <param name="uncut">The sizes before all cuts.</param>
/// <param name="tasks">Every <c>.task.yaml</c> that may be named.</param>
/// <param name="report">Where problems go.</param>
internal sealed class EvaluationChecker(ModelSizes? uncut, IReadOnlyList<ParsedFile> tasks, Reporter report)
{
    private static readonly Key[] OfText = [DataKeys.Split, PerplexityKeys.Window, PerplexityKeys.Limit, PerplexityKeys.Protocol];

    /// <summary>Checks the section.</summary>
    /// <returns>The first text whose perplexity is measured, or null, and what else is measured, or null.</returns>
    public (EvaluationModel? First, MeasurementsModel? Others) Check(Section section)
    {
        var texts = Texts(section);
        var choices = new ChoiceTaskChecker(tasks, report).Check(section.Get(EvaluationKeys.Tasks));
        var cost = section.Get(EvaluationKeys.Cost) is { IsWritten: true, Value: var written } ? Cost(written) : null;
        if (Definition.Keys.All(key => section.PlaceOf(key) is null))
        {
            report.Add(Rules.MissingKey, section.Place, $"'{section.Path}' measures nothing: write one of {string.Join(", ", Definition.Keys.Where(key => !OfText.Contains(key)).Select(key => key.Name))}");
        }

        var others = new MeasurementsModel(new(texts.Skip(1)), new(choices), cost);
        return (texts.FirstOrDefault(), others.Texts.Count + others.Tasks.Count > 0 || cost is not null ? others : null);
    }

    private static SectionDefinition Definition => EvaluationKeys.Definition;

    // One text in the section itself, or several in a list.
    private List<EvaluationModel> Texts(Section section)
    {
        var (one, several) = (section.Get(EvaluationKeys.Dataset), section.Get(EvaluationKeys.Perplexity));
        if (one.State != FieldState.Absent && several.State != FieldState.Absent)
        {
            report.Add(Rules.Conflict, several.Place, "'perplexity' and 'dataset' both name texts: write that of 'dataset' as an item of 'perplexity'");
        }

        if (one.State == FieldState.Absent && OfText.FirstOrDefault(key => section.PlaceOf(key) is not null) is { } idle)
        {
            report.Add(Rules.MissingKey, section.PlaceOf(idle)!, several.State == FieldState.Absent
                ? $"'{idle.Name}' is about the text of 'dataset', which '{section.Path}' does not name"
                : $"'{idle.Name}' is about the text of 'dataset'; in a list of texts each has its own");
        }

        if (one.State != FieldState.Absent)
        {
            return [Text(section, one)];
        }

        return [.. (several.Value ?? []).Select(text => Text(text.Value, text.Value.Get(DataKeys.Dataset)))];
    }

    private EvaluationModel Text(Section section, Field<DatasetChoice> dataset)
    {
        var (window, limit, protocol) = (section.Get(PerplexityKeys.Window), section.Get(PerplexityKeys.Limit), section.Get(PerplexityKeys.Protocol));
        PositionChecker.Check(window, PerplexityKeys.Window.Name, uncut, report);
        if (protocol.Value == PerplexityKeys.LlamaCpp && window is { HasValue: true, Value: < 3 })
        {
            report.Add(Rules.OutOfRange, window.Place, $"'window' {window.Value} leaves nothing behind its middle, which is all that protocol {PerplexityKeys.LlamaCpp} scores: it takes at least 3");
        }

        return new(new DatasetChecker(report).Check(dataset, section.Get(DataKeys.Split), DataUse.Text), window.Value, limit.IsWritten ? limit.Value : null)
        {
            Protocol = protocol.Value == PerplexityKeys.LlmPruner ? null : protocol.Value,
        };
    }

    private CostSettingsModel Cost(Section section)
    {
        var (sizes, written, tokens) = (section.Get(CostKeys.BatchSizes), section.Get(CostKeys.PromptTokens), section.Get(CostKeys.NewTokens));
        var prompts = written.State == FieldState.Absent ? [new(CostKeys.DefaultPrompt, section.Place)] : written.Value ?? [];
        foreach (var prompt in prompts)
        {
            CheckLength(prompt, tokens.Value, written.State == FieldState.Absent ? " (the default)" : "");
        }

        return new(
            new(sizes.IsWritten ? sizes.Value.Select(size => size.Value) : [1]),
            new(prompts.Select(prompt => prompt.Value)),
            tokens.Value,
            section.Get(CostKeys.Rounds).Value);
    }

    private void CheckLength(Located<int> prompt, int newTokens, string remark)
    {
        if (uncut is not null && prompt.Value + newTokens > uncut.Positions)
        {
            report.Add(Rules.WindowTooLong, prompt.Place, $"a prompt of {prompt.Value} tokens{remark} and {newTokens} new tokens are more than the model's {uncut.Positions} positions");
        }
    }
}
