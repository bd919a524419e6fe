namespace SlimSpec.Specs.Tests;

public class ShippedFilesTests
{
    private static readonly SourceFile Llama = Repository.Read("specs/architectures/llama.arch.yaml");

    [Fact]
    public void TheLlamaArchitectureIsAccepted()
    {
        var (architecture, problems) = SpecCompiler.CompileArchitecture(Llama);

        Samples.Print(problems).ShouldBe("");
        architecture!.Name.ShouldBe("llama");
        architecture.Layer.Count.ShouldBe(14);
        architecture.Layer[4].Inputs.ShouldBe([new("q", "q"), new("k", "k"), new("v", "v")]);
        architecture.Layer[4].Attribute("rope.theta").ShouldBe("theta");
        architecture.Head[1].Attribute("tied.to").ShouldBe("model.embed_tokens");
    }

    [Fact]
    public void TheTalesRecipeIsAccepted()
    {
        var (recipe, problems) = SpecCompiler.CompileRecipe(Repository.Read("specs/tales-20.slim.yaml"), [Llama], [Repository.Read("models/tales/config.json")]);

        Samples.Print(problems).ShouldBe("");
        recipe!.Name.ShouldBe("Tales20");
        recipe.FileName.ShouldBe("tales-20.slim.yaml");
        recipe.Checkpoint.ShouldBe("models/tales");
        recipe.Dimensions.ShouldContain(new DimensionValue("head_dim", 16));
        recipe.Constants.ShouldContain(new NamedConstant("eps", "rms_norm_eps", new(1e-5, null)));
        recipe.Constants.ShouldContain(new NamedConstant("theta", "rope_theta", new(10000, null)));
        recipe.Constants.ShouldContain(new NamedConstant("tied", "tie_word_embeddings", new(null, true)));
        recipe.Width().Layers.ShouldBe([1, 2, 3, 4]);
        recipe.Recover[0].Lora!.TargetModules.ShouldBe(["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]);
        recipe.Evaluate!.Dataset.ShouldBe(new("data/tales.txt", 0, 1));
    }

    public static TheoryData<string> Tasks() => [.. Repository.Files("specs/tasks", $"*{SpecCompiler.TaskSuffix}")];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void EveryTaskIsAcceptedAndHasItsFilesName(string file)
    {
        var (task, problems) = SpecCompiler.CompileTask(Repository.Read(file));

        Samples.Print(problems).ShouldBe("");
        $"specs/tasks/{task!.Task}{SpecCompiler.TaskSuffix}".ShouldBe(file);
        (task.Metrics[0] == "acc_norm").ShouldBe(new[] { "hellaswag", "arc_challenge", "openbookqa" }.Any(name => task.Task.StartsWith(name, StringComparison.Ordinal)), "LLM-Pruner's tables quote these");
    }

    public static TheoryData<string> Architectures() =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "specs/architectures"), $"*{SpecCompiler.ArchitectureSuffix}").Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void EveryArchitectureIsAcceptedAndHasANameOfItsOwn(string file)
    {
        var (architecture, problems) = SpecCompiler.CompileArchitecture(Repository.Read($"specs/architectures/{file}"));

        Samples.Print(problems).ShouldBe("");
        (architecture!.Name + SpecCompiler.ArchitectureSuffix).ShouldBe(file);
        GraphResolver.ResolveDefaults(architecture).Layer.Count(node => node.Op == "attention").ShouldBe(1);
    }
}
