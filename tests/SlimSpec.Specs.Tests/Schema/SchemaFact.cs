using System.Diagnostics;

namespace SlimSpec.Specs.Tests;

/// <summary>A test that validates with ajv; skipped by name where there is no Node.js, or npm cannot install ajv.</summary>
internal sealed class SchemaFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Obstacle = new(FindObstacle);

    public SchemaFactAttribute() => Skip = Obstacle.Value;

    private static string? FindObstacle()
    {
        var missing = new[] { "node", "npm" }.Where(program => !IsOnPath(program)).ToList();
        if (missing.Count > 0)
        {
            return $"{string.Join(" and ", missing)} not found: schemas are validated with the npm package ajv";
        }

        using var install = Process.Start(new ProcessStartInfo("bash", [Validator.Script, "--install"]) { RedirectStandardError = true })!;
        var error = install.StandardError.ReadToEnd();
        install.WaitForExit();
        return install.ExitCode == 0 ? null : $"npm cannot install ajv: {error.Trim()}";
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
