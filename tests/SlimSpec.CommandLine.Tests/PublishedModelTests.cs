using System.Globalization;
using System.Text.Json;

namespace SlimSpec.CommandLine.Tests;

/// <summary>
/// The shipped recipes of published models: parameters and multiply-accumulates that the generator knows, without any
/// weights, are those that papers and tables print.
/// </summary>
public sealed class PublishedModelTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    // LLM-Pruner's log lines and tables; the MACs are its 424.02 and 339.60 G.
    [Theory]
    [InlineData("llama-7b", 6_738_415_616, 5_422_977_024)]
    [InlineData("llama2-7b", 6_738_415_616, 5_422_977_024)]
    [InlineData("vicuna-7b", 6_738_415_616, 5_422_977_024)]
    [InlineData("llama-13b", 13_015_864_320, 10_319_713_280)]
    [InlineData("llama3-8b", 8_030_261_248, 6_612_586_496)]
    [InlineData("tinyllama-1.1b", 1_100_048_384, 945_907_712)]
    public void ALlamaHasThePublishedNumberOfParameters(string recipe, long dense, long pruned)
    {
        var sheet = Show(recipe);

        Parameters(sheet, "dense").ShouldBe(dense);
        Parameters(sheet, "pruned").ShouldBe(pruned);
    }

    // BLOOM-7B1 and ChatGLM-6B as their model cards and PEFT's listings count them, each head being the token table.
    [Theory]
    [InlineData("bloom-7b1", 7_069_016_064)]
    [InlineData("chatglm-6b", 6_173_286_400)]
    public void AnotherFamilyHasThePublishedNumberOfParameters(string recipe, long dense)
    {
        var sheet = Show(recipe);

        Parameters(sheet, "dense").ShouldBe(dense);
        Parameters(sheet, "pruned").ShouldBeLessThan(dense);
    }

    // "Why Lift so Heavy?": the first layers of GPT2-XL and OPT-1.3B, in millions.
    [Theory]
    [InlineData("gpt2-xl", "model.n_layer", 48, "1557.6")]
    [InlineData("gpt2-xl", "model.n_layer", 24, "819.8")]
    [InlineData("gpt2-xl", "model.n_layer", 12, "450.9")]
    [InlineData("gpt2-xl", "model.n_layer", 2, "143.5")]
    [InlineData("gpt2-xl", "model.n_layer", 1, "112.8")]
    [InlineData("opt-1.3b", "model.num_hidden_layers", 24, "1315.8")]
    [InlineData("opt-1.3b", "model.num_hidden_layers", 12, "711.5")]
    [InlineData("opt-1.3b", "model.num_hidden_layers", 2, "207.9")]
    [InlineData("opt-1.3b", "model.num_hidden_layers", 1, "157.5")]
    public void FewerLayersHaveThePublishedNumberOfParameters(string recipe, string key, int layers, string millions) =>
        Scaled(Parameters(Show(recipe, $"{key}={layers}"), "dense"), 1e6, "F1").ShouldBe(millions);

    [Fact]
    public void TheMultiplyAccumulatesAreThoseOfLlmPrunersTable()
    {
        var twenty = Show("llama-7b");
        var fifty = Show("llama-7b", "prune[0].sparsity=0.6", "prune[0].layers=3..30");

        Parameters(fifty, "pruned").ShouldBe(3_350_188_032);
        Gigas(twenty, "dense").ShouldBe("424.02");
        Gigas(twenty, "pruned").ShouldBe("339.60");
        Gigas(fifty, "pruned").ShouldBe("206.59");
    }

    // LLM-Pruner's rows "Channel 20 %" and "Channel 50 %" of LLaMA-7B.
    [Theory]
    [InlineData("0.2", 5_389_416_396, "339.36")]
    [InlineData("0.5", 3_369_207_808, "212.58")]
    public void HiddenChannelsCutThroughoutAreCountedAsPublished(string sparsity, long pruned, string macs)
    {
        var sheet = Show("llama-7b", $"prune=[{{cut: width, targets: [hidden], score: l2, sparsity: {sparsity}}}]");

        Parameters(sheet, "pruned").ShouldBe(pruned);
        Gigas(sheet, "pruned").ShouldBe(macs);
    }

    [Fact]
    public void TheCacheIsCountedInTheFormatAskedFor()
    {
        var half = Show("llama3-8b");

        half.GetProperty("kv_dtype").GetString().ShouldBe("float16");
        Cache(half, "dense").ShouldBe(2 * 2 * 8 * 128 * 32);
        Cache(half, "pruned").ShouldBe(2 * 2 * 128 * ((8 * 6) + (6 * 26)));
        Cache(Slim.Json("show", Spec("llama3-8b"), "--dtype", "float32"), "dense").ShouldBe(2 * Cache(half, "dense"));
        Slim.Json("show", Spec("tales-20")).GetProperty("kv_dtype").GetString().ShouldBe("float16"); // as its checkpoint says
        Slim.Refused("show", Spec("llama3-8b"), "--dtype", "float12").ShouldContain("did you mean 'float16'?");
    }

    private static JsonElement Show(string recipe, params string[] settings) =>
        Slim.Json(["show", Spec(recipe), .. settings.SelectMany(setting => new[] { "--set", setting })]);

    private static string Spec(string recipe) =>
        UserPath.FindUpwards(AppContext.BaseDirectory, $"specs/{recipe}.slim.yaml").ShouldNotBeNull();

    private static long Parameters(JsonElement sheet, string shape) => sheet.GetProperty(shape).GetProperty("parameters").GetInt64();

    private static long Cache(JsonElement sheet, string shape) => sheet.GetProperty(shape).GetProperty("kv_bytes_per_token").GetInt64();

    private static string Gigas(JsonElement sheet, string shape) => Scaled(sheet.GetProperty(shape).GetProperty("macs").GetInt64(), 1e9, "F2");

    private static string Scaled(long number, double unit, string format) => (number / unit).ToString(format, CultureInfo.InvariantCulture);
}
