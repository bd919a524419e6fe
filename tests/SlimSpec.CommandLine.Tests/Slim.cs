using System.Text.Json;

namespace SlimSpec.CommandLine.Tests;

/// <summary>Runs command lines in this process.</summary>
internal static class Slim
{
    /// <summary>Runs one and gives its exit code and outputs.</summary>
    public static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = SlimHost.Run(args, output, error);
        return (code, output.ToString(), error.ToString().TrimEnd());
    }

    /// <summary>Runs one with <c>--json</c> that must succeed; all of its standard output must be one document.</summary>
    public static JsonElement Json(params string[] args)
    {
        var (code, output, error) = Run([.. args, "--json"]);
        code.ShouldBe(0, error);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    /// <summary>Runs one that must be refused as bad input, and gives what it says.</summary>
    public static string Refused(params string[] args)
    {
        var (code, output, error) = Run(args);
        code.ShouldBe(2, error);
        output.ShouldBeEmpty();
        return error;
    }
}
