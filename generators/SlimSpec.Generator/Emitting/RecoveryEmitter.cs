using System.Collections.Generic;
using System.Linq;
using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes <c>Recovery</c>: what each recovery step trains, as typed properties of the blocks.</summary>
internal static class RecoveryEmitter
{
    public static void Emit(CodeWriter writer, RecipeGraph graph)
    {
        var steps = graph.Recipe.Recover;
        if (steps.Count == 0)
        {
            return;
        }

        writer.Summary("The recovery steps: their settings, and the linears of a block that adapters are on.");
        using (writer.Open("public static class Recovery"))
        {
            for (var i = 0; i < steps.Count; i++)
            {
                EmitStep(writer, graph, steps[i], i);
            }
        }

        writer.Blank();
    }

    private static void EmitStep(CodeWriter writer, RecipeGraph graph, RecoveryModel step, int index)
    {
        if (index > 0)
        {
            writer.Blank();
        }

        var type = RecoverySettingsEmitter.TypeOf(step);
        writer.Summary($"Settings of step {index + 1}: {About(step)}.");
        writer.Write($"public static {type} Step{index + 1} => ({type})Instance.Settings.Recover[{index}];");
        if (step.Lora is { } lora)
        {
            var adapted = graph.LayerWeights.Nodes.Where(node => node.Op == "linear" && lora.TargetModules.Contains(CSharpNames.LastPart(node.Weight!))).ToList();
            writer.Blank();
            writer.Summary($"The linears of a block that step {index + 1} adapts: {adapted.Count} a layer.");
            writer.Write($"public static IReadOnlyList<LoraTarget> TargetsOfStep{index + 1}(Block block) => {BlockEmitter.Present(graph, "LoraTarget", adapted.Select(node => $"block.{BlockEmitter.Lora(graph, node)}"))};");
        }
    }

    private static string About(RecoveryModel step)
    {
        var objective = step.Task is { } task ? $"{step.Objective} of {task.Name}" : step.Objective;
        var trained = (step.Lora, step.Partial) switch
        {
            ({ } lora, _) => $"LoRA of rank {lora.R}",
            (_, { } partial) => $"training of {Words.List(Parts(partial), "and")}",
            _ => "training of all weights",
        };
        return $"{objective} by {trained}{(step.Distillation is null ? string.Empty : ", distilled")}";
    }

    private static IEnumerable<string> Parts(PartialModel partial) => new[]
    {
        partial.Layers.Count > 0 ? $"{partial.Layers.Count} layers by number" : null,
        partial.LastLayers > 0 ? $"the last {partial.LastLayers} layers" : null,
        partial.Norms ? "the norms" : null,
        partial.Head ? "the head" : null,
    }.OfType<string>();
}
