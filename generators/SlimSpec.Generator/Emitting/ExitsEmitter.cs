using System.Collections.Generic;
using System.Linq;
using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes <c>ExitLoop</c>: the loop over the layers with the checks of the recipe's exits, and the features that they look at.</summary>
internal static class ExitsEmitter
{
    public static void Emit(CodeWriter writer, RecipeGraph graph, ExitsModel exits)
    {
        writer.Write("public override ExitStack CreateExits(CausalLM model, ExitHead head, ExitPolicy policy) => new ExitLoop((Model)model, head, policy);");
        writer.Blank();
        writer.Summary(Summary(exits));
        using (writer.Open("public sealed class ExitLoop(Model model, ExitHead head, ExitPolicy policy) : ExitStack(model, Instance.Settings.Exits!, head, policy)"))
        {
            var watches = graph.WatchedBranches.Count > 0;
            if (watches)
            {
                writer.Write("private readonly BranchStates _branches = new();");
                writer.Blank();
                writer.Write("protected override BranchStates Branches => _branches;");
                writer.Blank();
            }

            EmitLoop(writer, exits, watches);
            if (exits.Calibrate is not null)
            {
                writer.Blank();
                EmitFeatures(writer, exits);
            }
        }
    }

    private static string Summary(ExitsModel exits) => exits.Mode == "truncate"
        ? $"Takes tokens through the first {Layers(exits.Layers[0])} of the model."
        : $"Takes tokens through the layers of the model; they may leave after {string.Join(", ", exits.Layers)} of {Layers(exits.LayerCount)}.";

    private static string Layers(int count) => count == 1 ? "1 layer" : $"{count} layers";

    private static void EmitLoop(CodeWriter writer, ExitsModel exits, bool watches)
    {
        var truncates = exits.Mode == "truncate";
        using (writer.Open($"protected override Tensor{(truncates ? string.Empty : "?")} Climb(int layer, Tensor rows)"))
        {
            using (writer.Open(truncates ? $"for (; layer < {exits.Layers[0]}; layer++)" : "while (layer < model.Blocks.Count)"))
            {
                if (watches)
                {
                    writer.Write($"_branches.Watching = layer + 1 is {string.Join(" or ", exits.Layers)};");
                }

                writer.Write($"rows = Ran(layer, rows, model.Blocks[layer].Decode(rows, Pass, Cache{(watches ? ", _branches" : string.Empty)}));");
                if (!truncates)
                {
                    EmitChecks(writer, exits);
                }
            }

            writer.Blank();
            writer.Write("return rows;");
        }
    }

    private static void EmitChecks(CodeWriter writer, ExitsModel exits)
    {
        using (writer.Open("var check = ++layer switch", "};"))
        {
            for (var check = 0; check < exits.Layers.Count; check++)
            {
                writer.Write($"{exits.Layers[check]} => {check},");
            }

            writer.Write("_ => NoCheck,");
        }

        using (writer.Open("if (check != NoCheck && Leaves(check, ref rows))"))
        {
            writer.Write("return null;");
        }
    }

    private static void EmitFeatures(CodeWriter writer, ExitsModel exits)
    {
        using (writer.Open("protected override void Describe(ExitObservation seen, Span<float> features)"))
        {
            for (var feature = 0; feature < exits.Features.Count; feature++)
            {
                writer.Write($"features[{feature}] = {Value(exits.Features[feature])};");
            }
        }
    }

    private static string Value(string feature)
    {
        const string Delta = "delta_";
        if (feature.StartsWith(Delta, System.StringComparison.Ordinal))
        {
            var property = CSharpNames.Pascal(feature.Substring(Delta.Length));
            return $"seen.Now.{property} - seen.Before.{property}";
        }

        return feature is "gap" or "top_prob" or "entropy" or "margin_logit" ? $"seen.Now.{CSharpNames.Pascal(feature)}" : $"seen.{CSharpNames.Pascal(feature)}";
    }
}
