using Microsoft.CodeAnalysis;

namespace SlimSpec.Generator.Tests;

/// <summary>Recipes that classes say: the same code as of the same recipe in YAML, and the same errors, at the arguments.</summary>
public class RecipeClassTests
{
    private const string Tiny = """
        using SlimSpec;

        namespace Small;

        [SlimRecipe]
        [Model(Architecture = "llama")]
        [ModelKey("vocab_size", 256), ModelKey("hidden_size", 64), ModelKey("num_hidden_layers", 4), ModelKey("num_attention_heads", 8)]
        [ModelKey("intermediate_size", 172), ModelKey("max_position_embeddings", 128)]
        [CutWidth(Targets = ["mlp"], Score = WidthScore.L1, Sparsity = 0.5)]
        public partial class Tiny;
        """;

    private static readonly IReadOnlyList<AdditionalText> Files =
    [
        .. Directory.GetFiles(Path.Join(Repository.Root, "specs", "architectures"), "*.arch.yaml")
            .Concat(Directory.GetFiles(Path.Join(Repository.Root, "models"), "config.json", SearchOption.AllDirectories))
            .Select(file => new Spec(file, File.ReadAllText(file))),
    ];

    public static TheoryData<string> Shipped =>
    [
        .. new[] { "specs", "specs/why-lift-so-heavy" }.SelectMany(folder => Directory.GetFiles(Path.Join(Repository.Root, folder), "*.slim.yaml"))
            .Select(file => Path.GetRelativePath(Path.Join(Repository.Root, "specs"), file)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_shipped_recipe_said_by_a_class_gives_the_same_code(string file) => ShouldGiveTheSameCode(File.ReadAllText(Path.Join(Repository.Root, "specs", file)), file);

    [Theory]
    [InlineData("- { cut: depth, score: block_influence, remove: 1, search: greedy, protect: { first: 1 }, seed: 3 }\n- { cut: depth, unit: mlp, layers: \"0, 2\" }")]
    [InlineData("- { cut: width, targets: [mlp], score: l1, sparsity: [0.1, 0.2, 0.3, 0.4] }\n- { cut: width, targets: [attention], score: l2, sparsity: { gradient: [0.3, 0.6] } }")]
    [InlineData("- { cut: width, targets: [mlp, attention], score: wanda, compensate: bias, sparsity: [{ layers: \"0, 2\", targets: [mlp], value: 0.5 }, { value: 0.25 }] }")]
    [InlineData("- { cut: width, targets: [mlp, attention], scope: global, normalize: mean, sparsity: 0.3, layers: { mlp: 0..2, attention: \"1, 3\" } }")]
    [InlineData("- { cut: width, targets: [mlp], score: l1 }\nconstraints: { params: 150K, kv_cache_mb: 8, dtype: float32, batch_size: 2 }")]
    public void Cuts_of_every_form_said_by_a_class_give_the_same_code(string cuts) => ShouldGiveTheSameCode(
        $"spec: 1\nname: Forms\nmodel: {{ architecture: llama, vocab_size: 256, hidden_size: 64, num_hidden_layers: 4, num_attention_heads: 8, intermediate_size: 160, max_position_embeddings: 128 }}\ncalibration: {{ dataset: a.txt }}\nprune:\n{cuts}\n",
        "forms.slim.yaml");

    [Theory]
    [InlineData("mode: adaptive_verified\nlayers: { from: 50%, every: 2, always: [1] }\nfeatures: [gap, delta_entropy]\nhead: { policy: lowrank, rank: 16 }\nclassifier: { kind: svm_linear, per_layer: false }\ncalibrate: { dataset: a.txt, split: ':90%', seed: 4 }\nkv: { policy: deferred }")]
    [InlineData("mode: truncate\nlayers: 2\nreader: { final_norm: false }\nguard: { min_predicted_speedup: 0 }")]
    [InlineData("mode: off")]
    public void Exits_said_by_a_class_give_the_same_code(string exits) => ShouldGiveTheSameCode(
        $"spec: 1\nname: Early\nmodel: {{ architecture: llama, vocab_size: 256, hidden_size: 64, num_hidden_layers: 4, num_attention_heads: 8, intermediate_size: 160, max_position_embeddings: 128 }}\nexits:\n  {exits.Replace("\n", "\n  ")}\n",
        "early.slim.yaml");

    [Theory]
    [InlineData("- { method: full, objective: instruct, dataset: { path: a.json, format: alpaca, split: '5%:', limit: 9, seed: 2 }, sample_packing: true, train_on_inputs: true, warmup_ratio: 0.1, val_set_size: 0.1, eval_steps: 5, early_stopping_patience: 2, save_steps: 7 }\n- { method: lora, dataset: a.txt, split: ':90%', lora_r: 4 }")]
    [InlineData("- { method: partial, objective: p_cls, task: trec, layers: '0, 2..3', last_layers: 1, norms: true, head: false, group_by_length: true }\n- { method: partial, dataset: a.txt }")]
    [InlineData("- { method: distill, objective: prompt_lm, task: news, teacher: models/a, teacher_memory: streamed, kd_temperature: 2, kd_alpha: 0.9, lora: { r: 4, alpha: 8, dropout: 0.0, target_modules: [q_proj, up_proj] } }\n- { method: distill, dataset: { path: a.csv, text: [title, '2'] } }")]
    public void Recoveries_said_by_a_class_give_the_same_code(string steps) => ShouldGiveTheSameCode(
        $$$"""
        spec: 1
        name: Recovered
        model: { architecture: llama, vocab_size: 256, hidden_size: 64, num_hidden_layers: 4, num_attention_heads: 8, intermediate_size: 160, max_position_embeddings: 256 }
        tasks:
          trec:
            template: "Question: {text}\nAnswer \"type\":"
            labels: { NUM: Number, LOC: Location }
            demonstrations: 2
            train: { path: a.label, format: trec }
            test: { path: b.label, format: trec, limit: 10 }
          news:
            template: "{text}"
            labels: { World: world, Sports: sports }
            shots: 3
            train: { path: a.csv, format: ag_news, labels: { 1: World, 2: Sports }, split: ':90%' }
            test: { path: a.csv, text: [1, 2], label: 0, header: false, labels: { 1: World, 2: Sports }, split: '90%:' }
        recover:
        {{{steps}}}
        sweep:
          recover[0].learning_rate: [0.001, 0.0001]
          recover[1]: [{ method: full, dataset: b.txt }, { method: lora, dataset: 'c, d.txt', lora_target_modules: [q_proj] }]
          recover[0].max_steps: [null, 5]
        """,
        "recovered.slim.yaml");

    private static void ShouldGiveTheSameCode(string text, string file)
    {
        var spec = new Spec(Path.Join(Repository.Root, "specs", file), text);
        var yaml = Source(Run.Driver([.. Files, spec]));
        var name = yaml.HintName[..^".g.cs".Length];

        var (driver, compilation) = Compile((Path.Join(Repository.Root, "specs", "Class.cs"), RecipeClasses.Of(spec.GetText().ToString(), name)));

        compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).ShouldBeEmpty();
        Source(driver).SourceText.ToString().ShouldBe(yaml.SourceText.ToString()
            .Replace(Path.GetFileName(file), "Class.cs", StringComparison.Ordinal)
            .Replace("namespace SlimSpec.Generated;", "namespace Classes;", StringComparison.Ordinal)
            .Replace("public sealed partial class " + name, "sealed partial class " + name, StringComparison.Ordinal));
    }

    [Fact]
    public void The_documented_class_is_the_shipped_recipe()
    {
        var spec = Path.Join(Repository.Root, "specs", "tales-20.slim.yaml");
        var (driver, compilation) = Compile((Path.Join(Repository.Root, "docs", "Tales20.cs"), File.ReadAllText(Path.Join(Repository.Root, "docs", "Tales20.cs"))));

        compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).ShouldBeEmpty();
        HashIn(Source(driver)).ShouldBe(HashIn(Source(Run.Driver([.. Files, new Spec(spec, File.ReadAllText(spec))]))));
    }

    [Fact]
    public void The_documented_error_is_what_a_build_says()
    {
        var text = File.ReadAllText(Path.Join(Repository.Root, "docs", "Tales20.cs")).Replace("Sparsity = 0.20", "Sparsity = 1.5");

        var problem = Compile((Path.Join(Repository.Root, "docs", "Tales20.cs"), text)).Driver.Messages().ShouldHaveSingleItem();

        File.ReadAllText(Path.Join(Repository.Root, "docs", "language.md")).ReplaceLineEndings(" ").ShouldContain($"`{Path.GetFileName(problem)}`");
    }

    [Fact]
    public void A_class_that_is_being_typed_never_breaks_the_generator()
    {
        var driver = Run.Driver(Run.Llama);
        foreach (var text in Enumerable.Range(0, Tiny.Length / 2).Select(i => Tiny[..(2 * i)])
            .Concat(Enumerable.Range(0, Tiny.Length).Where(i => char.IsPunctuation(Tiny[i]) || Tiny[i] == '=').Select(i => Tiny.Remove(i, 1)))
            .Append(Tiny.Replace("CutWidth", "CutWidht").Replace("[SlimRecipe]", "[SlimRecipe, System.Obsolete]")))
        {
            driver = driver.RunGenerators(Run.CompilationOf(("Tiny.cs", text)));
            driver.GetRunResult().Results[0].Exception.ShouldBeNull(text);
        }
    }

    [Fact]
    public void The_generated_part_takes_the_class_as_it_is_declared()
    {
        var (driver, compilation) = Compile(("Tiny.cs", Tiny.Replace("namespace Small;", "").Replace("public partial", "internal sealed partial")));

        driver.Messages().ShouldBeEmpty();
        compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).ShouldBeEmpty();
        compilation.GetTypeByMetadataName("Tiny")!.DeclaredAccessibility.ShouldBe(Accessibility.Internal);
        compilation.GetTypeByMetadataName("Tiny")!.BaseType!.Name.ShouldBe("Recipe");
    }

    [Fact]
    public void Cuts_and_keys_are_taken_from_all_parts_of_a_class_in_order_of_appearance()
    {
        var (driver, _) = Compile(
            ("Tiny.cs", Tiny.Replace("public partial", "[CutWidth(Targets = new[] { \"attention\" }, Score = WidthScore.L2, Sparsity = 0.25)]\npublic partial")),
            ("More.cs", "namespace Small;\n\n[SlimSpec.CutWidth(Targets = new string[] { \"mlp\" }, Score = SlimSpec.WidthScore.Random, Sparsity = 1 / 8d)]\npartial class Tiny;"));

        driver.Messages().ShouldBeEmpty();
        var code = Source(driver).SourceText.ToString();
        new[] { "Sparsity = 0.5,", "Sparsity = 0.25,", "Sparsity = 0.125," }.Select(part => code.IndexOf(part, StringComparison.Ordinal)).ShouldBeInOrder();
        code.ShouldContain("Score = WidthScore.Random,");
    }

    [Fact]
    public void Every_problem_is_reported_at_its_argument()
    {
        var (driver, _) = Compile(("Tiny.cs", Tiny
            .Replace("[\"mlp\"]", "[\"mlp\", \"atention\"]")
            .Replace("Sparsity = 0.5", "Sparsity = 1.5, Layers = \"1..9\", Seed = -1")
            .Replace("\"hidden_size\", 64", "\"hiden_size\", 64")
            .Replace("\"vocab_size\", 256", "\"vocab_size\", \"many\"")));

        driver.Messages().ShouldBe(
        [
            "Tiny.cs(6,2): error SLIM203: 'model' needs 'hidden_size' (there is 'hiden_size'), or a 'config' to read from",
            "Tiny.cs(7,25): error SLIM105: 'vocab_size' must be an integer from 1 to 16777216, found the text \"many\"",
            "Tiny.cs(7,43): error SLIM103: unknown key 'hiden_size' in 'model'; did you mean 'hidden_size'?",
            "Tiny.cs(9,29): error SLIM301: the architecture 'llama' has no unit 'atention'; did you mean 'attention'?",
            "Tiny.cs(9,76): error SLIM107: 'prune[0].sparsity' must be a number above 0 and below 1, found 1.5",
            "Tiny.cs(9,105): error SLIM107: 'prune[0].seed' must be an integer of at least 0, found -1",
        ]);
    }

    [Theory]
    [InlineData("public class Tiny;", "(10,14)", "it is not partial; write 'partial class'")]
    [InlineData("public partial class Tiny<T>;", "(10,22)", "it is generic; a recipe has no type parameters")]
    [InlineData("public static partial class Tiny;", "(10,29)", "it is static; remove 'static', for a recipe has one instance")]
    [InlineData("public abstract partial class Tiny;", "(10,31)", "it is abstract; remove 'abstract', for a recipe has one instance")]
    [InlineData("file partial class Tiny;", "(10,20)", "it is local to its file; remove 'file', so that its generated part can be in another one")]
    [InlineData("public partial record Tiny;", "(10,23)", "it is a record; declare it as a partial class")]
    [InlineData("public partial class Tiny : System.Exception;", "(10,22)", "it derives from 'Exception'; its generated part derives from Recipe")]
    [InlineData("public partial class Tiny(int steps);", "(10,22)", "it has no constructor without parameters, which makes its one instance")]
    public void A_class_that_cannot_take_the_generated_part_is_named(string declaration, string place, string reason)
    {
        var (driver, _) = Compile(("Tiny.cs", Tiny.Replace("public partial class Tiny;", declaration)));

        driver.Messages().ShouldBe([$"Tiny.cs{place}: error SLIM113: 'Tiny' cannot be a recipe: {reason}"]);
        driver.GetRunResult().GeneratedTrees.ShouldBeEmpty();
    }

    [Fact]
    public void A_nested_class_is_refused()
    {
        var (driver, _) = Compile(("Tiny.cs", Tiny.Replace("[SlimRecipe]", "partial class Outer\n{\n[SlimRecipe]") + "\n}"));

        driver.Messages().ShouldBe(["Tiny.cs(12,22): error SLIM113: 'Tiny' cannot be a recipe: it is nested in 'Outer'; move it out"]);
    }

    [Fact]
    public void A_class_may_say_its_base()
    {
        var (driver, compilation) = Compile(("Tiny.cs", Tiny.Replace("class Tiny", "class Tiny : Recipe, System.IDisposable").Replace("Tiny : Recipe, System.IDisposable;", "Tiny : Recipe, System.IDisposable { public void Dispose() { } }")));

        driver.Messages().ShouldBeEmpty();
        compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).ShouldBeEmpty();
    }

    [Fact]
    public void A_class_of_a_name_that_generated_code_has_for_itself_is_refused()
    {
        var (driver, _) = Compile(("Tiny.cs", Tiny.Replace("class Tiny", "class Block")));

        driver.Messages().ShouldBe(["Tiny.cs(10,22): error SLIM108: the name 'Block' is taken by the generated code"]);
    }

    [Fact]
    public void A_class_and_a_spec_of_one_name_are_one_error_and_the_spec_stays()
    {
        var spec = new Spec("tiny.slim.yaml", "spec: 1\nname: Tiny\n" + """
            model: { architecture: llama, vocab_size: 256, hidden_size: 64, num_hidden_layers: 4, num_attention_heads: 8,
              intermediate_size: 172, max_position_embeddings: 128 }
            """);

        var (driver, _) = Run.Compile([.. Files, spec], ("Tiny.cs", Tiny));

        driver.Messages().ShouldBe(["Tiny.cs(10,22): error SLIM112: the recipe 'Tiny' is already in tiny.slim.yaml"]);
        Source(driver).SourceText.ToString().ShouldContain("from tiny.slim.yaml");
    }

    [Theory]
    [InlineData("Sparsty = 0.5", "Tiny.cs(9,2): error SLIM104: 'prune[0]' needs the key 'sparsity' (the fraction to remove), or 'constraints' to solve it from|Tiny.cs(9,53): error SLIM103: unknown key 'sparsty' in 'prune[0]'; did you mean 'sparsity'?")]
    [InlineData("Sparsity = double.NaN", "Tiny.cs(9,64): error SLIM105: 'prune[0].sparsity' must be a number above 0 and below 1, a list of them with one for each layer, { gradient: [...] } or a list of { targets, layers, value }, found the text \"NaN\"")]
    [InlineData("Sparsity = System.Math.Sqrt(0.1)", "Tiny.cs(9,64): error SLIM105: a value of a recipe must be a constant: a text, a number, true, false or null, or an array of them")]
    [InlineData("Sparsity = 0.5, Order = (TaylorOrder)7", "Tiny.cs(9,77): error SLIM106: 'prune[0].order' must be one of vector, first, second, mix, found '7'")]
    [InlineData("Sparsity = 0.5, ProtectFirst = 4", "Tiny.cs(9,69): error SLIM303: no layer is left to cut: all of the model's 4 are protected")]
    public void A_wrong_argument_is_named_as_in_a_spec(string argument, string problems)
    {
        var (driver, _) = Compile(("Tiny.cs", Tiny.Replace("Sparsity = 0.5", argument)));

        driver.Messages().ShouldBe(problems.Split('|'));
    }

    [Theory]
    [InlineData("\"hidden_size\", 64.0", "Tiny.cs(7,55): error SLIM105: 'hidden_size' must be an integer from 1 to 1048576, found 64.0")]
    [InlineData("\"hidden_size\", typeof(int)", "Tiny.cs(7,55): error SLIM105: a value of a recipe must be a constant: a text, a number, true, false or null, or an array of them")]
    [InlineData("\"hidden_size\", 64), ModelKey(\"hidden_size\", 65", "Tiny.cs(7,69): error SLIM102: the key 'hidden_size' is written twice; first on line 7")]
    [InlineData("\"hidden_size\", 64), ModelKey(\"rope_scaling\", null), ModelKey(\"rope_scaling.factor\", 2", "Tiny.cs(7,101): error SLIM102: the key 'rope_scaling' is written twice; first on line 7")]
    [InlineData("\"hidden_size\", 64), ModelKey(\"rope_scaling.rope_type\", \"linear\"), ModelKey(\"rope_scaling.fctor\", 2", "Tiny.cs(7,115): error SLIM103: unknown key 'fctor' in 'model.rope_scaling'; did you mean 'factor'?")]
    [InlineData("value: 64, name: \"hidden_size\"), ModelKey(\"\", 1", "Tiny.cs(7,82): error SLIM103: unknown key '' in 'model'")]
    public void A_wrong_key_of_the_model_is_named_as_in_a_spec(string key, string problem)
    {
        var (driver, _) = Compile(("Tiny.cs", Tiny.Replace("\"hidden_size\", 64", key)));

        driver.Messages().Where(message => message.StartsWith(problem, StringComparison.Ordinal)).ShouldHaveSingleItem(string.Join('\n', driver.Messages()));
    }

    [Fact]
    public void A_class_without_model_is_told_what_it_needs()
    {
        var (driver, _) = Compile(("Tiny.cs", "[SlimSpec.SlimRecipe]\npartial class Tiny;"));

        driver.Messages().ShouldBe(["Tiny.cs(2,15): error SLIM104: the file needs the key 'model' (what is slimmed)"]);
    }

    private static (GeneratorDriver Driver, Compilation Compilation) Compile(params (string Path, string Text)[] sources) => Run.Compile(Files, sources);

    private static GeneratedSourceResult Source(GeneratorDriver driver)
    {
        driver.Messages().Where(message => !message.Contains("SLIM112", StringComparison.Ordinal)).ShouldBeEmpty();
        return driver.GetRunResult().Results[0].GeneratedSources.Single();
    }

    private static string HashIn(GeneratedSourceResult source) => source.SourceText.Lines.Select(line => line.ToString()).Single(line => line.Contains("string Hash => ", StringComparison.Ordinal));
}
