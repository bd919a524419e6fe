using System.CommandLine;

namespace SlimSpec.CommandLine;

/// <summary><c>slim show</c>: what a recipe is: sizes layer by layer, before and after its cuts, and every setting.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var dtype = new Option<string?>("--dtype") { HelpName = CacheFormat.Names, Description = "Number format of the KV cache [the checkpoint's, else float16]" };
        var command = new Command("show", "A recipe's model layer by layer, before and after its cuts, and all its settings")
        {
            options.Spec, options.Checkpoint, options.Data, options.Seed, options.Set, dtype, options.Json,
        };
        command.SetAction(parsed =>
        {
            var job = Job.From(parsed, options);
            var sheet = new RecipeSheet(job, CacheFormat.Of(parsed.GetValue(dtype), job.ModelConfigPath));
            return job.Print(sheet.AsJson(), sheet.Write);
        });
        return command;
    }
}
