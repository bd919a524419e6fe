using System.Globalization;
using System.Linq;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes what a spec says of a recovery step.</summary>
internal static class RecoverySettingsEmitter
{
    /// <summary>The type of a step's settings.</summary>
    public static string TypeOf(RecoveryModel step) => $"{CSharpNames.Pascal(step.Method)}Recovery";

    public static void Emit(CodeWriter writer, RecoveryModel step)
    {
        writer.Write($"Objective = RecoveryObjective.{CSharpNames.Pascal(step.Objective)},");
        if (step.Task is { } task)
        {
            using (writer.Open("Task = new()", "},"))
            {
                EmitTask(writer, task);
            }
        }

        switch (step)
        {
            case { Partial: { } partial }:
                EmitPartial(writer, partial);
                break;
            case { Distillation: { } distillation }:
                EmitDistillation(writer, distillation, step.Lora);
                break;
            case { Lora: { } lora }:
                EmitLora(writer, lora);
                break;
        }

        RecipeEmitter.EmitOptimization(writer, step.Optimization);
        EmitData(writer, step.Data);
    }

    private static void EmitTask(CodeWriter writer, TaskModel task)
    {
        writer.Write($"Name = {Literals.String(task.Name)},");
        writer.Write($"Template = {Literals.String(task.Template)},");
        writer.Write($"LabelWords = {Literals.Texts(task.LabelWords)},");
        writer.Write($"Demonstrations = {task.Demonstrations},");
        writer.Write($"Shots = {Literals.IntOrNull(task.Shots)},");
        writer.Write($"Test = {Literals.Dataset(task.Test)},");
    }

    private static void EmitLora(CodeWriter writer, LoraModel lora)
    {
        writer.Write($"LoraR = {lora.R},");
        writer.Write($"LoraAlpha = {Literals.Double(lora.Alpha)},");
        writer.Write($"LoraDropout = {Literals.Double(lora.Dropout)},");
        writer.Write($"LoraTargetModules = {Targets(lora)},");
    }

    private static void EmitPartial(CodeWriter writer, PartialModel partial)
    {
        writer.Write($"Layers = [{string.Join(", ", partial.Layers.Select(layer => layer.ToString(CultureInfo.InvariantCulture)))}],");
        writer.Write($"LastLayers = {partial.LastLayers},");
        writer.Write($"Norms = {Literals.Flag(partial.Norms)},");
        writer.Write($"Head = {Literals.Flag(partial.Head)},");
    }

    private static void EmitDistillation(CodeWriter writer, DistillationModel distillation, LoraModel? lora)
    {
        writer.Write($"Teacher = {Literals.StringOrNull(distillation.Teacher)},");
        writer.Write($"TeacherMemory = TeacherMemory.{CSharpNames.Pascal(distillation.Memory)},");
        writer.Write($"KdTemperature = {Literals.Double(distillation.Temperature)},");
        writer.Write($"KdAlpha = {Literals.Double(distillation.Alpha)},");
        writer.Write($"Lora = {(lora is null ? "null" : $"new({lora.R}, {Literals.Double(lora.Alpha)}, {Literals.Double(lora.Dropout)}, {Targets(lora)})")},");
    }

    private static void EmitData(CodeWriter writer, RecoveryDataModel data)
    {
        writer.Write($"TrainOnInputs = {Literals.Flag(data.TrainOnInputs)},");
        writer.Write($"SamplePacking = {Literals.Flag(data.SamplePacking)},");
        writer.Write($"GroupByLength = {Literals.Flag(data.GroupByLength)},");
        writer.Write($"ValSetSize = {Literals.Double(data.ValSetSize)},");
        writer.Write($"EvalSteps = {Literals.IntOrNull(data.EvalSteps)},");
        writer.Write($"EarlyStoppingPatience = {Literals.IntOrNull(data.EarlyStoppingPatience)},");
        writer.Write($"SaveSteps = {data.SaveSteps},");
    }

    private static string Targets(LoraModel lora) => $"[{string.Join(", ", lora.TargetModules.Select(Literals.String))}]";
}
