using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes how a spec measures its model, and what it exports it as.</summary>
internal static class EvaluationSettingsEmitter
{
    /// <summary>Writes <c>Evaluate</c> and <c>Export</c>, as far as the spec has them.</summary>
    public static void Emit(CodeWriter writer, RecipeModel recipe)
    {
        if (recipe.Evaluate is not null || recipe.Measurements is not null)
        {
            using (writer.Open("Evaluate = new()", "},"))
            {
                EmitEvaluation(writer, recipe);
            }
        }

        if (recipe.Export is { } export)
        {
            writer.Write($"Export = [{string.Join(", ", export.Select(Target))}],");
        }
    }

    private static void EmitEvaluation(CodeWriter writer, RecipeModel recipe)
    {
        var measurements = recipe.Measurements;
        List<EvaluationModel> texts = recipe.Evaluate is { } first ? [first, .. measurements?.Texts ?? default] : [];
        if (texts.Count > 0)
        {
            writer.Write("Perplexity =");
            using (writer.Indent("[", "],"))
            {
                texts.ForEach(text => writer.Write($"{Text(text)},"));
            }
        }

        if (measurements is { Tasks.Count: > 0 })
        {
            writer.Write("Tasks =");
            using (writer.Indent("[", "],"))
            {
                foreach (var task in measurements.Tasks)
                {
                    using (writer.Open("new()", "},"))
                    {
                        EmitTask(writer, task);
                    }
                }
            }
        }

        if (measurements?.Cost is { } cost)
        {
            writer.Write($"Cost = new() {{ BatchSizes = [{Numbers(cost.BatchSizes)}], PromptTokens = [{Numbers(cost.PromptTokens)}], NewTokens = {cost.NewTokens}, Rounds = {cost.Rounds} }},");
        }
    }

    private static string Text(EvaluationModel text) =>
        $"new() {{ Dataset = {Literals.Dataset(text.Dataset)}, Window = {text.Window}, Limit = {Literals.IntOrNull(text.Limit)}{(text.Protocol is { } protocol ? $", Protocol = PerplexityProtocol.{CSharpNames.Pascal(protocol)}" : "")} }}";

    private static void EmitTask(CodeWriter writer, ChoiceTaskModel task)
    {
        writer.Write($"Task = {Literals.String(task.Task)},");
        writer.Write($"Dataset = {Literals.Dataset(task.Dataset)},");
        if (task.Fewshot is { } fewshot)
        {
            writer.Write($"Fewshot = {Literals.Dataset(fewshot)},");
        }

        writer.Write($"Description = {Literals.String(task.Description)},");
        writer.Write($"DocToText = {Literals.String(task.DocToText)},");
        writer.Write($"DocToTarget = {Literals.String(task.DocToTarget)},");
        writer.Write($"DocToChoice = {Literals.String(task.DocToChoice)},");
        writer.Write($"TargetDelimiter = {Literals.String(task.TargetDelimiter)},");
        writer.Write($"FewshotDelimiter = {Literals.String(task.FewshotDelimiter)},");
        writer.Write($"NumFewshot = {task.NumFewshot},");
        writer.Write($"Limit = {Literals.IntOrNull(task.Limit)},");
        writer.Write($"Seed = {task.Seed},");
        writer.Write($"Metrics = [{string.Join(", ", task.Metrics.Select(metric => $"MultipleChoiceMetric.{CSharpNames.Pascal(metric)}"))}],");
    }

    private static string Target(ExportModel target) =>
        $"new(ExportFormat.{CSharpNames.Pascal(target.Format)}{(target.Dtype is { } dtype ? $", ExportDtype.{Dtype(dtype)}" : "")})";

    private static string Dtype(string word) => word == "q8_0" ? "Q8_0" : CSharpNames.Pascal(word);

    private static string Numbers(IEnumerable<int> numbers) => string.Join(", ", numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));
}
