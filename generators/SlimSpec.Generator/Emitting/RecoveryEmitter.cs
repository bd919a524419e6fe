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

        writer.Summary("The recovery steps: their settings, and the linears of a block that each adapts.");
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

        var adapted = graph.LayerWeights.Nodes.Where(node => node.Op == "linear" && step.Lora!.TargetModules.Contains(CSharpNames.LastPart(node.Weight!))).ToList();
        writer.Summary($"Settings of step {index + 1}: LoRA of rank {step.Lora!.R} on {adapted.Count} linears a layer.");
        writer.Write($"public static LoraRecovery Step{index + 1} => (LoraRecovery)Instance.Settings.Recover[{index}];");
        writer.Blank();
        writer.Summary($"The linears of a block that step {index + 1} adapts.");
        writer.Write($"public static IReadOnlyList<LoraTarget> TargetsOfStep{index + 1}(Block block) => {BlockEmitter.Present(graph, "LoraTarget", adapted.Select(node => $"block.{BlockEmitter.Lora(graph, node)}"))};");
    }
}
