using System.CommandLine;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>What is wrong with a command line, in one sentence with the nearest valid word.</summary>
internal static class UsageErrors
{
    /// <summary>The first thing wrong, or null.</summary>
    public static string? Find(Command root, IReadOnlyList<string> args, ParseResult parsed)
    {
        if (args.Count == 0)
        {
            return "say what to do: slim COMMAND SPEC; slim --help lists the commands";
        }

        var command = root.Subcommands.FirstOrDefault(command => command.Name == args[0]);
        if (command is null && !root.Options.Any(option => Names(option).Contains(args[0])))
        {
            var names = root.Subcommands.Select(candidate => candidate.Name).Append("test");
            return $"unknown {(args[0].StartsWith('-') ? "option" : "command")} '{args[0]}'{Words.Hint(args[0], names)}";
        }

        if (command is { Subcommands.Count: > 0 })
        {
            var names = command.Subcommands.Select(sub => sub.Name).ToList();
            if (args.Skip(1).FirstOrDefault(arg => !arg.StartsWith('-')) is var what && command.Subcommands.FirstOrDefault(sub => sub.Name == what) is { } named)
            {
                command = named;
            }
            else if (!parsed.Tokens.Any(token => token.Value is "--help" or "-h" or "-?"))
            {
                return $"slim {command.Name} {string.Join(" or ", names)}: say which{(what is null ? "" : $", not '{what}'{Words.Hint(what, names)}")}";
            }
        }

        return (command is null ? null : UnknownOption(root, command, args))
            ?? parsed.Errors.Select(error => Sentence(error.Message, command, parsed)).FirstOrDefault();
    }

    // An unknown option would otherwise be taken for the SPEC argument.
    private static string? UnknownOption(Command root, Command command, IReadOnlyList<string> args)
    {
        var known = command.Options.Concat(root.Options.Where(option => option.Recursive)).ToList();
        for (var i = 1; i < args.Count && args[i] != "--"; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                continue;
            }

            var name = args[i].Split('=', ':')[0];
            var option = known.FirstOrDefault(option => Names(option).Contains(name));
            if (option is null)
            {
                var elsewhere = root.Subcommands.Where(other => other.Options.Any(option => option.Name == name)).Select(other => other.Name).ToList();
                return elsewhere.Count > 0
                    ? $"'{command.Name}' has no option {name} ({string.Join(", ", elsewhere)} {(elsewhere.Count == 1 ? "has" : "have")})"
                    : $"unknown option '{name}'{Words.Hint(name, known.Select(option => option.Name))}";
            }

            i += option.Arity.MinimumNumberOfValues > 0 && name.Length == args[i].Length ? 1 : 0;
        }

        return null;
    }

    private static IEnumerable<string> Names(Option option) => option.Aliases.Append(option.Name);

    // Our style: no capital, no full stop.
    private static string Sentence(string message, Command? command, ParseResult parsed)
    {
        if (!message.StartsWith("Required argument missing for command", StringComparison.Ordinal))
        {
            return char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.');
        }

        return command?.Arguments.First(argument => parsed.GetResult(argument) is not { Tokens.Count: > 0 }) is { Name: not "SPEC" } missing
            ? $"{missing.Name} is missing: {Words.Decapitalize(missing.Description!)}"
            : "SPEC is missing: the name of a recipe (slim list shows them) or the path of a .slim.yaml";
    }
}
