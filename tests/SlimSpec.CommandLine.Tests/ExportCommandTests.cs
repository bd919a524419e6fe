using System.Text.Json.Nodes;

namespace SlimSpec.CommandLine.Tests;

/// <summary><c>slim export</c>, and the exports that a run ends with.</summary>
public sealed class ExportCommandTests : IDisposable
{
    private const string Spec = """
        spec: 1
        name: Exported
        model: { architecture: llama, checkpoint: models/tales, config: models/tales/config.json }
        prune:
          - { cut: depth, score: first, keep: 2 }
        export: [huggingface, { format: gguf, dtype: q8_0 }]
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("slimspec-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_run_ends_with_the_forms_that_its_spec_names()
    {
        var spec = Write();
        var run = Path.Combine(_folder, "run");
        Slim.Run("run", spec, "--checkpoint", Tales, "--output", run).Code.ShouldBe(0);

        var exports = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "run.json")))!["exports"]!.AsArray();
        exports.Select(export => export!["path"]!.GetValue<string>()).ShouldBe(["export/huggingface", "export/Exported-q8_0.gguf"]);
        exports[1]!["bytes"]!.GetValue<long>().ShouldBe(new FileInfo(Path.Combine(run, "export/Exported-q8_0.gguf")).Length);
        File.Exists(Path.Combine(run, "export/huggingface/model.safetensors")).ShouldBeTrue();

        var again = Path.Combine(_folder, "again.gguf");
        Slim.Run("export", spec, "--checkpoint", run, "--format", "gguf", "--dtype", "q8_0", "-o", again).Code.ShouldBe(0);
        File.ReadAllBytes(again).ShouldBe(File.ReadAllBytes(Path.Combine(run, "export/Exported-q8_0.gguf")));
    }

    [Fact]
    public void What_cannot_be_asked_for_is_said_in_one_line()
    {
        var spec = Write();
        var (code, _, error) = Slim.Run("export", spec, "--checkpoint", Tales, "--format", "gugf", "-o", Path.Combine(_folder, "a"));
        (code, error.Trim()).ShouldBe((2, "slim: --format gugf: there is no such form; did you mean 'gguf'?"));
        Slim.Run("export", spec, "--checkpoint", Tales, "--format", "nemotron_nas", "-o", Path.Combine(_folder, "a")).Error.ShouldContain("Nemotron-NAS takes multiples of 256");
        Directory.GetFileSystemEntries(_folder).ShouldHaveSingleItem();
    }

    private static string Tales => UserPath.FindUpwards(AppContext.BaseDirectory, "models/tales")!;

    private string Write()
    {
        var path = Path.Combine(_folder, "exported.slim.yaml");
        File.WriteAllText(path, Spec.Replace("config: models/tales", $"config: {Tales}", StringComparison.Ordinal));
        return path;
    }
}
