using System.Globalization;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks whether a recipe's exits can make its decoding faster, by <see cref="ExitCostModel"/>.</summary>
/// <param name="recipe">The recipe, checked, with exits.</param>
/// <param name="exits">Its section.</param>
/// <param name="report">Where problems go.</param>
internal sealed class ExitCostChecker(RecipeModel recipe, Section exits, Reporter report)
{
    private readonly ExitsModel _exits = recipe.Exits!;
    private readonly ExitCostModel _costs = ExitCostModel.Of(recipe);

    /// <summary>Reports a head that is too dear, and a speed-up that the guard does not let pass.</summary>
    /// <param name="averageLayers">Layers that a token runs on average, where a calibration has told; null: as few as can be.</param>
    public void Check(Located<double>? averageLayers)
    {
        // A prompt's many tokens share each layer's weights, and its last alone is checked: there a head costs next to nothing. Simulated exits save nothing, and cut ones check nothing.
        if (_exits.Scope != "decode" || _exits.Mode is "simulate" or "truncate")
        {
            return;
        }

        if (_costs.FirstIsWhole && _costs.Head > 1)
        {
            var policy = exits.Get(ExitKeys.Head) is { IsWritten: true, Value: var head } ? head.Get(ExitHeadKeys.Policy).Place : exits.Get(ExitKeys.Mode).Place;
            var (runs, remedy) = _exits.Mode == "self_speculative" ? ("every draft", "") : (_costs.AllAreWhole ? "every check" : "each token's first check", ": head: { policy: lowrank } reads less");
            report.Add(Rules.DearExitHead, policy, $"{runs} runs the whole head, which costs as much as r = {Text(_costs.Head)} layers{remedy}");
        }

        var (predicted, formula) = averageLayers is not null ? Average(averageLayers.Value) : Best();
        if (predicted < _exits.MinPredictedSpeedup)
        {
            var guard = exits.Get(ExitKeys.Guard) is { IsWritten: true, Value: var written } ? written.Get(ExitGuardKeys.MinPredictedSpeedup).Place : exits.Get(ExitKeys.Mode).Place;
            var layers = averageLayers is not null ? $"with {Text(averageLayers.Value)} of {_costs.Layers} layers a token" : $"even if every token left after {_exits.Layers[0]} of {_costs.Layers} layers";
            report.Add(Rules.ExitGuard, averageLayers?.Place ?? guard, $"{layers}, decoding would be {Text(predicted)} times as fast as the dense model's, below 'min_predicted_speedup' {Text(_exits.MinPredictedSpeedup)}, and exits would be off: {formula}");
        }
    }

    private (double SpeedUp, string Formula) Average(double average) => (_costs.SpeedUp(_exits.Layers, average), Formula($"(L + r) / (A + {Checks(isAverage: true)})"));

    private (double SpeedUp, string Formula) Best() => _exits.Cache.Policy == "deferred"
        ? (_costs.Best(_exits.Layers, _exits.Cache.MaxPending), Formula($"(d + 1) (L + r) / (d (A + {Checks(isAverage: false)}) + L + r) with d = {_exits.Cache.MaxPending}"))
        : (_costs.Best(_exits.Layers), Formula($"(L + r) / (A + {Checks(isAverage: false)})"));

    private string Checks(bool isAverage)
    {
        var first = _exits.Head.Policy == "lowrank" ? "r q / h" : "r";
        var further = !isAverage ? "" : _costs.AllAreWhole ? " + n r" : " + n eps";
        var names = _costs.AllAreWhole || (!isAverage && (_costs.FirstIsWhole || !_costs.Confirms)) ? "" : " + r";
        return first + further + names + (_costs.Skipped > 0 ? " + kappa (L - A)" : "");
    }

    private string Formula(string formula) =>
        $"{formula}, r = {Text(_costs.Head)}{(_costs.AllAreWhole ? "" : $", eps = {Text(_costs.Further)}")}{(_exits.Head.Policy == "lowrank" ? $", r q / h = {Text(_costs.First)}" : "")}{(_costs.Skipped > 0 ? $", kappa = {Text(_costs.Skipped)}" : "")}";

    private static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
