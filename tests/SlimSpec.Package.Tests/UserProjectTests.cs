namespace SlimSpec.Package.Tests;

/// <summary>What a user does with the packages, from an empty folder on.</summary>
public class UserProjectTests(UserProject project) : IClassFixture<UserProject>
{
    [Fact]
    public void TheProgramListsItsRecipe()
    {
        var list = project.Run("list");

        list.ShouldContain("BedtimeRecipe");
        list.ShouldContain("cut 25 % of mlp, attention by taylor");
    }

    [Fact]
    public void TheProgramShowsItsRecipeAndTheShippedArchitecture()
    {
        project.Run("show", "BedtimeRecipe").ShouldContain("prune[0].sparsity = 0.25");
        project.Run("show", "llama").ShouldContain("self_attn.q_proj");
    }

    [Fact]
    public void TheProgramComputesOnItsEngine()
    {
        File.WriteAllText(project.At("text.txt"), string.Concat(Enumerable.Range(0, 300).Select(i => $"Ann has {i % 7} balls and Ben has {i % 5}.\n")));
        File.WriteAllText(project.At("tiny.slim.yaml"), """
            spec: 1
            model: { architecture: llama, hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 24, vocab_size: 300, max_position_embeddings: 64 }
            train: { dataset: text.txt, max_seq_length: 32, max_steps: 1 }
            """);

        project.Run("train", project.At("tiny.slim.yaml"), "--output", project.At("tiny"));

        File.Exists(project.At("tiny/model.safetensors")).ShouldBeTrue();
    }

    [Fact]
    public void TheProgramRunsOnThePackagesOfThisBuild()
    {
        foreach (var assembly in new[] { "SlimSpec.dll", "SlimSpec.CommandLine.dll", "SlimSpec.Torch.dll" })
        {
            File.ReadAllBytes(Path.Combine(project.Binaries, assembly)).ShouldBe(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, assembly)), assembly);
        }
    }

    [Fact]
    public void TheSchemaThatTheSpecNamesForEditorsIsThere()
    {
        const string key = "# yaml-language-server: $schema=";
        var first = File.ReadLines(project.Spec).First();

        first.ShouldStartWith(key);
        File.ReadAllText(Path.Combine(project.Folder, first[key.Length..])).ShouldBe(File.ReadAllText(Path.Combine(Tools.Root, "schemas", "slim.schema.json")));
    }

    [Fact]
    public void AMistakeInTheSpecIsAnErrorAtItsLine()
    {
        var right = File.ReadAllLines(project.Spec);
        var line = Array.FindIndex(right, text => text.Contains("sparsity: 0.25", StringComparison.Ordinal));
        try
        {
            File.WriteAllLines(project.Spec, [.. right[..line], "    sparsty: 20", .. right[(line + 1)..]]);

            var (code, output) = project.Build();

            code.ShouldBe(1, output);
            output.ShouldContain($"{project.Spec}({line + 1},5): error SLIM103: unknown key 'sparsty' in 'prune[0]'; did you mean 'sparsity'?");
        }
        finally
        {
            File.WriteAllLines(project.Spec, right);
        }
    }

    [Fact]
    public void FilesThatSpecsReferToAreFoundAndTheProjectsOwnGoFirst()
    {
        string[] added = [Path.Combine(project.Folder, "specs", "small.slim.yaml"), Path.Combine(project.Folder, "opt.arch.yaml"), Path.Combine(project.Solution, "models", "small", "config.json")];
        string[] texts =
        [
            "spec: 1\n# config: nothing.json\nmodel: { architecture: llama, config: \"models/small/config.json\" }\nprune:\n  - { cut: width, targets: [mlp], score: l2, sparsity: 0.5, layers: 7 }\n",
            "architecture: opt\n",
            File.ReadAllText(Path.Combine(Tools.Root, "models", "tales", "config.json")),
        ];
        try
        {
            foreach (var (file, text) in added.Zip(texts))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, text);
            }

            var (code, output) = project.Build();

            code.ShouldBe(1, output);
            output.ShouldContain("small.slim.yaml(5,69): error SLIM302: layer 7 does not exist: the model has layers 0 to 5");
            output.ShouldContain(added[1] + "(1,1): error SLIM");
            output.ShouldNotContain("more than one architecture file");
        }
        finally
        {
            Array.ForEach(added, File.Delete);
        }
    }

    // After a change of what snapshots say: dotnet test -e ACCEPT_SNAPSHOTS=1 writes the template's anew.
    [Fact]
    public void TheSnapshotTestOfANewProjectPassesAsItIs()
    {
        Tools.Succeed(project.Solution, project.Packages, "dotnet", "test", "--no-build", "-nologo").ShouldContain("Passed:     1");

        if (Environment.GetEnvironmentVariable("ACCEPT_SNAPSHOTS") == "1")
        {
            var accepted = Directory.GetFiles(Path.Combine(project.Solution, $"{UserProject.Name}.Tests"), "*.verified.txt").Single();
            var text = File.ReadAllText(accepted).Replace($"{UserProject.Name}Recipe", "Slim_Project_1Recipe", StringComparison.Ordinal).Replace("bedtime", "slim.project-1", StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(Tools.Root, "src", "SlimSpec.Templates", "content", "project", "Slim.Project-1.Tests", Path.GetFileName(accepted)), text);
        }
    }

    [Fact]
    public void DotnetNewMakesTheSameFilesAndTakesNamesThatAreNoIdentifiers()
    {
        var hive = project.At("hive");
        Tools.Succeed(project.At("."), null, "dotnet", "new", "install", Directory.GetFiles(project.Feed, "SlimSpec.Templates.*.nupkg").Single(), "--debug:custom-hive", hive);
        Tools.Succeed(project.At("."), null, "dotnet", "new", "slimspec", "-n", UserProject.Name, "-o", project.At("template"), "--debug:custom-hive", hive);
        Tools.Succeed(project.At("."), null, "dotnet", "new", "slimspec", "-n", "My-Tales.2", "-o", project.At("dashed"), "--debug:custom-hive", hive);

        Files(project.At("template")).ShouldBe(Files(project.Solution));
        Tools.Succeed(project.At("dashed"), project.Packages, "dotnet", "build", "-nologo", "-v:quiet");
    }

    // Texts by path, without what builds leave.
    private static SortedDictionary<string, string> Files(string folder) => new(
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file))
            .Where(file => !file.Contains(".received.", StringComparison.Ordinal) && !file.Split('/').Any(part => part is "bin" or "obj" or "models" or "specs"))
            .ToDictionary(file => file, file => File.ReadAllText(Path.Combine(folder, file))), StringComparer.Ordinal);
}
