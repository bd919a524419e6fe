using TorchSharp;

namespace SlimSpec.ExitBenchmark;

/// <summary>Models of a recipe's shape with random weights, and random heads of low rank for them: what they compute is nothing, what it costs is real.</summary>
internal static class RandomModel
{
    /// <summary>A model in float32 on the CPU.</summary>
    public static CausalLM Create(Recipe recipe, int seed)
    {
        using var noGradients = torch.no_grad();
        torch.manual_seed(seed);
        var model = recipe.CreateModel(recipe.Dense, torch.ScalarType.Float32, torch.CPU);
        foreach (var weight in model.Weights)
        {
            _ = weight.Value.shape.Length == 1 ? weight.Value.fill_(1) : weight.Value.normal_(0, 1 / Math.Sqrt(weight.Value.shape[1]));
        }

        return model;
    }

    /// <summary>A head of the recipe's rank.</summary>
    public static LowRankFactors Factors(CausalLM model, int rank)
    {
        var (vocabulary, width) = (model.Shape.VocabularySize, model.Shape.HiddenSize);
        return new(torch.randn(rank, width), torch.randn(vocabulary, rank), torch.zeros(vocabulary));
    }

    /// <summary>Prompts of random tokens.</summary>
    public static int[][] Prompts(CausalLM model, int count, int tokens, int seed)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, tokens).Select(_ => (int)random.NextIndex(model.Shape.VocabularySize)).ToArray())];
    }
}
