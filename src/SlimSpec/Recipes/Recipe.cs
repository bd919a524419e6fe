namespace SlimSpec;

/// <summary>
/// A compiled spec: the model it makes, what it cuts, how it recovers. Generated code derives one class per spec and
/// adds it to <see cref="RecipeRegistry"/> when its assembly is loaded.
/// </summary>
public abstract class Recipe
{
    /// <summary>The spec's name, for example <c>Tales20</c>.</summary>
    public abstract string Name { get; }

    /// <summary>File name of the spec, for example <c>tales-20.slim.yaml</c>.</summary>
    public abstract string SpecFile { get; }

    /// <summary>Hash over the spec and the architecture, in hexadecimal.</summary>
    public abstract string Hash { get; }

    /// <summary>Hash over what a plan is made for: architecture, sizes, constants, calibration, cuts and constraints. Recipes that differ in what comes after share their plans.</summary>
    public abstract string PruningHash { get; }

    /// <summary>Hash over the model alone: architecture, sizes and constants. Recipes that cut one model differently share its scores.</summary>
    public abstract string ArchitectureHash { get; }

    /// <summary>Everything the spec says, defaults included.</summary>
    public abstract RecipeSettings Settings { get; }

    /// <summary>The sizes before any cut.</summary>
    public abstract ModelShape Dense { get; }

    /// <summary>The sizes after all cuts, where they are known without scores; otherwise null.</summary>
    public abstract ModelShape? Pruned { get; }

    /// <summary>Scores and slices this recipe's coupled structures.</summary>
    public abstract StructuredPruner Pruner { get; }

    /// <summary>How the architecture's dimensions and constants are called in a Hugging Face <c>config.json</c>.</summary>
    public abstract ArchitectureInfo Architecture { get; }

    /// <summary>Makes a model with uninitialised weights.</summary>
    public abstract CausalLM CreateModel(ModelShape shape, torch.ScalarType dtype, torch.Device device);

    /// <summary>
    /// Makes a model whose weights are not loaded (<see cref="WeightLeaf.IsLoaded"/>); what it computes with besides them, and all that it
    /// will compute, is on <paramref name="device"/>.
    /// </summary>
    public abstract CausalLM CreateUnloaded(ModelShape shape, torch.ScalarType dtype, torch.Device device);

    /// <summary>The exits of <c>exits.json</c> as it was when the recipe was built, compiled; null where there was none.</summary>
    public virtual CompiledExits? Exits => null;

    /// <summary>Makes what takes a token through the layers of a model until a check lets it out.</summary>
    /// <param name="model">A model of this recipe with as many layers as its cuts leave.</param>
    /// <param name="head">How checks read the residual stream.</param>
    /// <param name="policy">What decides.</param>
    /// <exception cref="NotSupportedException">The recipe has no exits.</exception>
    public virtual ExitStack CreateExits(CausalLM model, ExitHead head, ExitPolicy policy) =>
        throw new NotSupportedException($"{GetType()} was generated without exits: its spec has none.");
}

/// <summary>A classifier whose constants are compiled.</summary>
/// <param name="FileHash">SHA-256 of the <c>exits.json</c> they are from, 64 hexadecimal digits.</param>
/// <param name="CreatePolicy">Makes the policy.</param>
public sealed record CompiledExits(string FileHash, Func<ExitPolicy> CreatePolicy);

/// <summary>The recipes that loaded assemblies brought.</summary>
public static class RecipeRegistry
{
    private static readonly Dictionary<string, Recipe> Recipes = new(StringComparer.Ordinal);

    /// <summary>All recipes, by name.</summary>
    public static IReadOnlyCollection<Recipe> All
    {
        get
        {
            lock (Recipes)
            {
                return [.. Recipes.Values.OrderBy(recipe => recipe.Name, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Adds a recipe; a later one of the same name takes its place.</summary>
    public static void Add(Recipe recipe)
    {
        lock (Recipes)
        {
            Recipes[recipe.Name] = recipe;
        }
    }
}
