namespace SlimSpec.Tests;

/// <summary>Generated models with the weights of their goldens.</summary>
internal static class GoldenModels
{
    /// <summary>Names of the goldens that generated models are compared with.</summary>
    public static TheoryData<string> Names => ["llama-mha", "llama-gqa"];

    public static Recipe Recipe(string golden) => golden switch
    {
        "llama-mha" => LlamaMha.Instance,
        "llama-gqa" => LlamaGqa.Instance,
        _ => throw new ArgumentOutOfRangeException(nameof(golden), golden, "no recipe is compiled for this golden"),
    };

    public static CausalLM Load(string golden, torch.ScalarType dtype = torch.ScalarType.Float32)
    {
        var recipe = Recipe(golden);
        var model = recipe.CreateModel(recipe.Dense, dtype, torch.CPU);
        using var folder = HuggingFaceFolder.Open(TestFiles.Golden(golden));
        folder.Check(recipe);
        folder.LoadInto(model);
        return model;
    }
}
