using System.Runtime.Loader;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>A recipe with the place of its spec.</summary>
/// <param name="Recipe">The compiled recipe.</param>
/// <param name="Source">The spec it was compiled from, as the command line changes it.</param>
internal sealed record LoadedRecipe(Recipe Recipe, SpecSource Source)
{
    /// <summary>Full path of the spec.</summary>
    public string SpecPath => Source.File.Path;

    /// <summary>Folder that the spec's paths are relative to, with those above it.</summary>
    public string Folder => Source.Folder;

    /// <summary>The config.json that the spec itself says to read its dimensions from, or null where it writes them.</summary>
    public string? WrittenConfig => (Source with { Overrides = [] }).Config;

    /// <summary>What the checker makes of the spec, graph and all.</summary>
    public RecipeModel Check() => RecipeCompiler.Check(Source);
}

/// <summary>From SPEC, <c>--set</c> and <c>--checkpoint</c> to a recipe: one that the host was built with, or one compiled now.</summary>
internal static class RecipeLoader
{
    /// <summary>Loads a recipe.</summary>
    /// <param name="spec">Name of a recipe, or path of a spec.</param>
    /// <param name="settings">Overrides as <c>key=value</c>.</param>
    /// <param name="checkpoint">Model folder given on the command line, or null for the spec's.</param>
    /// <exception cref="SlimException">There is no such recipe, or its spec is wrong.</exception>
    public static LoadedRecipe Load(string spec, IReadOnlyList<string> settings, string? checkpoint)
    {
        var (source, built) = Locate(spec, settings);
        if (checkpoint is not null && !File.Exists(Path.Combine(checkpoint, "config.json")))
        {
            checkpoint = null; // the checkpoint's reader says what the folder lacks
        }

        if (built is not null && settings.Count == 0 && (checkpoint is null || (Misfit(built, checkpoint) is null && !IsOfAnotherSize(built, checkpoint))))
        {
            return new(built, source);
        }

        var (recipe, changed) = Compile(source, checkpoint);
        if (built is not null && source.Class is not null)
        {
            RecipeRegistry.Add(built); // the one that has the attributes keeps the name
        }

        return new(recipe, changed);
    }

    /// <summary>A spec as it is changed, compiled.</summary>
    public static LoadedRecipe Compile(SpecSource source) => new(RecipeCompiler.Compile(source), source);

    /// <summary>The recipes the host was built with whose specs are found, with their files.</summary>
    public static IEnumerable<LoadedRecipe> Built() =>
        RecipeRegistry.All.Select(recipe => (Recipe: recipe, Source: SourceOf(recipe, []))).Where(found => found.Source is not null).Select(found => new LoadedRecipe(found.Recipe, found.Source!));

    /// <summary>Whether there is a recipe of that name, or a file at that path.</summary>
    public static bool Knows(string spec) => File.Exists(spec) || Names().Contains(spec, StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of the recipes that the host was built with.</summary>
    public static IEnumerable<string> Names() => RecipeRegistry.All.SelectMany(NamesOf).Distinct(StringComparer.OrdinalIgnoreCase);

    // The dimensions come from the checkpoint given, where the spec reads them from a file at all.
    private static (Recipe Recipe, SpecSource Source) Compile(SpecSource spec, string? checkpoint)
    {
        if (checkpoint is null || spec.Config is null)
        {
            var recipe = RecipeCompiler.Compile(spec);
            return checkpoint is null || Misfit(recipe, checkpoint) is not { } misfit
                ? (recipe, spec)
                : throw new SlimException($"{misfit}; {UserPath.Show(spec.File.Path)} writes its dimensions itself: with 'config:' they are read from the checkpoint");
        }

        if (SpecInputs.Config(spec) is not null && RecipeCompiler.Compile(spec) is var own && Misfit(own, checkpoint) is null && !IsOfAnotherSize(own, checkpoint))
        {
            return (own, spec);
        }

        var fitted = spec.WithConfig(Path.Combine(Path.GetFullPath(checkpoint), "config.json"));
        return (RecipeCompiler.Compile(fitted), fitted);
    }

    // Why a checkpoint is not of the model that a recipe was compiled for, or null.
    private static string? Misfit(Recipe recipe, string checkpoint)
    {
        try
        {
            using var folder = HuggingFaceFolder.Open(checkpoint);
            folder.Check(recipe);
            return null;
        }
        catch (SlimException misfit)
        {
            return misfit.Message;
        }
    }

    // Whether there are fewer layers, or the residual stream is of another width, though no cut of this recipe made it so: then it is another model.
    private static bool IsOfAnotherSize(Recipe recipe, string checkpoint)
    {
        using var folder = HuggingFaceFolder.Open(checkpoint);
        return folder.Config.WrittenBy != recipe.Name && folder.ReadShape(recipe) is var shape
            && (shape.LayerCount != recipe.Dense.LayerCount || shape.ModelDimensions.Any(dimension => shape.SharedDimensions[dimension] != recipe.Dense.SharedDimensions[dimension]));
    }

    private static (SpecSource Source, Recipe? Built) Locate(string spec, IReadOnlyList<string> settings)
    {
        if (File.Exists(spec))
        {
            return spec.EndsWith(CompiledClass.FileSuffix, StringComparison.OrdinalIgnoreCase)
                ? throw new SlimException($"{spec}: a recipe in C# is called by the name of its class{Words.Hint(Path.GetFileNameWithoutExtension(spec), RecipeRegistry.All.Where(CompiledClass.Is).Select(recipe => recipe.Name))}")
                : (SpecSource.Read(Path.GetFullPath(spec), settings), BuiltFrom(Path.GetFullPath(spec)));
        }

        if (RecipeRegistry.All.FirstOrDefault(recipe => NamesOf(recipe).Contains(spec, StringComparer.OrdinalIgnoreCase)) is { } named)
        {
            return SourceOf(named, settings) is { } source
                ? (source, CompiledClass.Is(named) ? named : BuiltFrom(source.File.Path))
                : throw new SlimException($"the spec {named.SpecFile} of recipe {named.Name} is not in a folder above {AppContext.BaseDirectory}");
        }

        if (spec.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || spec.Contains(Path.DirectorySeparatorChar))
        {
            throw new SlimException($"{spec}: there is no such spec{NearestFile(Path.GetFullPath(spec))}");
        }

        throw new SlimException($"there is no recipe '{spec}'{Words.Hint(spec, Names())} (slim list shows them; or give the path of a {SpecCompiler.RecipeSuffix})");
    }

    // The recipe that the host was built with from this very file, unless the file is newer than the build. Recipes compiled in
    // this process have load contexts of their own.
    private static Recipe? BuiltFrom(string path) =>
        RecipeRegistry.All.FirstOrDefault(recipe => AssemblyLoadContext.GetLoadContext(recipe.GetType().Assembly) == AssemblyLoadContext.Default
            && SpecPath(recipe) == path && File.GetLastWriteTimeUtc(path) <= File.GetLastWriteTimeUtc(recipe.GetType().Assembly.Location));

    // The attributes of a class are in the program, so its file need not be there.
    private static SpecSource? SourceOf(Recipe recipe, IReadOnlyList<string> settings) =>
        CompiledClass.Is(recipe) ? SpecSource.Read(recipe, SpecPath(recipe) ?? Path.Combine(AppContext.BaseDirectory, recipe.SpecFile), settings)
        : SpecPath(recipe) is { } path ? SpecSource.Read(path, settings)
        : null;

    // A build leaves its program below the project's folder, and the specs are in that folder, in specs there, or in a folder of these.
    private static string? SpecPath(Recipe recipe) =>
        UserPath.FoldersFrom(AppContext.BaseDirectory)
            .SelectMany(folder => Directory.Exists(Path.Combine(folder, "specs")) ? [folder, Path.Combine(folder, "specs"), .. Directory.GetDirectories(Path.Combine(folder, "specs"))] : new[] { folder })
            .Select(folder => Path.Combine(folder, recipe.SpecFile))
            .FirstOrDefault(File.Exists);

    // A C# file may hold several recipes.
    private static IEnumerable<string> NamesOf(Recipe recipe) => CompiledClass.Is(recipe) ? [recipe.Name] : [recipe.Name, recipe.SpecFile, Stem(recipe.SpecFile)];

    private static string Stem(string file) => file.EndsWith(SpecCompiler.RecipeSuffix, StringComparison.OrdinalIgnoreCase) ? file[..^SpecCompiler.RecipeSuffix.Length] : file;

    private static string NearestFile(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        return Directory.Exists(folder)
            ? Words.Hint(Path.GetFileName(path), Directory.GetFiles(folder, "*" + SpecCompiler.RecipeSuffix).Select(file => Path.GetFileName(file)!))
            : $" (nor a folder {UserPath.Show(folder)})";
    }
}
