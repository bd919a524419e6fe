using System.CommandLine;
using System.Text.Json;

namespace SlimSpec.CommandLine;

/// <summary><c>slim plan</c>: what pruning plans keep, and how two of them differ.</summary>
internal static class PlanCommand
{
    public static Command Create() => new("plan", "What a pruning plan keeps (show), and how two plans differ (diff)") { Show(), Diff() };

    private static Command Show()
    {
        var file = new Argument<string>("FILE") { Description = "The plan.json of a run" };
        var json = new CommonOptions().Json;
        var command = new Command("show", "What a plan keeps, layer by layer, and where it comes from") { file, json };
        command.SetAction(parsed =>
        {
            var plan = PlanFile.Read(parsed.GetValue(file)!);
            return Print(parsed, json, AsJson(plan), output => Write(output, plan));
        });
        return command;
    }

    private static Command Diff()
    {
        var (first, second) = (new Argument<string>("A") { Description = "A plan.json" }, new Argument<string>("B") { Description = "Another of the same dense model" });
        var json = new CommonOptions().Json;
        var command = new Command("diff", "How two plans of one dense model differ: what each keeps that the other does not") { first, second, json };
        command.SetAction(parsed =>
        {
            var difference = PlanDifference.Of(PlanFile.Read(parsed.GetValue(first)!), PlanFile.Read(parsed.GetValue(second)!));
            return Print(parsed, json, PlanDiffReport.AsJson(difference), output => PlanDiffReport.Write(output, difference));
        });
        return command;
    }

    private static int Print(ParseResult parsed, Option<bool> json, object result, Action<TextWriter> forPeople)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(json))
        {
            output.WriteLine(JsonSerializer.Serialize(result, RunFolder.Json));
        }
        else
        {
            forPeople(output);
        }

        return 0;
    }

    private static void Write(TextWriter output, PruningPlan plan)
    {
        var origin = plan.Origin;
        output.WriteLine($"plan of {origin.Recipe}, seed {origin.Seed}");
        output.WriteLine($"recipe {origin.RecipeHash}");
        output.WriteLine($"checkpoint {origin.CheckpointHash}");
        output.WriteLine(string.Join(", ", plan.Versions.Select(version => $"{version.Key} {version.Value}")));
        output.WriteLine();
        PlanTable.Write(output, plan);
    }

    private static object AsJson(PruningPlan plan) => new
    {
        plan.Origin.Recipe,
        plan.Origin.RecipeHash,
        plan.Origin.CheckpointHash,
        plan.Origin.Seed,
        plan.Versions,
        Layers = plan.Layers.Select(layers => new { layers.Unit, Kept = layers.Kept.Count, Of = layers.Scores.Count, Gone = Enumerable.Range(0, layers.Scores.Count).Except(layers.Kept) }),
        Groups = plan.Groups.Select(group => new { Layer = group.Layer == StructuredPruner.WholeModel ? (int?)null : group.Layer, group.Unit, Kept = group.Kept.Count, Of = group.Scores.Count }),
    };
}
