namespace SlimSpec.Tests;

/// <summary>The families once more, in recipes with every kind of cut: each <c>specs/cuts-NAME.slim.yaml</c> is of <c>goldens/NAME</c>.</summary>
internal static class CutModels
{
    private const string Prefix = "cuts-";
    private const string Suffix = ".slim.yaml";

    private static readonly Dictionary<string, Recipe> Recipes = RecipeRegistry.All
        .Where(recipe => recipe.SpecFile.StartsWith(Prefix, StringComparison.Ordinal))
        .ToDictionary(recipe => recipe.SpecFile[Prefix.Length..^Suffix.Length]);

    /// <summary>Each golden with each unit whose branch its layers may lose.</summary>
    public static TheoryData<string, string> Branches
    {
        get
        {
            var branches = new TheoryData<string, string>();
            foreach (string golden in GoldenModels.Names)
            {
                using var model = Recipe(golden).CreateUnloaded(Recipe(golden).Dense, torch.ScalarType.Float32, torch.CPU);
                foreach (var unit in model.Layers[0].Branches)
                {
                    branches.Add(golden, unit);
                }
            }

            return branches;
        }
    }

    public static Recipe Recipe(string golden) => Recipes[golden];

    public static CausalLM Load(string golden, torch.ScalarType dtype = torch.ScalarType.Float32)
    {
        var recipe = Recipe(golden);
        var model = recipe.CreateModel(recipe.Dense, dtype, torch.CPU);
        using var folder = HuggingFaceFolder.Open(TestFiles.Golden(golden));
        folder.LoadInto(model);
        return model;
    }

    public static CausalLM Cut(string golden, Selection selection) => ModelSurgery.Cut(Recipe(golden), Load(golden), selection);

    /// <summary>The selection in which some layers lose the branch of a unit.</summary>
    public static Selection Without(string unit, params IEnumerable<int> layers) => new() { Units = layers.ToDictionary(layer => (layer, unit), _ => Array.Empty<int>()) };
}
