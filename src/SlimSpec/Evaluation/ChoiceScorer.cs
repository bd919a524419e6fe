namespace SlimSpec;

/// <summary>
/// Log-likelihoods of continuations. What an item's choices begin with is computed once, items go through the layers packed one behind
/// the other without padding, and only what is scored goes through the head.
/// </summary>
internal static class ChoiceScorer
{
    private const int TokensPerPass = 2048;

    /// <summary>Divides items into passes, the longest first. Which items go together depends on nothing but the items.</summary>
    public static IReadOnlyList<IReadOnlyList<ChoiceTokens>> Pack(IEnumerable<ChoiceTokens> items)
    {
        var packs = new List<List<ChoiceTokens>>();
        var free = 0;
        foreach (var item in items.OrderByDescending(item => item.Tokens).ThenBy(item => item.Item.Doc))
        {
            if (packs.Count == 0 || item.Tokens > free)
            {
                packs.Add([]);
                free = TokensPerPass;
            }

            packs[^1].Add(item);
            free -= item.Tokens;
        }

        return packs;
    }

    /// <summary>How many passes take turns at a layer.</summary>
    public static int PacksTogether(CausalLM model) => LayerSteps.BatchesTogether(model, (long)TokensPerPass * model.Shape.HiddenSize);

    /// <summary>Log-likelihoods of the choices of each item of some passes: sums over their tokens in float64.</summary>
    public static double[][] Score(CausalLM model, IReadOnlyList<IReadOnlyList<ChoiceTokens>> packs)
    {
        using var scope = torch.NewDisposeScope();
        TokenTrees[] trees = [.. packs.Select(pack => new TokenTrees([.. pack.SelectMany(item => item.Trees)]))];
        try
        {
            var hidden = LayerSteps.Hidden(model, trees);
            using var held = model.UseHead();
            return [.. packs.SelectMany((pack, number) => LogLikelihoods(model, hidden[number], pack))];
        }
        finally
        {
            Array.ForEach(trees, tree => tree.Dispose());
        }
    }

    private static double[][] LogLikelihoods(CausalLM model, torch.Tensor hidden, IReadOnlyList<ChoiceTokens> pack)
    {
        var (start, places, predictions) = (0, new Dictionary<int, int>(), new List<(int Row, int Target)>());
        foreach (var item in pack)
        {
            foreach (var (row, target) in Enumerable.Range(0, item.Item.Choices.Count).SelectMany(item.Predictions))
            {
                places.TryAdd(start + row, places.Count);
                predictions.Add((places[start + row], target));
            }

            start += item.Tokens;
        }

        using var scope = torch.NewDisposeScope();
        var rows = hidden.index_select(1, torch.tensor([.. places.Keys.Select(row => (long)row)], device: model.Device));
        var scores = LogProbabilities(model, rows, predictions);
        var next = 0;
        return [.. pack.Select(item => item.ContinuationTokens.Select(count => scores[next..(next += count)].Sum()).ToArray())];
    }

    // Of each prediction. A row's logits are made once, whatever number of tokens is looked up in them.
    private static double[] LogProbabilities(CausalLM model, torch.Tensor rows, List<(int Row, int Target)> predictions)
    {
        var result = new double[predictions.Count];
        var vocabulary = (long)model.Shape.VocabularySize;
        var part = Perplexity.RowsPerPart(model);
        for (var first = 0L; first < rows.size(1); first += part)
        {
            using var scope = torch.NewDisposeScope();
            var count = Math.Min(part, rows.size(1) - first);
            int[] asked = [.. Enumerable.Range(0, predictions.Count).Where(number => predictions[number].Row >= first && predictions[number].Row < first + count)];
            var places = torch.tensor([.. asked.Select(number => ((predictions[number].Row - first) * vocabulary) + predictions[number].Target)], device: model.Device);
            var probabilities = Loss.LogProbabilities(model.Head(rows.narrow(1, first, count)).view(count, vocabulary));
            var values = probabilities.view(-1).index_select(0, places).to(torch.ScalarType.Float64).cpu().data<double>().ToArray();
            foreach (var (number, value) in asked.Zip(values))
            {
                result[number] = value;
            }
        }

        return result;
    }
}
