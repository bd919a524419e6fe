using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>The options that commands share; each command adds those it understands.</summary>
internal sealed class CommonOptions
{
    /// <summary>SPEC.</summary>
    public Argument<string> Spec { get; } = new("SPEC") { Description = "Name of a recipe (see: slim list) or path of a .slim.yaml" };

    /// <summary><c>--checkpoint</c>.</summary>
    public Option<string?> Checkpoint { get; } = new("--checkpoint") { HelpName = "DIR", Description = "Model folder in Hugging Face layout, instead of the spec's" };

    /// <summary><c>--data</c>.</summary>
    public Option<string?> Data { get; } = new("--data") { HelpName = "PATH", Description = "Text file, or .json with token ids, instead of the spec's datasets; or a folder to look for these in first" };

    /// <summary><c>--output</c>.</summary>
    public Option<string?> Output { get; } = new("--output") { HelpName = "DIR", Description = "Folder for the results [runs/NAME]" };

    /// <summary><c>--device</c>.</summary>
    public Option<string> Device { get; } = new("--device") { HelpName = "cpu|cuda:0", Description = "Where to compute", DefaultValueFactory = _ => "cpu" };

    /// <summary><c>--dtype</c>.</summary>
    public Option<string> Dtype { get; } = new("--dtype")
    {
        HelpName = "float32|float64|bfloat16",
        Description = "Number format to compute in",
        DefaultValueFactory = _ => "float32",
    };

    /// <summary><c>--set</c>, repeatable.</summary>
    public Option<string[]> Set { get; } = new("--set")
    {
        HelpName = "key=value",
        Description = "Another value for a key of the spec, e.g. prune[0].sparsity=0.3; repeatable",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary><c>--seed</c>.</summary>
    public Option<int?> Seed { get; } = Number("--seed", "N", "Seed of everything random, instead of the spec's", 0);

    /// <summary><c>--plan</c>.</summary>
    public Option<string?> Plan { get; } = new("--plan") { HelpName = "FILE", Description = "Cut what this plan.json says, on these weights, instead of scoring" };

    /// <summary><c>--dry-run</c>.</summary>
    public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Rehearse on little data: cut, write to a temporary folder, read again, compare; nothing is kept" };

    /// <summary><c>--stream</c>.</summary>
    public Option<bool> Stream { get; } = new("--stream") { Description = "Read weights layer by layer instead of all at once: models larger than memory [where the model would not fit]" };

    /// <summary><c>--json</c>.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print the result as one JSON document" };

    /// <summary>An option with an integer not below <paramref name="least"/>.</summary>
    public static Option<int?> Number(string name, string help, string description, int least) => new(name)
    {
        HelpName = help,
        Description = description,
        CustomParser = result => int.TryParse(Text(result), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : Refuse<int?>(result, $"{name} takes a whole number from {least}, not '{Text(result)}'"),
    };

    /// <summary>An option with a number.</summary>
    public static Option<double?> Real(string name, string help, string description) => new(name)
    {
        HelpName = help,
        Description = description,
        CustomParser = result => double.TryParse(Text(result), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : Refuse<double?>(result, $"{name} takes a number, not '{Text(result)}'"),
    };

    private static string Text(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";

    private static T? Refuse<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default;
    }
}
