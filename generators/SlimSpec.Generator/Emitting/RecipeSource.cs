using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes the C# of one recipe: a class named after it, with shape, model, block and pruner nested inside.</summary>
internal static class RecipeSource
{
    public static string Write(RecipeModel recipe, string rootNamespace)
    {
        var graph = new RecipeGraph(recipe);
        var writer = new CodeWriter();
        SourceFileHeader.Write(writer, graph, rootNamespace);
        writer.Summary($"The recipe of <c>{recipe.FileName}</c>, compiled.");
        using (writer.Open($"public sealed partial class {recipe.Name} : Recipe"))
        {
            RecipeEmitter.Emit(writer, graph);
            writer.Blank();
            ShapeEmitter.Emit(writer, graph);
            ModelEmitter.Emit(writer, graph);
            BlockEmitter.Emit(writer, graph);
            RecoveryEmitter.Emit(writer, graph);
            PrunerEmitter.Emit(writer, graph);
        }

        return writer.ToString();
    }
}
