using System.CommandLine;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary><c>slim schema</c>: the JSON Schema of recipes, architectures or tasks, for an editor.</summary>
internal static class SchemaCommand
{
    private const string Recipe = "recipe";
    private const string Architecture = "architecture";
    private const string Task = "task";

    public static Command Create()
    {
        var kind = new Argument<string>("KIND")
        {
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => Recipe,
            Description = $"{Recipe}, {Architecture} or {Task}",
        };
        var command = new Command("schema", "The JSON Schema of a spec's, an architecture's or a multiple-choice task's keys, for editors that complete and check YAML") { kind };
        command.SetAction(parsed =>
        {
            var schema = parsed.GetValue(kind) switch
            {
                Recipe => SpecSchema.OfRecipes(),
                Architecture => SpecSchema.OfArchitectures(),
                Task => SpecSchema.OfTasks(),
                var other => throw new SlimException($"there is no schema of {Words.Quote(other!)}{Words.Hint(other!, [Recipe, Architecture, Task])}"),
            };
            parsed.InvocationConfiguration.Output.Write(schema);
            return 0;
        });
        return command;
    }
}
