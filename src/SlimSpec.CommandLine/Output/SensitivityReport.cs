using System.Globalization;
using System.Text;

namespace SlimSpec.CommandLine;

/// <summary>How sensitive each layer is, as table, CSV, SVG and JSON.</summary>
internal sealed class SensitivityReport(string recipe, PruneCut cut, SensitivityResult result, string text, PerplexityEvaluation evaluation)
{
    /// <summary>What was tried, in a line.</summary>
    private string Title => $"{recipe}: {Policy}, one layer at a time";

    private string Policy => cut switch
    {
        WidthCut width => string.Create(CultureInfo.InvariantCulture, $"{width.Sparsity * 100:0.#} % of {string.Join(", ", width.Targets)} by {SpecWords.Of(width.Score)}"),
        DepthCut { Unit: DepthCut.Block } => "the whole layer removed",
        DepthCut depth => $"its {depth.Unit} removed",
        _ => throw new InvalidOperationException("No such cut."),
    };

    /// <summary>Writes <c>sensitivity.csv</c> and <c>sensitivity.svg</c>.</summary>
    public void Save(string folder)
    {
        var csv = new StringBuilder("layer,perplexity,nats_a_token,stands_out\n");
        foreach (var layer in result.Layers)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{layer.Layer},{layer.Perplexity:R},{layer.Increase:R},{(layer.StandsOut ? 1 : 0)}\n");
        }

        AtomicFile.WriteText(Path.Combine(folder, "sensitivity.csv"), csv.ToString());
        AtomicFile.WriteText(Path.Combine(folder, "sensitivity.svg"), SensitivityChart.Of(Title, [Suggestion, Reason], result));
    }

    /// <summary>Writes it for people.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine(Title);
        var table = new TextTable(">layer", ">perplexity", ">", ">nats a token", "");
        table.Add("none", result.Dense, "", "", "");
        foreach (var layer in result.Layers)
        {
            table.Add(layer.Layer, layer.Perplexity, Numbers.Change(layer.Perplexity, result.Dense), layer.Increase, layer.StandsOut ? "protect" : "");
        }

        table.Write(output);
        output.WriteLine($"text: {text}; {result.Windows} windows of {evaluation.Window}; {Perplexity.Describe(evaluation.Protocol)}");
        output.WriteLine($"{Suggestion} ({Reason})");
    }

    /// <summary>The same for machines.</summary>
    public object AsJson() => new
    {
        Recipe = recipe,
        Cut = cut,
        result.Dense,
        result.Windows,
        evaluation.Window,
        Dataset = text,
        result.Layers,
        Protect = new { result.First, result.Last },
        Rule,
    };

    private static string Reason => $"a layer stands out that costs {Rule}";

    private static string Rule => string.Create(
        CultureInfo.InvariantCulture, $"more than {SensitivityResult.Outstanding:0} times the median of all layers, and {SensitivityResult.Least:0.##} nats a token or more");

    private string Suggestion
    {
        get
        {
            var outstanding = result.Layers.Where(layer => layer.StandsOut).Select(layer => layer.Layer).ToList();
            var between = outstanding.Where(layer => layer >= result.First && layer < result.Layers.Count - result.Last).ToList();
            return outstanding.Count == 0
                ? "no layer stands out"
                : $"suggested: protect: {{ first: {result.First}, last: {result.Last} }}{(between.Count == 0 ? "" : $", and leave layer{(between.Count == 1 ? "" : "s")} {Numbers.Ranges(between)} out of layers")}";
        }
    }
}
