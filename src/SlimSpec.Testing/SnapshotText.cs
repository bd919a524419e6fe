namespace SlimSpec.Testing;

/// <summary>
/// What <see cref="Snapshot"/> writes into its files: text with <c>\n</c> line ends that is the same on every machine and
/// in every culture, and changes in few lines where a spec changes a little.
/// </summary>
public static class SnapshotText
{
    /// <summary>A recipe's architecture before and after its cuts.</summary>
    public static string Of(Recipe recipe) =>
        recipe is { Settings.Prune.Count: > 0, Pruned: { } pruned }
            ? ArchitectureText.Of(recipe, ("dense", recipe.Dense), ("pruned", pruned))
            : ArchitectureText.Of(recipe, ("dense", recipe.Dense));

    /// <summary>One shape of a recipe.</summary>
    /// <exception cref="ArgumentException">No compiled recipe has shapes of this kind.</exception>
    public static string Of(ModelShape shape)
    {
        var recipe = RecipeRegistry.All.FirstOrDefault(recipe => recipe.Dense.GetType() == shape.GetType())
            ?? throw new ArgumentException($"No compiled recipe has a {shape.GetType()}.", nameof(shape));
        var name = ReferenceEquals(shape, recipe.Dense) ? "dense" : ReferenceEquals(shape, recipe.Pruned) ? "pruned" : "shape";
        return ArchitectureText.Of(recipe, (name, shape));
    }

    /// <summary>Which weights are cut together.</summary>
    public static string Of(IEnumerable<CoupledStructure> structures) => Text(output =>
    {
        foreach (var structure in structures)
        {
            output.WriteLine($"{structure.Unit}: {structure.Dimension}, {Where(structure)}");
            StructureTable.Write(output, structure);
            output.WriteLine();
        }
    });

    /// <summary>What a plan keeps.</summary>
    public static string Of(PruningPlan plan) => PlanText.Of(plan);

    /// <summary>All settings, defaults included, under their keys.</summary>
    public static string Of(RecipeSettings settings) => string.Join('\n', SettingLines.Of(settings));

    /// <summary>The C# that the generator made of a recipe's spec, one text a file.</summary>
    /// <exception cref="SnapshotException">The recipe's assembly has no debug information beside it or inside it.</exception>
    public static IReadOnlyList<Target> GeneratedCode(Recipe recipe) => GeneratedSource.Of(recipe.GetType());

    /// <summary>What is written, without line ends at its end.</summary>
    internal static string Text(Action<TextWriter> write)
    {
        using var output = new StringWriter { NewLine = "\n" };
        write(output);
        return output.ToString().TrimEnd('\n');
    }

    private static string Where(CoupledStructure structure) => structure switch
    {
        { IsWholeModel: true } => "in the whole model",
        { Within: { } group } => $"in each layer, equally many in each of its {group}",
        _ => "in each layer",
    };
}
