using System;
using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>
/// What decoding with early exits costs a token, in units of one layer of the model, and how much faster than dense decoding that is. Decoding one
/// sequence is bound by reading weights, so that parameters stand for time until times are measured; a measured model has the same form.
/// </summary>
/// <param name="Layers">Layers of the model: <c>L</c>.</param>
/// <param name="Head">The whole head: <c>r</c>. A dense token costs <c>L + r</c>.</param>
/// <param name="First">A token's first check.</param>
/// <param name="Further">Each further check: <c>eps</c>.</param>
public sealed record ExitCostModel(int Layers, double Head, double First, double Further)
{
    /// <summary>The least that a cheap check costs beside what it reads: launches, and the host waiting for its answer.</summary>
    public const double CheapCheck = 0.05;

    /// <summary>Whether the first check is the whole head, so that a token that leaves there is named by it.</summary>
    public bool FirstIsWhole { get; init; }

    /// <summary>Whether every check is.</summary>
    public bool AllAreWhole { get; init; }

    /// <summary>Whether the whole head names tokens that leave, where the check is not the whole head.</summary>
    public bool Confirms { get; init; } = true;

    /// <summary>What a layer costs that a token skips: its keys and values (<c>kappa</c>, policy propagate), or its share of a pass that it joins later (policy deferred; nothing where weights are read anyway).</summary>
    public double Skipped { get; init; }

    /// <summary>A dense token: <c>L + r</c>.</summary>
    public double Dense => Layers + Head;

    /// <summary>What drafting one token costs beside its layers.</summary>
    private double Draft => First + (FirstIsWhole ? 0 : Further);

    /// <summary>The whole head at every check.</summary>
    public static ExitCostModel Full(int layers, double head) => new(layers, head, head, head) { FirstIsWhole = true, AllAreWhole = true };

    /// <summary>The whole head at the first check, then a shortlist.</summary>
    public static ExitCostModel Shortlist(int layers, double head, double further) => new(layers, head, head, further) { FirstIsWhole = true };

    /// <summary>A head of low rank at the first check, then a shortlist.</summary>
    public static ExitCostModel LowRank(int layers, double head, double first, double further) => new(layers, head, first, further);

    /// <summary>The costs of a recipe's exits by its parameters after the cuts, as far as these are known without scores.</summary>
    /// <exception cref="ArgumentException">The recipe has no exits.</exception>
    public static ExitCostModel Of(RecipeModel recipe)
    {
        var exits = recipe.Exits ?? throw new ArgumentException($"'{recipe.Name}' has no exits", nameof(recipe));
        var dense = recipe.Dimensions.ToDictionary(dimension => dimension.Name, dimension => dimension.Size);
        var pruned = (recipe.Pruned ?? default).Select(layer => layer.Sizes.ToDictionary(size => size.Name, size => size.Size)).ToList();
        var reads = new CostModel(recipe.Architecture, recipe.Constants).Reads(exits.LayerCount, (dimension, layer) => pruned.Count > 0 && pruned[layer].TryGetValue(dimension, out var size) ? size : dense[dimension]);
        var (layer, head) = (reads.Layers / (double)exits.LayerCount, reads.Head * exits.LayerCount / (double)reads.Layers);
        var further = Math.Max(CheapCheck, head * exits.Head.Shortlist / reads.Vocabulary);
        var costs = exits.Head.Policy switch
        {
            "full" => Full(exits.LayerCount, head),
            "shortlist" => Shortlist(exits.LayerCount, head, further),
            _ => LowRank(exits.LayerCount, head, head * exits.Head.Rank / reads.HeadWidth, further),
        };
        return costs with
        {
            Confirms = exits.Head.Confirm,
            Skipped = exits.Cache.Policy == "propagate" ? reads.CacheProjections / (layer * exits.LayerCount) : 0,
        };
    }

    /// <summary>The speed-up if checks and what is skipped cost nothing: <c>(L + r) / (A + r)</c>.</summary>
    /// <param name="averageLayers">Layers that a token runs on average: <c>A</c>.</param>
    public double Ideal(double averageLayers) => Dense / (averageLayers + Head);

    /// <summary>What a token costs by averages: <c>A + first + n eps + r + kappa (L - A)</c>, and without <c>r</c> where the whole head is a check.</summary>
    /// <param name="averageLayers">Layers that a token runs on average: <c>A</c>.</param>
    /// <param name="furtherChecks">Checks after its first on average, with a check of the whole head at the end counted: <c>n</c>.</param>
    public double Cost(double averageLayers, double furtherChecks) =>
        averageLayers + First + (furtherChecks * Further) + (AllAreWhole ? 0 : Head) + (Skipped * (Layers - averageLayers));

    /// <summary>What a token costs with checks at equal distances <c>k</c>: it runs <c>A + (k - 1) / 2</c> layers on average, for where it could have left there may be no check.</summary>
    /// <param name="averageLayers">Layers that a token would run on average with a check after each: <c>A</c>.</param>
    /// <param name="first">After how many layers the first check is.</param>
    /// <param name="every">Layers from one check to the next: <c>k</c>.</param>
    public double Spaced(double averageLayers, double first, int every)
    {
        var layers = averageLayers + ((every - 1) / 2.0);
        return Cost(layers, (layers - first) / every);
    }

    /// <summary>The speed-up where tokens run so many layers on average, all at these checks.</summary>
    /// <param name="checks">After how many layers checks are, ascending.</param>
    /// <param name="averageLayers">Layers that a token runs on average.</param>
    public double SpeedUp(IReadOnlyList<int> checks, double averageLayers)
    {
        // The number of checks on a token's way is a straight line between them, the end counted as one.
        var (index, before, after) = (0, (double)checks[0], checks.Count > 1 ? checks[1] : Layers);
        while (after < averageLayers && after < Layers)
        {
            index++;
            (before, after) = (after, index + 1 < checks.Count ? checks[index + 1] : Layers);
        }

        return Dense / Cost(averageLayers, Math.Max(0, index + ((averageLayers - before) / (after - before))));
    }

    /// <summary>The speed-up of tokens that ran so many layers each.</summary>
    /// <param name="checks">After how many layers checks are, ascending.</param>
    /// <param name="tokens">Tokens by the layers that they ran: <c>[L + 1]</c>.</param>
    /// <exception cref="ArgumentException">There is no token, or the histogram is of another number of layers.</exception>
    public double SpeedUp(IReadOnlyList<int> checks, IReadOnlyList<long> tokens)
    {
        if (tokens.Count != Layers + 1 || tokens.All(count => count == 0))
        {
            throw new ArgumentException($"a histogram of {Layers} layers has {Layers + 1} counts, some of them above 0", nameof(tokens));
        }

        return Dense * tokens.Sum(count => (double)count) / tokens.Select((count, layers) => count * Of(checks, layers)).Sum();
    }

    /// <summary>The speed-up if every token left at the first check; at most so many wait before one runs through all layers.</summary>
    /// <param name="checks">After how many layers checks are, ascending.</param>
    /// <param name="maxPending">Tokens that wait at most, or null if none has to.</param>
    public double Best(IReadOnlyList<int> checks, int? maxPending = null)
    {
        var cost = Of(checks, checks[0]);
        return maxPending is { } waiting ? (waiting + 1) * Dense / ((waiting * cost) + Dense) : Dense / cost;
    }

    /// <summary>The speed-up of drafts that the remaining layers confirm together: of <c>d</c> drafts and one more token <c>(1 - alpha^(d + 1)) / (1 - alpha)</c> stay, for <c>d (E + draft) + L + r</c>.</summary>
    /// <param name="layer">After how many layers tokens are drafted: <c>E</c>.</param>
    /// <param name="acceptance">Probability that a draft is confirmed, if those before it were: <c>alpha</c>.</param>
    /// <param name="drafted">Drafts of a round: <c>d</c>.</param>
    public double SelfSpeculative(double layer, double acceptance, int drafted)
    {
        var emitted = acceptance < 1 ? (1 - Math.Pow(acceptance, drafted + 1)) / (1 - acceptance) : drafted + 1;
        return emitted * Dense / ((drafted * (layer + Draft)) + Dense);
    }

    private double Of(IReadOnlyList<int> checks, int layers)
    {
        var made = checks.Count(check => check <= layers);
        var names = layers == Layers ? Head
            : AllAreWhole || (FirstIsWhole && made == 1) || !Confirms ? 0
            : Head;
        return layers + (made == 0 ? 0 : First + ((made - 1) * Further)) + names + (Skipped * (Layers - layers));
    }
}
