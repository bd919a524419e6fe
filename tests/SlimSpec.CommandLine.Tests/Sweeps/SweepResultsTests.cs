using System.Xml.Linq;

namespace SlimSpec.CommandLine.Tests;

/// <summary>What a sweep goes through, and what its table, CSV and drawings say of it.</summary>
public class SweepResultsTests
{
    private static readonly SweepAxis[] Axes =
    [
        new("recover[0].task", ["trec", "sst2"]),
        new("recover[0].objective", ["prompt_lm", "cls"]),
        new("prune[0].keep", ["1", "2", "12"]),
        new("recover[0].seed", ["0", "42"]),
    ];

    [Fact]
    public void TheLastAxisChangesFastest()
    {
        var cells = SweepGrid.Of(Axes);

        cells.Count.ShouldBe(24);
        cells[0].Settings.ShouldBe(["recover[0].task=trec", "recover[0].objective=prompt_lm", "prune[0].keep=1", "recover[0].seed=0"]);
        cells[1].Values.ShouldBe(["trec", "prompt_lm", "1", "42"]);
        cells[2].Values.ShouldBe(["trec", "prompt_lm", "2", "0"]);
        cells[^1].Name.ShouldBe("task=sst2,objective=cls,keep=12,seed=42");
    }

    [Fact]
    public void FoldersOfCellsAreDifferentWhateverTheValues()
    {
        var values = new[] { "[q_proj, v_proj]", "[q_proj  v_proj]", "[q_proj/v_proj]", new string('a', 300), new string('a', 301) };
        var names = SweepGrid.Of([new("recover[0].lora_target_modules", values)]).Select(cell => cell.Name).ToList();

        names.Distinct().Count().ShouldBe(values.Length);
        names.ShouldAllBe(name => name.Length < 120 && name.IndexOfAny(Path.GetInvalidFileNameChars()) < 0 && !name.Contains(' '));
    }

    [Fact]
    public void AxesThatEndAlikeAreCalledByTheirWholeKeys() =>
        SweepGrid.Labels([new("prune[0].sparsity", ["0.1"]), new("prune[1].sparsity", ["0.2"]), new("recover[0].seed", ["0"])])
            .ShouldBe(["prune[0].sparsity", "prune[1].sparsity", "seed"]);

    [Fact]
    public void SeedsAreAveraged()
    {
        var group = Results().Groups[0];

        group.Values.ShouldBe(["trec", "prompt_lm", "1"]);
        group.Of("accuracy")!.Value.Mean.ShouldBe(0.55, 1e-12);
        group.Of("accuracy")!.Value.Deviation!.Value.ShouldBe(Math.Sqrt(0.005), 1e-12); // 0.5 and 0.6
        SweepTables.Cell(group, "accuracy").ShouldBe("55.0 +- 7.1");
        group.Of("perplexity").ShouldBeNull();
    }

    [Fact]
    public void TheCsvHasALineACellWithAllDigits()
    {
        var lines = Results().Csv().TrimEnd().Split('\n');

        lines.Length.ShouldBe(25);
        lines[0].ShouldStartWith("recover[0].task,recover[0].objective,prune[0].keep,recover[0].seed,parameters,macs,perplexity,zero_shot,accuracy,standard_error");
        lines[1].ShouldStartWith("trec,prompt_lm,1,0,1000,7,,,0.5,0.01,0.4,0.2,0.7,100,");
        (Results() with { Axes = [new("prune[0].layers", ["0, 2"])], Rows = [Row(["0, 2"], 0.1)] }).Csv().ShouldContain("\n\"0, 2\",");
    }

    [Fact]
    public void EachTaskHasAChartAgainstLayersAndOneAgainstParameters()
    {
        var charts = SweepCharts.Of(Results()).Select(drawn => XElement.Parse(drawn.Chart.AsFile())).ToList();

        SweepCharts.Of(Results()).Select(drawn => drawn.File).ShouldBe(["accuracy-keep-trec.svg", "accuracy-parameters-trec.svg", "accuracy-keep-sst2.svg", "accuracy-parameters-sst2.svg"]);
        charts.Select(chart => Texts(chart)[0]).ShouldBe(["Tiny: task trec", "Tiny: task trec", "Tiny: task sst2", "Tiny: task sst2"]);
        Texts(charts[0]).ShouldContain("accuracy in % against keep (prune[0].keep), and the model's parameters; bars: standard deviation over seeds");
        Texts(charts[0]).ShouldContain("bag of words");
        Texts(charts[0]).ShouldContain("12: 12.00 K");
        Texts(charts[1]).ShouldContain("12.00 K");
        var lines = charts[0].Descendants().Where(element => element.Name.LocalName == "polyline").ToList();
        lines.Count.ShouldBe(2); // an objective each
        lines.ShouldAllBe(line => line.Attribute("points")!.Value.Split(' ').Length == 3);
        var heights = lines[0].Attribute("points")!.Value.Split(' ').Select(point => int.Parse(point.Split(',')[1])).ToList();
        heights.ShouldBe(heights.OrderDescending()); // more layers, higher accuracy: further up
    }

    [Fact]
    public void ThePageSaysWhatIsBestAndWhatIsMissing()
    {
        var results = Results();

        SweepTables.Best(results).Rows[1].ShouldBe(["task sst2", "objective cls, keep 12", "71.0 +- 7.1", "12.00 K", "objective cls, keep 2", "66.0 +- 7.1", "2.000 K"]);
        SweepPage.Of(results with { Rows = [.. results.Rows.Take(5)] }).ShouldContain("5 of 24 cells are done");
        SweepPage.Of(results with { Rows = [] }).ShouldContain("0 of 24 cells are done");
    }

    [Fact]
    public void TheFrontierIsOfModelsThatNoOtherOneBeatsInBoth()
    {
        ScatterPoint[] points = [new("small", 1, 5), new("worse", 2, 5), new("middle", 2, 7), new("large", 3, 9), new("larger, no better", 4, 9)];

        ScatterChart.Frontier(points, highIsGood: true).Select(point => point.Name).ShouldBe(["small", "middle", "large"]);
        ScatterChart.Frontier(points, highIsGood: false).Select(point => point.Name).ShouldBe(["small"]);
    }

    [Fact]
    public void EachTaskHasAParetoPlotThatNamesItsPoints()
    {
        var plots = SweepPareto.Of(Results()).ToList();
        var drawn = XElement.Parse(plots[0].Chart.AsElement());
        var perplexities = Results() with { Rows = [.. Results().Rows.Take(6).Select(row => row with { Run = row.Run with { Task = null, Stages = [row.Run.Stages[0] with { Task = null, Perplexities = [50_000 / row.Run.Stages[0].Parameters] }] } })] };

        plots.Select(plot => plot.File).ShouldBe(["pareto-accuracy-trec.svg", "pareto-accuracy-sst2.svg"]);
        Texts(drawn).ShouldContain("Tiny: accuracy, task trec");
        Texts(drawn).ShouldContain("accuracy in %; points by objective and keep; bars: standard deviation over seeds");
        Texts(drawn).ShouldContain("cls 12");
        SweepPareto.Frontier(Results())!.Rows[0].ShouldBe(["task trec", "cls 1", "1.000 K", "59.00"]);
        drawn.Elements("circle").Count().ShouldBe(6);
        drawn.Elements("circle").Count(point => (string?)point.Attribute("class") == "mark-full s0").ShouldBe(3); // cls beats prompt_lm at every size
        drawn.Elements("polyline").Single().Attribute("points")!.Value.Split(' ').Length.ShouldBe(3);
        SweepPareto.Of(perplexities).ShouldHaveSingleItem().File.ShouldBe("pareto-perplexity-trec.svg");
        SweepPage.Of(Results()).ShouldContain("the frontier, whose models no other one beats in both; better is up and to the left");
    }

    // Accuracy grows with layers and tasks; seed 42 has 10 points more than seed 0.
    private static SweepResults Results()
    {
        var accuracy = (IReadOnlyList<string> values) => 0.5 + (0.02 * (values[0] == "sst2" ? 1 : 0)) + (0.04 * (values[1] == "cls" ? 1 : 0)) + (0.1 * Array.IndexOf(["1", "2", "12"], values[2]) / 2) + (values[3] == "42" ? 0.1 : 0);
        return new("Tiny", Axes, [.. SweepGrid.Of(Axes).Select(cell => Row(cell.Values, accuracy(cell.Values)))], 24, "slim sweep tiny");
    }

    private static SweepRow Row(IReadOnlyList<string> values, double accuracy) => new(values, new RunRecord
    {
        Recipe = "Tiny",
        SpecFile = "tiny.slim.yaml",
        RecipeHash = "",
        Command = "",
        Device = "cpu",
        Dtype = "float32",
        Settings = new(),
        Task = new("trec", RecoveryObjective.Cls, "a.tsv", 100, 2, 0.2, 0.7),
        Stages = [new() { Name = "recovered", Parameters = values.Count > 2 ? 1000 * int.Parse(values[2]) : 1, Macs = 7, Task = new(accuracy, 0.01, 0.4), Seconds = 1, PeakRssMb = 1 }],
    });

    private static List<string> Texts(XElement chart) => [.. chart.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];
}
