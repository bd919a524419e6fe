namespace SlimSpec.Specs.Tests;

/// <summary>A test that validates with ajv; skipped by name where there is no Node.js to run it.</summary>
internal sealed class SchemaFactAttribute : FactAttribute
{
    public SchemaFactAttribute()
    {
        var missing = new[] { "node", "npm" }.Where(program => !IsOnPath(program)).ToList();
        if (missing.Count > 0)
        {
            Skip = $"{string.Join(" and ", missing)} not found: schemas are validated with the npm package ajv";
        }
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
