using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using static Microsoft.CodeAnalysis.IncrementalStepRunReason;

namespace SlimSpec.Generator.Tests;

/// <summary>What files that come, change and go make the generator do again.</summary>
public class IncrementalTests
{
    private const string Config = """
        { "model_type": "llama", "vocab_size": 64, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 48, "max_position_embeddings": 32 }
        """;

    private static readonly Spec Gpt2 = new("architectures/gpt2.arch.yaml", File.ReadAllText(Path.Join(AppContext.BaseDirectory, "architectures", "gpt2.arch.yaml")));

    private static readonly Spec Configuration = new("b/config.json", Config);
    private static readonly Spec A = new("a.slim.yaml", "spec: 1\nname: A\nmodel: { architecture: gpt2, vocab_size: 64, n_embd: 32, n_layer: 2, n_head: 4, n_positions: 32 }\n");
    private static readonly Spec B = new("b.slim.yaml", "spec: 1\nname: B\nmodel: { architecture: llama, config: b/config.json }\n");

    [Fact]
    public void A_new_spec_is_the_only_one_that_is_generated()
    {
        var driver = Start().AddAdditionalTexts([new Spec("c.slim.yaml", Text(A).Replace("name: A", "name: C"))]).RunGenerators(Run.EmptyCompilation);

        ShouldBe(driver, recipes: [Cached, Cached, New], compile: [Cached, Cached, New], model: [Cached, Cached, New], outputs: ["A.g.cs", "B.g.cs", "C.g.cs"]);
    }

    [Fact]
    public void A_deleted_spec_takes_its_class_along_and_no_other()
    {
        var driver = Start().RemoveAdditionalTexts([A]).RunGenerators(Run.EmptyCompilation);

        driver.GetRunResult().Results[0].GeneratedSources.Select(source => source.HintName).ShouldBe(["B.g.cs"]);
        driver.Reasons(SpecGenerator.Steps.Compile).ShouldNotContain(Modified);
        driver.Reasons(SpecGenerator.Steps.Compile).ShouldNotContain(New);
    }

    [Fact]
    public void An_edited_spec_is_compiled_alone()
    {
        var driver = Start().ReplaceAdditionalText(A, new Spec(A.Path, Text(A).Replace("n_head: 4", "n_head: 2"))).RunGenerators(Run.EmptyCompilation);

        ShouldBe(driver, recipes: [Modified, Cached], compile: [Modified, Cached], model: [Modified, Cached], outputs: ["A.g.cs", "B.g.cs"]);
    }

    [Fact]
    public void An_edited_configuration_regenerates_the_spec_that_reads_it()
    {
        var driver = Start().ReplaceAdditionalText(Configuration, new Spec(Configuration.Path, Config.Replace("48", "56"))).RunGenerators(Run.EmptyCompilation);

        ShouldBe(driver, recipes: [Cached, Cached], compile: [Unchanged, Modified], model: [Cached, Modified], outputs: ["A.g.cs", "B.g.cs"]);
    }

    [Fact]
    public void A_new_configuration_that_no_spec_reads_regenerates_nothing()
    {
        var driver = Start().AddAdditionalTexts([new Spec("other/config.json", Config)]).RunGenerators(Run.EmptyCompilation);

        ShouldBe(driver, recipes: [Cached, Cached], compile: [Unchanged, Unchanged], model: [Cached, Cached], outputs: ["A.g.cs", "B.g.cs"]);
    }

    [Fact]
    public void A_deleted_configuration_is_an_error_at_the_spec_that_reads_it()
    {
        var driver = Start().RemoveAdditionalTexts([Configuration]).RunGenerators(Run.EmptyCompilation);

        ShouldBe(driver, recipes: [Cached, Cached], compile: [Unchanged, Modified], model: [Cached, Modified], outputs: ["A.g.cs"]);
        driver.Messages().Single().ShouldStartWith("b.slim.yaml(3,39): error SLIM602:");
    }

    [Fact]
    public void A_plan_beside_a_spec_gives_its_sizes_and_says_when_it_is_stale()
    {
        var spec = new Spec("b.slim.yaml", Text(B) + "prune: [{ cut: width, targets: [mlp], score: l1, scope: global, sparsity: 0.5 }]\n");
        var driver = Run.Driver(Run.Llama, Gpt2, Configuration, A, spec);
        Generated(driver, "B.g.cs").ShouldNotContain("Shape Pruned");
        var hash = Generated(driver, "B.g.cs").Split("string PruningHash => \"")[1].Split('"')[0];
        var plan = new Spec("b.plan.json", $$"""{ "format": 2, "recipe_hash": "{{hash}}", "layers": [], "groups": [{ "layer": 1, "unit": "mlp", "kept": [0, 7], "scores": [] }] }""");

        driver = driver.AddAdditionalTexts([plan]).RunGenerators(Run.EmptyCompilation);

        ShouldBe(driver, recipes: [Cached, Cached], compile: [Unchanged, Modified], model: [Cached, Modified], outputs: ["A.g.cs", "B.g.cs"]);
        driver.Messages().ShouldBeEmpty();
        Generated(driver, "B.g.cs").ShouldContain("Ffn: 2), // 1");

        var rescored = new Spec(plan.Path, Text(plan).Replace("[] }] }", "[1, 2, 3] }] }"));
        driver = driver.ReplaceAdditionalText(plan, rescored).RunGenerators(Run.EmptyCompilation);

        driver.Reasons(SpecGenerator.Steps.Plans).ShouldBe([Unchanged]);
        ShouldBe(driver, recipes: [Cached, Cached], compile: [Cached, Cached], model: [Cached, Cached], outputs: ["A.g.cs", "B.g.cs"]);

        driver = driver.ReplaceAdditionalText(rescored, new Spec(plan.Path, Text(plan).Replace(hash, "4f2c"))).RunGenerators(Run.EmptyCompilation);

        ShouldBe(driver, recipes: [Cached, Cached], compile: [Unchanged, Modified], model: [Cached, Modified], outputs: ["A.g.cs", "B.g.cs"]);
        driver.Messages().Single().ShouldStartWith("b.plan.json(1,31): warning SLIM308:");
        Generated(driver, "B.g.cs").ShouldNotContain("Shape Pruned");
    }

    [Fact]
    public void Exits_beside_a_spec_are_compiled_and_say_when_they_are_stale()
    {
        var spec = new Spec("b.slim.yaml", Text(B) + "exits: { mode: simulate, layers: [1], features: [gap], calibrate: { dataset: b.txt, prompt_tokens: 8, max_new_tokens: 8 } }\n");
        var driver = Run.Driver(Run.Llama, Gpt2, Configuration, A, spec);
        Generated(driver, "B.g.cs").ShouldNotContain("FittedPolicy");
        var hash = Generated(driver, "B.g.cs").Split("string Hash => \"")[1].Split('"')[0];
        var exits = new Spec("b.exits.json", $$"""{ "format": 1, "recipe_hash": "{{hash}}", "depth": 2, "layers": [1], "features": ["gap"], "classifier": { "kind": "logistic", "form": "linear", "checks": [{ "layers": 1, "weights": [2], "bias": -1.5, "threshold": 0.25 }] } }""");

        driver = driver.AddAdditionalTexts([exits]).RunGenerators(Run.EmptyCompilation);

        ShouldBe(driver, recipes: [Cached, Cached], compile: [Unchanged, Modified], model: [Cached, Modified], outputs: ["A.g.cs", "B.g.cs"]);
        driver.Messages().ShouldBeEmpty();
        Generated(driver, "B.g.cs").ShouldContain("-1.5 + (2.0 * features[0]) >= 0.25");

        driver = driver.ReplaceAdditionalText(exits, new Spec(exits.Path, Text(exits).Replace(hash, "4f2c"))).RunGenerators(Run.EmptyCompilation);

        ShouldBe(driver, recipes: [Cached, Cached], compile: [Unchanged, Modified], model: [Cached, Modified], outputs: ["A.g.cs", "B.g.cs"]);
        driver.Messages().Single().ShouldStartWith("b.exits.json(1,31): warning SLIM508:");
        Generated(driver, "B.g.cs").ShouldNotContain("FittedPolicy");
    }

    [Fact]
    public void A_new_architecture_that_no_spec_names_regenerates_nothing()
    {
        var driver = Start().AddAdditionalTexts([new Spec("architectures/own.arch.yaml", Text(Gpt2).Replace("architecture: gpt2", "architecture: own"))]).RunGenerators(Run.EmptyCompilation);

        ShouldBe(driver, recipes: [Cached, Cached], compile: [Unchanged, Unchanged], model: [Cached, Cached], outputs: ["A.g.cs", "B.g.cs"]);
    }

    [Fact]
    public void A_deleted_architecture_is_an_error_at_the_specs_that_name_it_and_coming_back_mends_them()
    {
        var driver = Start().RemoveAdditionalTexts([Gpt2]).RunGenerators(Run.EmptyCompilation);

        ShouldBe(driver, recipes: [Cached, Cached], compile: [Modified, Unchanged], model: [Modified, Cached], outputs: ["B.g.cs"]);
        driver.Messages().Single().ShouldStartWith("a.slim.yaml(3,24): error SLIM201:");

        driver = driver.AddAdditionalTexts([Gpt2]).RunGenerators(Run.EmptyCompilation);

        ShouldBe(driver, recipes: [Cached, Cached], compile: [Modified, Unchanged], model: [Modified, Cached], outputs: ["A.g.cs", "B.g.cs"]);
    }

    [Fact]
    public void An_edited_architecture_regenerates_the_specs_that_name_it_alone()
    {
        var driver = Start().ReplaceAdditionalText(Gpt2, new Spec(Gpt2.Path, Text(Gpt2).Replace("GPT2LMHeadModel", "OtherModel"))).RunGenerators(Run.EmptyCompilation);

        ShouldBe(driver, recipes: [Cached, Cached], compile: [Modified, Unchanged], model: [Modified, Cached], outputs: ["A.g.cs", "B.g.cs"]);
    }

    [Fact]
    public void An_edited_task_regenerates_the_specs_that_name_it_alone_and_its_problems_are_at_its_line()
    {
        var task = new Spec("tasks/quiz.task.yaml", "task: quiz\ndataset_path: quiz.jsonl\ndoc_to_text: \"{{q}}\"\ndoc_to_choice: [a, b]\ndoc_to_target: right\nmetric_list: [{ metric: acc }]\n");
        var spec = new Spec("b.slim.yaml", Text(B) + "evaluate: { tasks: [{ task: quiz, limit: 7 }] }\n");
        var driver = Run.Driver(Run.Llama, Gpt2, Configuration, A, spec, task);
        driver.Messages().ShouldBeEmpty();
        Generated(driver, "B.g.cs").ShouldContain("DocToChoice = \"{{['a', 'b']}}\"");
        Generated(driver, "B.g.cs").ShouldContain("Limit = 7");

        driver = driver.ReplaceAdditionalText(task, new Spec(task.Path, Text(task).Replace("{{q}}", "{{question}}"))).RunGenerators(Run.EmptyCompilation);

        ShouldBe(driver, recipes: [Cached, Cached], compile: [Unchanged, Modified], model: [Cached, Modified], outputs: ["A.g.cs", "B.g.cs"]);

        driver = Run.Driver(Run.Llama, Gpt2, Configuration, A, spec, new Spec(task.Path, Text(task).Replace("{{q}}", "{{q")));

        driver.Messages().Single().ShouldStartWith("tasks/quiz.task.yaml(3,14): error SLIM604:");
        driver.GetRunResult().Results[0].GeneratedSources.Select(source => source.HintName).ShouldBe(["A.g.cs"]);
    }

    [Fact]
    public void A_remark_in_an_architecture_regenerates_nothing()
    {
        var driver = Start().ReplaceAdditionalText(Gpt2, new Spec(Gpt2.Path, "# a remark\n" + Text(Gpt2))).RunGenerators(Run.EmptyCompilation);

        ShouldBe(driver, recipes: [Cached, Cached], compile: [Unchanged, Unchanged], model: [Cached, Cached], outputs: ["A.g.cs", "B.g.cs"]);
    }

    [Fact]
    public void An_unrelated_edit_to_the_code_looks_at_no_file()
    {
        var driver = Start().RunGenerators(Run.EmptyCompilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Unrelated;")));

        ShouldBe(driver, recipes: [Cached, Cached], compile: [Cached, Cached], model: [Cached, Cached], outputs: ["A.g.cs", "B.g.cs"]);
    }

    private static GeneratorDriver Start() => Run.Driver(Run.Llama, Gpt2, Configuration, A, B);

    private static string Generated(GeneratorDriver driver, string name) => driver.GetRunResult().Results[0].GeneratedSources.Single(source => source.HintName == name).SourceText.ToString();

    private static string Text(Spec spec) => spec.GetText().ToString();

    private static void ShouldBe(GeneratorDriver driver, IncrementalStepRunReason[] recipes, IncrementalStepRunReason[] compile, IncrementalStepRunReason[] model, string[] outputs)
    {
        driver.Reasons(SpecGenerator.Steps.Recipes).ShouldBe(recipes);
        driver.Reasons(SpecGenerator.Steps.Compile).ShouldBe(compile);
        driver.Reasons(SpecGenerator.Steps.Model).ShouldBe(model);
        driver.GetRunResult().Results[0].GeneratedSources.Select(source => source.HintName).ShouldBe(outputs);
    }
}
