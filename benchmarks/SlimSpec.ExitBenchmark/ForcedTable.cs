using System.Globalization;

namespace SlimSpec.ExitBenchmark;

/// <summary>What checks, keys and values cost where tokens leave by force: a row a share of skipped layers.</summary>
internal static class ForcedTable
{
    private const int PromptTokens = 64;

    /// <summary>Measures a recipe and writes its rows.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="texts">How many prompts: many short texts take turns often, so that what disturbs the machine meets both sides.</param>
    /// <param name="newTokens">Tokens to continue each prompt by.</param>
    public static void Write(TextWriter output, Recipe recipe, int texts, int newTokens)
    {
        using var model = RandomModel.Create(recipe, seed: 0);
        RowsTable.Write(output, model);
        output.WriteLine();
        output.WriteLine("| model | asked to skip | skipped 1 - A/L | checks a token | dense ms/token | exits ms/token | speed-up | ideal | of the ideal | checks, share of a dense token | all overhead, share of a dense token | r | eps |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        var prompts = RandomModel.Prompts(model, texts, PromptTokens, seed: 1);
        using var factors = RandomModel.Factors(model, recipe.Settings.Exits!.Head.Rank);
        foreach (var skipped in new[] { 0.0, 0.18, 0.43 })
        {
            using var head = ExitHeads.Create(model, recipe.Settings.Exits!, factors);
            using var exits = recipe.CreateExits(model, head, new ForcedExits(recipe.Settings.Exits!, model.Layers.Count, skipped, seed: 2));
            output.WriteLine(Row(recipe, skipped, ExitTimer.Measure(exits, prompts, newTokens)));
            output.Flush();
        }
    }

    // What is not layers and head is overhead; dense time is taken to be theirs.
    private static string Row(Recipe recipe, double skipped, ExitTimings times)
    {
        var (depth, r, layers) = (recipe.Dense.LayerCount, times.Pieces.R, times.Statistics.AverageLayers);
        var ideal = (depth + r) / (layers + r);
        var overhead = (times.Exits.SecondsPerToken / times.Dense.SecondsPerToken) - (1 / ideal);
        var checks = times.CheckShare * times.Exits.SecondsPerToken / times.Dense.SecondsPerToken;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {recipe.Name} | {skipped:0 %} | {1 - (layers / depth):0.0 %} | {(double)times.Statistics.Checks / times.Statistics.Tokens:0.00} | {1000 * times.Dense.SecondsPerToken:0.00} | {1000 * times.Exits.SecondsPerToken:0.00} | {times.Speedup:0.000} | {ideal:0.000} | {times.Speedup / ideal:0.0 %} | {checks:0.0 %} | {overhead:0.0 %} | {r:0.00} | {times.Pieces.Eps:0.000} |");
    }
}
