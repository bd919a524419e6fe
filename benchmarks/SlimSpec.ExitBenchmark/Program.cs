using System.Globalization;
using SlimSpec;
using SlimSpec.ExitBenchmark;

// What early exits cost and save; see ../README.md. Each part writes its tables to standard output.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["forced", var name, var texts, var tokens]:
        ForcedTable.Write(Console.Out, RecipeRegistry.All.Single(recipe => recipe.Name == name), int.Parse(texts), int.Parse(tokens));
        return 0;
    case ["adainfer", var slim, var spec, var checkpoint, var data]:
        var folder = Directory.CreateTempSubdirectory("slim-exits-").FullName;
        try
        {
            var table = new AdaInferTable(new(slim, spec, checkpoint, Path.Combine(folder, "run")), Console.Out);
            var texts = Tasks.Texts(data).ToList();
            table.WriteTasks(texts, Tasks.Questions(data, folder));
            Console.WriteLine();
            table.WriteFeatures(texts[0].File);
            Console.WriteLine();
            table.WriteHeads(texts[0].File);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    case ["long", var checkpoint, var text]:
        new LongTexts(checkpoint, text).Write(Console.Out, Stories3MExits.Instance, Stories3MPropagate.Instance);
        return 0;
    default:
        Console.Error.WriteLine("usage: SlimSpec.ExitBenchmark forced RECIPE TEXTS TOKENS | adainfer SLIM SPEC CHECKPOINT DATA | long CHECKPOINT TEXT");
        return 2;
}
