using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using SlimSpec.Generator;

namespace SlimSpec.GeneratorBenchmark;

/// <summary>What one process measured, in milliseconds.</summary>
/// <param name="Cold">The first run, with everything still to be compiled by the runtime.</param>
/// <param name="UnrelatedEdit">A run after C# was edited that no spec concerns: the median of several.</param>
/// <param name="SpecEdit">A run after one spec was edited: the median of several.</param>
internal sealed record Sample(double Cold, double UnrelatedEdit, double SpecEdit);

/// <summary>Times the generator in this process, which has not run it yet.</summary>
internal static partial class Measurement
{
    private const int Edits = 9;

    /// <summary>Runs it over this many specs: the shipped ones, over and over under new names.</summary>
    public static Sample Take(string root, int specs)
    {
        var folder = Path.Combine(root, "specs");
        var shipped = Directory.GetFiles(folder, "*.slim.yaml").Order(StringComparer.Ordinal).ToList();
        var files = Enumerable.Range(0, specs)
            .Select(number => (AdditionalText)new TextFile(Path.Combine(folder, $"{number}.slim.yaml"), Name().Replace(File.ReadAllText(shipped[number % shipped.Count]), $"name: Recipe{number}")))
            .Concat(Directory.GetFiles(Path.Combine(folder, "architectures"), "*.arch.yaml").Append(Path.Combine(root, "models", "tales", "config.json")).Select(path => new TextFile(path, File.ReadAllText(path))))
            .ToList();
        var compilation = CSharpCompilation.Create("Specs", [CSharpSyntaxTree.ParseText("class Program;")], options: new(OutputKind.DynamicallyLinkedLibrary));
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new SpecGenerator().AsSourceGenerator()], files);

        var cold = Time(() => driver = driver.RunGenerators(compilation));
        var result = driver.GetRunResult();
        if (result.GeneratedTrees.Length != specs || !result.Diagnostics.IsEmpty)
        {
            throw new InvalidOperationException($"{specs} specs gave {result.GeneratedTrees.Length} files and {result.Diagnostics.Length} problems, first {result.Diagnostics.FirstOrDefault()}");
        }

        var unrelatedEdit = Median(edit =>
        {
            var edited = compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText($"class Unrelated {{ int Number => {edit}; }}"));
            return Time(() => driver = driver.RunGenerators(edited));
        });
        var spec = files[specs / 2];
        var specEdit = Median(edit =>
        {
            var after = new TextFile(spec.Path, spec.GetText()!.ToString() + $"train: {{ dataset: text.txt, max_seq_length: {edit + 2} }}\n");
            driver = driver.ReplaceAdditionalText(files[specs / 2], after);
            files[specs / 2] = after;
            return Time(() => driver = driver.RunGenerators(compilation));
        });
        return new(cold, unrelatedEdit, specEdit);
    }

    private static double Median(Func<int, double> time) => Enumerable.Range(0, Edits).Select(time).Order().ElementAt(Edits / 2);

    private static double Time(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalMilliseconds;
    }

    [GeneratedRegex("^name: .*$", RegexOptions.Multiline)]
    private static partial Regex Name();

    private sealed class TextFile(string path, string text) : AdditionalText
    {
        private readonly SourceText _text = SourceText.From(text);

        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => _text;
    }
}
