using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>What the cost model says of exits whose pieces were timed on the device.</summary>
internal sealed class ExitForecast
{
    private readonly ExitCostModel _costs;
    private readonly ExitSettings _settings;

    /// <summary>The model of a recipe's exits.</summary>
    /// <param name="recipe">The recipe, checked.</param>
    /// <param name="settings">Its exits.</param>
    /// <param name="pieces">What was timed.</param>
    public ExitForecast(RecipeModel recipe, ExitSettings settings, ExitPieces pieces)
    {
        _settings = settings;
        _costs = ExitCostModel.Of(recipe) with
        {
            Head = pieces.R,
            First = settings.Mode == ExitMode.Truncate ? 0 : pieces.Seed,
            Further = pieces.Eps,
            // In the verified modes the dense model's head names every token, many at once.
            Confirms = settings.Head.Confirm && !settings.Mode.Verifies(),
        };
    }

    /// <summary>Speed-up of tokens that leave so, if what waits costs nothing later.</summary>
    /// <param name="exitsAfter">Tokens by layers run, from 0 to all.</param>
    public double Of(IReadOnlyList<long> exitsAfter) => _costs.SpeedUp(_settings.Layers, exitsAfter);

    /// <summary>What the wall clock should say by what was counted: passes whose drafts were refused are paid for and give no token.</summary>
    /// <param name="counted">What was counted.</param>
    public double Of(ExitStatistics counted) => _settings.Mode switch
    {
        ExitMode.Truncate => _costs.Ideal(_settings.Layers[0]),
        ExitMode.SelfSpeculative when counted.Drafted > 0 => Speculative(counted),
        _ => Of(counted.ExitsAfter) * counted.Tokens / counted.Passes,
    };

    private double Speculative(ExitStatistics counted)
    {
        var rounds = counted.Tokens - counted.Accepted;
        var drafts = (double)counted.Drafted / rounds;
        var layer = (((double)counted.LayerCalls / rounds) - _costs.Layers) / drafts;
        return _costs.SelfSpeculative(layer, (double)counted.Accepted / counted.Drafted, (int)Math.Round(drafts));
    }
}
