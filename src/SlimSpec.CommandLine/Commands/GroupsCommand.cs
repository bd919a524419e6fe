using System.CommandLine;

namespace SlimSpec.CommandLine;

/// <summary><c>slim groups</c>: the weights that are cut together.</summary>
internal static class GroupsCommand
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var command = new Command("groups", "The coupled structures: which weights' rows and columns are cut together")
        {
            options.Spec, options.Checkpoint, options.Set, options.Json,
        };
        command.SetAction(parsed =>
        {
            var job = Job.From(parsed, options);
            var recipe = job.Recipe;
            var result = new { recipe.Name, Layers = recipe.Dense.LayerCount, Groups = recipe.Pruner.Structures.Select(structure => AsJson(recipe, structure)) };
            return job.Print(result, output => Write(output, recipe));
        });
        return command;
    }

    private static void Write(TextWriter output, Recipe recipe)
    {
        foreach (var structure in recipe.Pruner.Structures)
        {
            var units = $"{structure.Unit}: {Units(recipe, structure)[0]} units ({structure.Dimension})";
            output.WriteLine(structure switch
            {
                { IsWholeModel: true } => $"{units} in the whole model",
                { Within: { } group } => $"{units} in each of {recipe.Dense.LayerCount} layers, equally many of which stay in each of its {recipe.Dense[group, 0]} {group}",
                _ => $"{units} in each of {recipe.Dense.LayerCount} layers",
            });
            StructureTable.Write(output, structure);
            output.WriteLine();
        }
    }

    private static object AsJson(Recipe recipe, CoupledStructure structure) => new
    {
        structure.Unit,
        structure.Dimension,
        structure.Within,
        WholeModel = structure.IsWholeModel,
        Units = Units(recipe, structure),
        Members = structure.Members.Select(member => new { member.Weight, Axis = StructureTable.Axis(member), member.ChannelsPerUnit, member.InLayer }),
    };

    // One number a layer, or one for the whole model.
    private static IReadOnlyList<int> Units(Recipe recipe, CoupledStructure structure) => structure.IsWholeModel
        ? [recipe.Pruner.Units(recipe.Dense, structure.Unit, StructuredPruner.WholeModel)]
        : [.. Enumerable.Range(0, recipe.Dense.LayerCount).Select(layer => recipe.Pruner.Units(recipe.Dense, structure.Unit, layer))];
}
