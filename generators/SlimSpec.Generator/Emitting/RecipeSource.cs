using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes the C# of one recipe: a class named after it, with shape, model, block and pruner nested inside.</summary>
internal static class RecipeSource
{
    private static readonly string Version = typeof(RecipeSource).Assembly.GetName().Version!.ToString(3);

    public static string Write(RecipeModel recipe, ClassDeclaration declaration)
    {
        var graph = new RecipeGraph(recipe);
        var writer = new CodeWriter();
        SourceFileHeader.Write(writer, graph, declaration.Namespace);
        writer.Summary($"The recipe of <c>{recipe.FileName}</c>, compiled.");
        writer.Write($"[System.CodeDom.Compiler.GeneratedCode(\"SlimSpec\", \"{Version}\")]");
        using (writer.Open($"{declaration.Modifiers} class {recipe.Name} : Recipe"))
        {
            Region(writer, "What the spec says", () => RecipeEmitter.Emit(writer, graph));
            Region(writer, "Sizes: dimensions, constants, shapes and what they cost", () => ShapeEmitter.Emit(writer, graph));
            Region(writer, "The model: embedding, layers, head", () =>
            {
                ModelEmitter.Emit(writer, graph);
                BlockEmitter.Emit(writer, graph);
            });
            if (recipe.Exits is { } exits)
            {
                Region(writer, "Early exits: the loop with its checks", () => ExitsEmitter.Emit(writer, graph, exits));
            }

            if (recipe.Fitted is { } fitted)
            {
                Region(writer, "Early exits: when tokens leave", () => ExitPolicyEmitter.Emit(writer, fitted));
            }

            if (recipe.Recover.Count > 0)
            {
                Region(writer, "Recovery: what each step trains", () => RecoveryEmitter.Emit(writer, graph));
            }

            Region(writer, "Pruning: coupled structures, their scores, and surgery", () => PrunerEmitter.Emit(writer, graph), isLast: true);
        }

        return writer.ToString();
    }

    private static void Region(CodeWriter writer, string title, System.Action emit, bool isLast = false)
    {
        writer.Write($"#region {title}");
        writer.Blank();
        emit();
        writer.TrimBlankLines();
        writer.Blank();
        writer.Write("#endregion");
        if (!isLast)
        {
            writer.Blank();
        }
    }
}
