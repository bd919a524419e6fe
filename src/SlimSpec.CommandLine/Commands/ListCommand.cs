using System.CommandLine;
using System.Text.Json;

namespace SlimSpec.CommandLine;

/// <summary><c>slim list</c>: the recipes that this program was built with.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var json = new CommonOptions().Json;
        var command = new Command("list", "The recipes this program was built with") { json };
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
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
}
