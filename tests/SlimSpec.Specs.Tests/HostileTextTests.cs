using System.Diagnostics;
using System.Text;

namespace SlimSpec.Specs.Tests;

public class HostileTextTests
{
    private const int Long = 1 << 19;

    // Each takes a fraction of a second; a machine that is busy with other things takes longer, a square of the length far longer.
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, string> Texts = new()
    {
        { "empty", "" },
        { "a lone byte order mark", "\uFEFF" },
        { "NUL", "spec: 1\0\nname: x" },
        { "half a character", "name: \ud83d" },
        { "deep lists", Repeat("[", 100_000) },
        { "deep mappings", Repeat("{ a: ", 100_000) },
        { "deep brackets", Repeat("{", 100_000) },
        { "deep block lists", Repeat("- ", 100_000) },
        { "deep block mappings", string.Concat(Enumerable.Range(0, 1_000).Select(depth => new string(' ', depth) + "a:\n")) },
        { "deep keys", Repeat("? ", 50_000) },
        { "closing brackets", Repeat("]", 100_000) },
        { "a long scalar", "name: " + new string('x', Long) },
        { "a long quoted scalar", "name: \"" + new string('x', Long) + "\"" },
        { "a long open scalar", "name: \"" + new string('x', Long) },
        { "a long key", new string('k', Long) + ": 1" },
        { "a long number", "spec: " + new string('9', Long) },
        { "a long block scalar", "name: |\n" + Repeat("  abc\n", Long / 8) },
        { "spaces", new string(' ', Long) },
        { "tabs", new string('\t', Long) },
        { "line ends", new string('\n', Long) },
        { "comments", Repeat("# x\n", Long / 8) },
        { "a text too long", new string('x', 8 * Long) },
        { "many keys", string.Concat(Enumerable.Range(0, 60_000).Select(key => $"k{key}: 1\n")) },
        { "one key many times", Repeat("k: 1\n", 100_000) },
        { "many cuts", "spec: 1\nmodel: { architecture: llama }\nprune:\n" + Repeat("- { cut: width }\n", 30_000) },
        { "many documents", Repeat("---\n", 100_000) },
        { "many document ends", Repeat("...\n", 100_000) },
        { "an alias bomb", "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c]" },
        { "a cyclic alias", "a: &a [*a]" },
        { "anchors", Repeat("&a ", 10_000) },
        { "aliases", Repeat("*a ", 10_000) },
        { "tags", Repeat("!", 10_000) },
        { "directives", Repeat("%", 10_000) },
        { "colons", Repeat(": ", 10_000) },
        { "an impossible code point", "a: \"\\U7fffffff\"" },
        { "an impossible version", "%YAML 9.9\n---\nspec: 1" },
        { "huge numbers", Samples.Small.Replace("64", "99999999999999999999999999999", StringComparison.Ordinal) },
        { "huge exponents", Samples.Small.Replace("0.25", "1e999999999999", StringComparison.Ordinal) },
        { "huge layer numbers", Samples.Small.Replace("sparsity: 0.25", "sparsity: 0.25\n    layers: \"0..99999999999999999999\"", StringComparison.Ordinal) },
    };

    public static TheoryData<string> Names => [.. Texts.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void IsRefusedQuicklyAndInWords(string what)
    {
        var text = Texts[what];
        var clock = Stopwatch.StartNew();
        EquatableArray<Problem>[] results =
        [
            Samples.Compile(text).Problems,
            Samples.Compile(Samples.Configured, text).Problems,
        ];

        clock.Elapsed.ShouldBeLessThan(Enough, what);
        foreach (var problems in results)
        {
            problems.Count.ShouldBeGreaterThan(0, what);
            problems.ShouldAllBe(problem => problem.Message.Length < 1_000 && !problem.Message.Any(char.IsControl), what);
        }
    }

    private static readonly Dictionary<string, string> Graphs = new()
    {
        { "a long condition", Graph("when: pre_norm }", $"when: {Repeat("pre_norm and ", 20_000)}pre_norm }}") },
        { "a condition of spaces", Graph("when: pre_norm }", $"when: \"pre_norm{new string(' ', 200_000)}and\" }}") },
        { "many outputs", Graph("{ q: [heads", $"{{ {string.Concat(Enumerable.Range(0, 3_000).Select(part => $"p{part}: heads, "))}q: [heads") },
        { "an output nested deep", Graph("{ q: [heads", $"{{ q: {Repeat("[", 20)}heads") },
        { "an alias in an output", Graph("{ q: [heads, head_dim]", "{ q: *a") },
        { "many inputs", Graph("in: [sum, behind] }", $"in: [{Repeat("sum, ", 3_000)}sum] }}") },
        { "many nodes", Graph("    down: {", string.Concat(Enumerable.Range(0, 2_000).Select(node => $"    n{node}: {{ op: relu, in: act }}\n")) + "    down: {") },
        { "many alternatives", Graph("[hidden_size, n_embd]", $"[{string.Concat(Enumerable.Range(0, 15_000).Select(key => $"k{key}, "))}n_embd, n_embd]") },
        { "a key of dots", Graph("rope.type", new string('.', 100_000)) },
        { "a key of many parts", Graph("rope.type", Repeat("rope.", 20_000)) },
        { "a long root", Graph("sqrt(2 * layers)", $"sqrt({Repeat("2 * ", 50_000)}layers)") },
        { "roots in roots", Graph("sqrt(2 * layers)", $"{Repeat("sqrt(", 20_000)}layers{Repeat(")", 20_000)}") },
        { "a huge literal", Graph("eps: 1.0e-6", "eps: 1.0e+999999999999") },
        { "a huge offset", Graph("offset: 2", "offset: 99999999999999999999") },
        { "a huge size", Graph("kv_heads: { key: n_kv, default: heads }", "kv_heads: 99999999999999999999") },
    };

    public static TheoryData<string> GraphNames => [.. Graphs.Keys];

    [Theory]
    [MemberData(nameof(GraphNames))]
    public void AGraphIsRefusedQuicklyAndInWords(string what)
    {
        var clock = Stopwatch.StartNew();
        var (recipe, problems) = Rich.Compile(architecture: Graphs[what]);

        clock.Elapsed.ShouldBeLessThan(Enough, what);
        recipe.ShouldBeNull(what);
        problems.Count.ShouldBeGreaterThan(0, what);
        problems.ShouldAllBe(problem => problem.Message.Length < 1_000 && !problem.Message.Any(char.IsControl), what);
    }

    [Fact]
    public void AHintShowsWhatAFileCallsItsOwnOnOneLine() =>
        Samples.ArchitectureProblems(Samples.Architecture.With("  ffn: inter", "  \"ff\\tn\": inter")).ShouldContain("names the unknown dimension 'ffn'; did you mean 'ff\\u0009n'?");

    [Fact]
    public void KeysWithinKeysStopAtTheDepthOfTheLanguage() =>
        Rich.Problems(Rich.With($"rope: {Repeat("{ type: ", 28)}linear{Repeat("}", 28)}")).ShouldStartWith("a.slim.yaml(13,17): error SLIM105: 'rope.type' must be one of ");

    private static string Graph(string old, string replacement) => Rich.Architecture.With(old, replacement);

    /// <summary>Random damage to files that are right: whatever comes out, nothing is thrown and there is a model or a problem.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void DamagedFilesNeverThrow(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 40; i++)
        {
            Samples.Problems(Damage(Samples.Small, random));
            Samples.Problems(Samples.Configured, Damage(Samples.Config, random));
            var architecture = Damage(Samples.Architecture, random);
            Samples.ArchitectureProblems(architecture);
            Rich.Problems(Damage(Rich.Recipe, random), Damage(Rich.Architecture, random));
            var (recipe, problems) = SpecCompiler.CompileRecipe(new SourceFile("a.slim.yaml", Samples.Small), [new("a.arch.yaml", architecture)], []);
            (recipe is null).ShouldBe(problems.Count > 0);
        }
    }

    private static string Damage(string text, Random random)
    {
        const string Characters = "[]{}:,-#&*!|>'\"%@` \n\t?019.\\\0\uFEFF~<=e😀";
        var result = new StringBuilder(text);
        for (var edit = random.Next(1, 6); edit > 0 && result.Length > 1; edit--)
        {
            var at = random.Next(result.Length);
            switch (random.Next(4))
            {
                case 0:
                    result.Remove(at, Math.Min(random.Next(1, 20), result.Length - at));
                    break;
                case 1:
                    result.Insert(at, Characters[random.Next(Characters.Length)]);
                    break;
                case 2:
                    result[at] = Characters[random.Next(Characters.Length)];
                    break;
                default:
                    var from = random.Next(result.Length);
                    result.Insert(at, result.ToString(from, Math.Min(random.Next(1, 60), result.Length - from)));
                    break;
            }
        }

        return result.ToString();
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();
}
