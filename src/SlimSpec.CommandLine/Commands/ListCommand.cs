using System.CommandLine;
using System.Text.Json;

namespace SlimSpec.CommandLine;

/// <summary><c>slim list</c>: the recipes that this program was built with, or the multiple-choice tasks that specs can name.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var json = new CommonOptions().Json;
        var tasks = new Option<bool>("--tasks") { Description = "The multiple-choice tasks that specs and slim eval --tasks can name here" };
        var command = new Command("list", "The recipes this program was built with, or the tasks that models can be asked") { tasks, json };
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(tasks))
            {
                return WriteTasks(output, parsed.GetValue(json));
            }

            var recipes = RecipeLoader.Built().ToList();
            if (parsed.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(recipes.Select(loaded => new
                {
                    loaded.Recipe.Name,
                    Spec = UserPath.Show(loaded.SpecPath),
                    Architecture = loaded.Recipe.Architecture.Name,
                    loaded.Recipe.Dense.Parameters,
                    Summary = Summary.Of(loaded.Recipe.Settings),
                }), RunFolder.Json));
                return 0;
            }

            var table = new TextTable("name", "spec", ">parameters", "what it does");
            foreach (var loaded in recipes)
            {
                var recipe = loaded.Recipe;
                table.Add(recipe.Name, UserPath.Show(loaded.SpecPath), Numbers.Scaled(recipe.Dense.Parameters), Summary.Of(recipe.Settings));
            }

            table.Write(output);
            return 0;
        });
        return command;
    }

    // What is shipped is within the program.
    private static string? Place(string path) => File.Exists(path) ? UserPath.Show(path) : null;

    private static int WriteTasks(TextWriter output, bool json)
    {
        var known = TaskLoader.Known(Environment.CurrentDirectory);
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(known.Select(each => new { each.Task, Path = Place(each.Path) }), RunFolder.Json));
            return 0;
        }

        var table = new TextTable("task", "metrics", ">few-shot", "rows of", "file");
        foreach (var (task, path) in known)
        {
            table.Add(task.Task, string.Join(", ", task.Metrics.Select(metric => SpecWords.Of(metric))), task.NumFewshot, task.Dataset.Path, Place(path) ?? "shipped");
        }

        table.Write(output);
        return 0;
    }
}
