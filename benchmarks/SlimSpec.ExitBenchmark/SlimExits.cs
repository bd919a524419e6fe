using System.Diagnostics;
using System.Text.Json.Nodes;

namespace SlimSpec.ExitBenchmark;

/// <summary>Runs <c>slim exits</c> and reads what it says.</summary>
/// <param name="slim">The program.</param>
/// <param name="spec">The recipe's spec.</param>
/// <param name="checkpoint">The model's folder.</param>
/// <param name="folder">Where results go.</param>
internal sealed class SlimExits(string slim, string spec, string checkpoint, string folder)
{
    /// <summary>One run; null where nothing could be certified.</summary>
    /// <param name="data">A text, or prompts.</param>
    /// <param name="settings">Values of <c>--set</c>.</param>
    public JsonNode? Run(string data, params IEnumerable<string> settings)
    {
        string[] arguments = ["exits", spec, "--checkpoint", checkpoint, "--data", data, "--output", folder, "--json", .. settings.SelectMany(setting => new[] { "--set", setting })];
        using var process = Process.Start(new ProcessStartInfo(slim, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode switch
        {
            0 => JsonNode.Parse(output),
            2 when error.Result.Contains("certif", StringComparison.Ordinal) => null,
            _ => throw new InvalidOperationException($"slim {string.Join(' ', arguments)} failed: {error.Result}"),
        };
    }
}
