namespace SlimSpec.Tests;

/// <summary>Generated models with the weights of their goldens. Each <c>specs/golden-NAME.slim.yaml</c> is the recipe of <c>goldens/NAME</c>.</summary>
internal static class GoldenModels
{
    private const string Prefix = "golden-";
    private const string Suffix = ".slim.yaml";

    private static readonly Dictionary<string, Recipe> Recipes = RecipeRegistry.All
        .Where(recipe => recipe.SpecFile.StartsWith(Prefix, StringComparison.Ordinal))
        .ToDictionary(recipe => recipe.SpecFile[Prefix.Length..^Suffix.Length]);

    /// <summary>Names of the goldens that generated models are compared with.</summary>
    public static TheoryData<string> Names => Where((_, _) => true);

    /// <summary>Those that can run on the meta device, where PyTorch 1.13 has no layer norm.</summary>
    public static TheoryData<string> OnMeta => ["llama-mha", "llama-gqa", "llama3-ropescaled", "mistral-gqa-sw8", "qwen2-gqa-tied", "gemma", "phi3", "baichuan-7b", "baichuan-13b"];

    /// <summary>The units of each golden's family whose structure <paramref name="accepts"/>, by golden and unit.</summary>
    public static TheoryData<string, string> UnitsWhere(Func<string, CoupledStructure, bool> accepts)
    {
        var units = new TheoryData<string, string>();
        foreach (var (name, recipe) in Recipes.OrderBy(golden => golden.Key, StringComparer.Ordinal))
        {
            foreach (var structure in recipe.Pruner.Structures.Where(structure => accepts(name, structure)))
            {
                units.Add(name, structure.Unit);
            }
        }

        return units;
    }

    /// <summary>Those with a padded batch; ChatGLM's prefixes have conventions of their own.</summary>
    public static TheoryData<string> Padded => Where((name, recipe) => TestFiles.GoldenJson($"{name}/golden.json").TryGetProperty("padded", out _));

    /// <summary>Those whose family has checkpoints that lack a prefix of the names.</summary>
    public static TheoryData<string> WithBaseModel => Where((_, recipe) => recipe.Architecture.BasePrefix is not null);

    public static Recipe Recipe(string golden) => Recipes[golden];

    public static CausalLM Load(string golden, torch.ScalarType dtype = torch.ScalarType.Float32) => Load(Recipe(golden), golden, dtype);

    /// <summary>A golden's weights in the model of another recipe of its sizes.</summary>
    public static CausalLM Load(Recipe recipe, string golden, torch.ScalarType dtype = torch.ScalarType.Float32)
    {
        var model = recipe.CreateModel(recipe.Dense, dtype, torch.CPU);
        using var folder = HuggingFaceFolder.Open(TestFiles.Golden(golden));
        folder.Check(recipe);
        folder.LoadInto(model);
        return model;
    }

    private static TheoryData<string> Where(Func<string, Recipe, bool> accepts) =>
        [.. Recipes.Where(golden => accepts(golden.Key, golden.Value)).Select(golden => golden.Key).Order(StringComparer.Ordinal)];
}
