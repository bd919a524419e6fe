using System.Text.Json;
using System.Xml.Linq;

namespace SlimSpec.CommandLine.Tests;

/// <summary>Runs side by side, from folders with nothing but a <c>run.json</c>.</summary>
public sealed class ComparisonTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slim-compare-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TheLastStagesStandSideBySideWithDifferencesToTheFirstRun()
    {
        var (code, output, error) = Slim.Run("compare", Run("a", SampleRuns.Record()), Run("b", Smaller()));

        code.ShouldBe(0, error);
        Line(output, "parameters").ShouldBe("parameters 750.0 K 500.0 K -33.3 %");
        Line(output, "perplexity, wiki.txt, window 128").ShouldBe("perplexity, wiki.txt, window 128 22.00 33.00 +50.0 %");
        Line(output, "boolq, acc").ShouldBe("boolq, acc 60.0 +- 5.0 % 60.0 +- 5.0 % 0.0 points");
        Line(output, "decode ms a token, 1 x 128").ShouldBe("decode ms a token, 1 x 128 tokens 1.600 1.600 0.0 %");
        Line(output, "prune[0].sparsity").ShouldBe("prune[0].sparsity 0.25 0.5");
        output.ShouldNotContain("prune[0].score");
        output.ShouldNotContain("cannot be compared");
    }

    [Fact]
    public void NumbersOfOtherProtocolsAreNotCompared()
    {
        var other = Smaller() with { Evaluations = [.. Smaller().Evaluations.Select(protocol => protocol with { From = 0, TokensScored = 10_160 })] };
        var (_, output, _) = Slim.Run("compare", Run("a", SampleRuns.Record()), Run("b", other));

        Line(output, "perplexity, wiki.txt, window 128").ShouldBe("perplexity, wiki.txt, window 128 22.00 33.00 other protocol");
        output.ShouldContain(
            "warning: perplexity, wiki.txt, window 128: measured in different ways, so that the numbers cannot be compared. "
            + "a: wiki.txt 50-100 %: 40 windows of 128, 5,080 tokens scored; non-overlapping windows, BOS once, first token of a window not scored; float32. b: wiki.txt 0-100 %: 40 windows of 128, 10,160 tokens scored");
        Line(output, "boolq, acc").ShouldEndWith("0.0 points");
    }

    [Fact]
    public void FiguresThatWereMeasuredInTheSameOtherWayShareAWarning()
    {
        var other = Smaller() with { Cost = Smaller().Cost! with { Threads = 8, Rounds = 50 }, Choices = [.. Smaller().Choices.Select(protocol => protocol with { Items = 50, NumFewshot = 1 })] };
        var warnings = new Comparison([new("a", Smaller() with { Choices = [.. Smaller().Choices.Select(protocol => protocol with { Items = 100, NumFewshot = 0 })] }), new("b", other)], allStages: false).Warnings.Where(warning => warning.Contains("cannot be compared", StringComparison.Ordinal)).ToList();

        warnings.Count.ShouldBe(2);
        warnings[0].ShouldBe("boolq, acc; piqa, acc; piqa, acc_norm; mean of 2 tasks: measured in different ways, so that the numbers cannot be compared. a: 100 items, 0-shot, float32. b: 50 items, 1-shot, float32");
        warnings[1].ShouldStartWith("prefill ms, 1 x 128 tokens; decode ms a token, 1 x 128 tokens; peak MiB, 1 x 128 tokens; prefill ms, 8 x 512");
        warnings[1].ShouldEndWith("a: cpu, float32, 2 threads, 32 new tokens. b: cpu, float32, 8 threads, 32 new tokens");
    }

    [Fact]
    public void HowOftenWasTimedIsNoOtherProtocolButEachRunHasAClockOfItsOwn()
    {
        var other = Smaller() with { Cost = Smaller().Cost! with { Rounds = 50 } };
        var (_, output, _) = Slim.Run("compare", Run("a", SampleRuns.Record()), Run("b", other));

        output.ShouldNotContain("other protocol");
        output.ShouldContain("latencies of different runs were timed in different processes; slim bench");
        Slim.Run("compare", Run("a", SampleRuns.Record()), Run("b", other with { Cost = null })).Output.ShouldNotContain("slim bench");
    }

    [Fact]
    public void WhereATextLiesDoesNotMakeItAnother()
    {
        var elsewhere = Smaller() with { Evaluations = [.. Smaller().Evaluations.Select(protocol => protocol with { Dataset = "/texts/wiki.txt" })] };

        Slim.Run("compare", Run("a", SampleRuns.Record()), Run("b", elsewhere)).Output.ShouldNotContain("cannot be compared");
    }

    [Fact]
    public void AllStagesCanBeColumns()
    {
        var result = Slim.Json("compare", Run("a", SampleRuns.Record()), Run("b", Smaller()), "--stages");

        result.GetProperty("columns").EnumerateArray().Select(name => name.GetString()).ShouldBe(["a: dense", "a: pruned", "a: recovered", "b: dense", "b: pruned", "b: recovered"]);
        var parameters = result.GetProperty("figures").EnumerateArray().First();
        Doubles(parameters.GetProperty("values")).ShouldBe([1e6, 750e3, 750e3, 1e6, 750e3, 500e3]);
        Doubles(parameters.GetProperty("changes")).ShouldBe([0, -0.25, -0.25, 0, -0.25, -0.5]);
        result.GetProperty("settings").EnumerateArray().Single().GetProperty("key").GetString().ShouldBe("prune[0].sparsity");
    }

    [Fact]
    public void ThePageHasTheTablesAndAPlotOfWhatAllWereMeasuredBy()
    {
        var path = Path.Combine(_folder, "page.html");
        var (_, output, error) = Slim.Run("compare", Run("a", SampleRuns.Record()), Run("b", Smaller()), "-o", path);
        var page = XDocument.Parse(File.ReadAllText(path));

        error.ShouldContain("page.html");
        output.ShouldContain("What they came to");
        page.Descendants("svg").Select(drawing => drawing.Element("title")!.Value)
            .ShouldBe(["perplexity, wiki.txt, window 128", "perplexity, wiki.txt, window 2048", "mean of 2 tasks", "trec, accuracy"]);
        page.Descendants("td").Select(cell => cell.Value).ShouldContain("-33.3 %");
    }

    [Fact]
    public void WhatOnlyOneRunHasStandsWhereItStandsThere()
    {
        var run = SampleRuns.Record();
        var other = run with { Evaluations = [run.Evaluations[1]], Stages = [.. run.Stages.Select(stage => stage with { Perplexities = [10] })], Settings = run.Settings with { Recover = [], Sweep = [new("seed", ["1"])] } };
        var comparison = new Comparison([new("a", other), new("b", run)], allStages: false);

        comparison.Names.Take(4).ShouldBe(["parameters", "MACs, 64 tokens", "perplexity, wiki.txt, window 128", "perplexity, wiki.txt, window 2048"]);
        comparison.Settings[0].ShouldSatisfyAllConditions(setting => setting.Key.ShouldBe("recover[0].method"), setting => setting.Values.ShouldBe([null, "lora"]));
        comparison.Settings.ShouldAllBe(setting => setting.Key.StartsWith("recover[0].", StringComparison.Ordinal));
    }

    [Fact]
    public void RunsOfOneNameAreToldApartByTheirPaths()
    {
        var runs = Comparison.Read([Run("one/run", SampleRuns.Record()), Run("two/run", SampleRuns.Record())]);

        runs.Select(run => run.Name).ShouldBe([Path.Combine(_folder, "one/run"), Path.Combine(_folder, "two/run")]);
    }

    [Fact]
    public void WhatCannotBeComparedIsRefused()
    {
        var run = Run("a", SampleRuns.Record());

        Slim.Refused("compare", run).ShouldContain("two runs or more: there is nothing to compare a with");
        Slim.Refused("compare", run, Path.Combine(_folder, "b")).ShouldEndWith("b: there is no such folder");
        Slim.Refused("compare", run, Run("c", SampleRuns.Record() with { Stages = [] })).ShouldContain("c: no stage of the run is complete");
        Slim.Refused("compare").ShouldContain("RUN is missing: folders of runs");
    }

    // The same with a deeper cut.
    private static RunRecord Smaller()
    {
        var run = SampleRuns.Record();
        return run with
        {
            Settings = run.Settings with { Prune = [(WidthCut)run.Settings.Prune[0] with { Sparsity = 0.5 }] },
            Stages = [.. run.Stages.SkipLast(1), run.Stages[^1] with { Parameters = 500_000, Perplexities = [33, 16] }],
        };
    }

    private string Run(string name, RunRecord record)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "run.json"), JsonSerializer.Serialize(record, RunFolder.Json));
        return folder;
    }

    private static string Line(string text, string start) => string.Join(' ', text.Split('\n').First(line => line.StartsWith(start + " ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static List<double> Doubles(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetDouble())];
}
