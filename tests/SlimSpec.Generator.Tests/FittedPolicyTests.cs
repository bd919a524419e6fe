using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SlimSpec.Specs;
using SlimSpec.Testing;

namespace SlimSpec.Generator.Tests;

/// <summary>Classifiers that are compiled into a recipe against their <c>exits.json</c>, read step by step.</summary>
public class FittedPolicyTests
{
    private const int FeatureCount = 3;
    private static readonly int[] Layers = [1, 2, 4, 5];

    private const string Spec = """
        spec: 1
        name: Early
        model: { architecture: llama, vocab_size: 256, hidden_size: 64, num_hidden_layers: 6, num_attention_heads: 8, intermediate_size: 160, max_position_embeddings: 128 }
        exits:
          mode: adaptive
          layers: [1, 2, 4, 5]
          features: [gap, top_prob, delta_entropy]
          classifier: { kind: logistic }
          calibrate: { dataset: text.txt }
        """;

    [Fact]
    public void A_compiled_policy_decides_as_its_file_says()
    {
        var files = new[] { "threshold", "linear", "fourier", "chain" }.Select((form, i) => File(form, new SeededRandom(i + 1))).ToList();
        var recipes = RecipeAssembly.Compile([.. files.Select(file => Compile(Exits(file)))]);

        foreach (var (recipe, file) in recipes.Zip(files))
        {
            recipe.Exits!.FileHash.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file))));
            var (policy, random, decisions) = (recipe.Exits.CreatePolicy(), new SeededRandom(7), new HashSet<(int, bool)>());
            using var document = JsonDocument.Parse(file);
            for (var token = 0; token < 2000; token++)
            {
                policy.BeginToken();
                var odds = 0.0;
                for (var check = 0; check < Layers.Length; check++)
                {
                    float[] features = [.. Enumerable.Range(0, FeatureCount).Select(_ => (float)((4 * random.NextDouble()) - 2))];
                    var expected = Decide(document.RootElement.GetProperty("classifier"), check, features, ref odds);
                    policy.Leaves(check, features).ShouldBe(expected, $"{recipe.Name} token {token} check {check}");
                    decisions.Add((check, expected));
                }
            }

            // The third check has no threshold.
            decisions.Count.ShouldBe((2 * Layers.Length) - 1, "checks decide both ways");
            Should.Throw<ArgumentOutOfRangeException>(() => policy.Leaves(Layers.Length, new float[FeatureCount]));
        }
    }

    [Fact]
    public void A_compiled_policy_lets_no_token_leave_whose_features_are_no_numbers()
    {
        var recipes = RecipeAssembly.Compile([.. new[] { "threshold", "linear", "fourier", "chain" }.Select(form => Compile(Exits(File(form, new SeededRandom(3)))))]);

        recipes.ShouldAllBe(recipe => !recipe.Exits!.CreatePolicy().Leaves(0, new[] { float.NaN, float.NaN, float.NaN }));
    }

    [Fact]
    public Task A_llama_that_tokens_leave_early() => Snapshot.Verify(
        Run.Driver(Run.Llama, new Spec("early.slim.yaml", Spec), new Spec("early.exits.json", File("linear", new SeededRandom(4), digits: 2))).Sources()).UseDirectory("_snapshots");

    private static ExitsLock Exits(string file) => ExitsLock.Parse(new("early.exits.json", file));

    private static RecipeModel Compile(ExitsLock? exits)
    {
        var llama = new SourceFile(Run.Llama.Path, Run.Llama.GetText().ToString());
        var (recipe, problems) = SpecCompiler.CompileRecipe(new SourceFile("early.slim.yaml", Spec), [llama], [], exits: exits);
        problems.ShouldBeEmpty();
        return recipe!;
    }

    private static string File(string form, SeededRandom random, int digits = 15)
    {
        const int Frequencies = 16;
        string Numbers(int count, double scale) => $"[{string.Join(", ", Enumerable.Range(0, count).Select(_ => Math.Round(scale * ((2 * random.NextDouble()) - 1), digits).ToString("R", CultureInfo.InvariantCulture)))}]";
        var rest = form switch
        {
            "fourier" => $"\"frequencies\": [{string.Join(", ", Enumerable.Range(0, Frequencies).Select(_ => Numbers(FeatureCount, 3)))}], \"phases\": {Numbers(Frequencies, 3)}, ",
            "chain" => $"\"transition\": [{Numbers(2, 2)}, {Numbers(2, 2)}], ",
            _ => "",
        };
        var checks = Layers.Select((layer, check) =>
        {
            var threshold = check == 2 ? "null" : form == "threshold" ? "0.625" : Numbers(1, 0.1).Trim('[', ']');
            return form == "threshold"
                ? $"{{\"layers\": {layer}, \"feature\": {check % FeatureCount}, \"threshold\": {threshold}}}"
                : $"{{\"layers\": {layer}, \"weights\": {Numbers(form == "fourier" ? Frequencies : FeatureCount, 2)}, \"bias\": {Numbers(1, 0.1).Trim('[', ']')}, \"threshold\": {threshold}}}";
        });
        return $$"""
            {
              "format": 1, "recipe": "Early", "recipe_hash": "{{Compile(null).Hash}}", "weights": "", "depth": 6, "layers": [1, 2, 4, 5], "features": ["gap", "top_prob", "delta_entropy"],
              "classifier": {"kind": "logistic", "form": "{{form}}", {{rest}}"checks": [{{string.Join(", ", checks)}}]},
              "certificate": {"average_layers": 2.25}
            }
            """;
    }

    private static bool Decide(JsonElement classifier, int check, float[] features, ref double odds)
    {
        var at = classifier.GetProperty("checks")[check];
        double? threshold = at.GetProperty("threshold").ValueKind == JsonValueKind.Null ? null : at.GetProperty("threshold").GetDouble();
        var form = classifier.GetProperty("form").GetString();
        if (form == "threshold")
        {
            return features[at.GetProperty("feature").GetInt32()] >= threshold;
        }

        var (score, weights) = (at.GetProperty("bias").GetDouble(), Numbers(at.GetProperty("weights")));
        if (form == "fourier")
        {
            for (var j = 0; j < weights.Length; j++)
            {
                score += weights[j] * Math.Cos(Dot(Numbers(classifier.GetProperty("phases"))[j], Numbers(classifier.GetProperty("frequencies")[j]), features));
            }

            return score >= threshold;
        }

        score = Dot(score, weights, features);
        if (form == "chain")
        {
            var transition = classifier.GetProperty("transition");
            var (go, exit) = (Numbers(transition[0]), Numbers(transition[1]));
            score = odds = check == 0 ? score : score + ExitChain.Step(odds, go[0], go[1], exit[0], exit[1]);
        }

        return score >= threshold;
    }

    private static double Dot(double start, double[] weights, float[] features)
    {
        for (var i = 0; i < weights.Length; i++)
        {
            start += weights[i] * features[i];
        }

        return start;
    }

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetDouble())];
}
