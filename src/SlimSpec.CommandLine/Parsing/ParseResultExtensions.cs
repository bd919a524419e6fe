using System.CommandLine;

namespace SlimSpec.CommandLine;

/// <summary>Values of options that a command may not have.</summary>
internal static class ParseResultExtensions
{
    /// <summary>An option's value; the default where the command has no such option or it was not given.</summary>
    public static T? Get<T>(this ParseResult parsed, Option<T> option) =>
        parsed.CommandResult.Command.Options.Contains(option) ? parsed.GetValue(option) : default;
}
