using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SlimSpec.Specs.Tests;

/// <summary>Validates files with ajv, by <c>schemas/check/check.sh</c>.</summary>
internal static class Validator
{
    /// <summary>What runs ajv, and with <c>--install</c> only makes sure that it is there.</summary>
    public static string Script { get; } = Path.Combine(Repository.Root, "schemas/check/check.sh");

    /// <summary>For each file null, or what is wrong with it.</summary>
    public static IReadOnlyList<string?> Validate(string schema, IEnumerable<ParsedFile> files)
    {
        var request = new JsonObject
        {
            ["schema"] = JsonNode.Parse(schema),
            ["documents"] = new JsonArray([.. files.Select(file => ToJson(file.Root!))]),
        };
        using var process = Process.Start(new ProcessStartInfo("bash", [Script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        using (process.StandardInput)
        {
            process.StandardInput.Write(request.ToJsonString());
        }

        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, error.Result);
        return JsonSerializer.Deserialize<string?[]>(output)!;
    }

    // As an editor's YAML reader sees it: plain scalars have the types of YAML 1.2.
    private static JsonNode? ToJson(SpecNode node) => node switch
    {
        MappingNode mapping => new JsonObject(mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key, ToJson(entry.Value)))),
        SequenceNode list => new JsonArray([.. list.Items.Select(ToJson)]),
        ScalarNode { Kind: ScalarKind.Null } => null,
        ScalarNode { Kind: ScalarKind.Flag } flag => flag.Flag,
        ScalarNode { Kind: ScalarKind.Integer or ScalarKind.Number, Number: { } number } => number,
        ScalarNode scalar => scalar.Text,
        _ => throw new ArgumentException($"{node.Found} has no JSON"),
    };
}
