using System.CommandLine;

namespace SlimSpec.CommandLine;

/// <summary>
/// The <c>slim</c> commands. A project whose specs the generator compiles hosts them in one line:
/// <c>return SlimHost.Run(args);</c>
/// </summary>
public static class SlimHost
{
    /// <summary>Runs one command line on the console.</summary>
    /// <param name="args">The command, the spec and the options.</param>
    /// <returns>0 done, 1 failed, 2 bad input.</returns>
    public static int Run(string[] args) => Run(args, Console.Out, Console.Error);

    /// <summary>Runs one command line with the given outputs.</summary>
    internal static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        try
        {
            var root = CommandTree.Create();
            var parsed = root.Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
            if (UsageErrors.Find(root, args, parsed) is { } usage)
            {
                throw new SlimException(usage);
            }

            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output, Error = error });
        }
        catch (Exception exception)
        {
            // A library that is missing comes as the failure of a type to initialise, which says nothing.
            var cause = exception is TypeInitializationException ? exception.GetBaseException() : exception;
            error.WriteLine(Environment.GetEnvironmentVariable("SLIM_TRACE") == "1" ? exception.ToString() : Message(cause));
            return cause is SlimException ? 2 : 1;
        }
    }

    // Lines of a compiler stay as they are; everything else says who speaks.
    private static string Message(Exception exception) =>
        exception is SlimException && exception.Message.Contains(": error SLIM", StringComparison.Ordinal)
            ? exception.Message
            : $"slim: {exception.Message}{(exception is SlimException ? "" : " (SLIM_TRACE=1 shows where)")}";
}
