using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SlimSpec.CommandLine.Tests;

/// <summary>What a run's page says, and that it needs nothing else.</summary>
public class RunPageTests
{
    [Fact]
    public void ThePageIsXmlAndNeedsNothingElse()
    {
        var page = RunPage.Of(SampleRuns.Contents());

        page.ShouldNotContain("A<b>");
        Regex.IsMatch(page, "(src=|href|url\\(|@import|http|<script)", RegexOptions.IgnoreCase).ShouldBeFalse();
        Drawings(page).Select(drawing => drawing.Element("title")!.Value).ShouldBe(
        [
            "What stays of each structure", "mlp: which units stay", "Multiple choice", "Loss: recovered", "Prefill", "Decode", "Layers that tokens ran",
        ]);
        Drawings(page).ShouldAllBe(drawing => drawing.Element("desc")!.Value.Length > 0);
    }

    [Fact]
    public void TheVerdictSaysWhatWasCutWhatItGainedAndWhatItCost()
    {
        var verdict = new RunVerdict(SampleRuns.Record());

        verdict.Sentence.ShouldBe(
            "Cut 25 % of mlp by taylor, then recovered by lora r 8: 750.0 K parameters where the dense model has 1.000 M (-25.0 %), multiply-accumulates -25.0 %; "
            + "perplexity on wiki.txt is 22.00 against 20.00 (+10.0 %), 25.00 before recovery; "
            + "60.0 % right on 2 multiple-choice tasks, on average (-5.0 points; chance 50.0 %); "
            + "75.0 % of trec classified rightly against 80.0 % (majority class 19.0 %, bag of words 84.0 %); "
            + "at 1 x 128 tokens it decodes 1.25 times as fast as the dense model and reads prompts 1.25 times as fast; "
            + "early exits decode 1.10 times as fast; all constraints are met.");
        verdict.IsBad.ShouldBeFalse();
        verdict.Tiles.Select(tile => $"{tile.Name}: {tile.Value} ({tile.Remark})").ShouldContain("parameters: 750.0 K (dense 1.000 M, -25.0 %)");
    }

    [Fact]
    public void ConstraintsThatAreNotMetAndRunsThatAreNotFinishedAreBadNews()
    {
        var missed = new RunVerdict(SampleRuns.Record() with { Constraints = [new("params", 700_000, 1_000_000, 750_000)] });
        var cutOff = SampleRuns.Record() with { Finished = null, Stages = [.. SampleRuns.Record().Stages.Take(2)] };

        missed.IsBad.ShouldBeTrue();
        missed.Sentence.ShouldEndWith("NOT met: params.");
        new RunVerdict(cutOff).IsBad.ShouldBeTrue();
        new RunVerdict(cutOff).Sentence.ShouldStartWith("This run has not come to its end (its last complete stage is pruned). Cut 25 %");
        new RunVerdict(cutOff with { Stages = [.. cutOff.Stages.Select(stage => stage with { Perplexities = [], Choices = [], Task = null })] }).Sentence.ShouldContain("how good it is was not measured");
        new RunVerdict(cutOff with { Stages = [] }).Sentence.ShouldStartWith("This run has not come to its end (no stage is complete). ");
        XDocument.Parse(RunPage.Of(SampleRuns.Contents(cutOff with { Stages = [] }))).Root!.Name.LocalName.ShouldBe("html");
    }

    [Fact]
    public void EveryStageIsComparedWithTheFirst()
    {
        var page = XDocument.Parse(RunPage.Of(SampleRuns.Contents()));

        Row(page, "perplexity, wiki.txt, window 128").ShouldBe(["20.00", "25.00", "+25.0 %", "22.00", "+10.0 %"]);
        Row(page, "perplexity, wiki.txt, window 2048").ShouldBe(["10.00", "12.50", "+25.0 %", "11.00", "+10.0 %"]);
        Row(page, "boolq, acc").ShouldBe(["70.0 +- 5.0 %", "50.0 +- 5.0 %", "-20.0 points", "60.0 +- 5.0 %", "-10.0 points", "50.0 %"]);
        Row(page, "piqa, acc_norm").ShouldBe(["50.0 +- 3.0 %", "45.0 +- 3.0 %", "-5.0 points", "50.0 +- 3.0 %", "0.0 points", "50.0 %"]);
        Row(page, "mean of 2 tasks").ShouldBe(["65.0 %", "52.5 %", "-12.5 points", "60.0 %", "-5.0 points", ""]);
        Row(page, "params").ShouldBe(["800.0 K", "1.000 M", "750.0 K", "met"]);
    }

    [Fact]
    public void WhatStaysIsCountedLayerByLayer()
    {
        var kept = KeptUnits.Of(SampleRuns.Plan(), 4).ShouldHaveSingleItem();

        kept.Unit.ShouldBe("mlp");
        kept.Layers.Select(layer => layer.Words).ShouldBe(["all", "6 of 8", "6 of 8", "gone"]);
        var page = RunPage.Of(SampleRuns.Contents());
        page.ShouldContain("block: 3 of 4 layers stay, without 3");
        var map = Drawings(page).Single(drawing => drawing.Element("title")!.Value == "mlp: which units stay");
        map.Descendants("title").Select(title => title.Value).ShouldContain("layer 2: 6 of 8");
        map.Elements("path").Count(path => (string?)path.Attribute("class") == "cell").ShouldBe(3); // the layer that went has none
    }

    [Fact]
    public void ACutOfWholeLayersAloneAndOneOfTheWholeModelAreDrawnToo()
    {
        var layers = SampleRuns.Plan() with { Groups = [] };
        var model = SampleRuns.Plan() with { Layers = [], Groups = [new(StructuredPruner.WholeModel, "hidden", [.. Enumerable.Range(0, 300)], new float[400])] };

        KeptUnits.Of(layers, 4).ShouldHaveSingleItem().Layers.Select(layer => layer.Words).ShouldBe(["all", "all", "all", "gone"]);
        Drawings(RunPage.Of(SampleRuns.Contents() with { Plan = layers })).ShouldNotContain(drawing => drawing.Element("title")!.Value.Contains("which units", StringComparison.Ordinal));
        var kept = KeptUnits.Of(model, 4).ShouldHaveSingleItem();
        kept.IsWholeModel.ShouldBeTrue();
        kept.Layers.ShouldHaveSingleItem().Words.ShouldBe("300 of 400");
        var map = XElement.Parse(UnitMap.Of(kept));
        map.Element("desc")!.Value.ShouldStartWith("a cell is 3 neighbours");
        map.Elements("path").Single(path => (string?)path.Attribute("class") == "cell").Attribute("d")!.Value.Count(letter => letter == 'M').ShouldBe(100);
    }

    [Fact]
    public void ManyStepsAreDrawnAsMeansAndFewValidationsAsMarks()
    {
        var curves = XElement.Parse(LossSection.Curves("recovered", [.. SampleRuns.Steps("recovered", 1000).Select(step => step.Metric)]).AsElement());

        curves.Element("desc")!.Value.ShouldStartWith("nats a token; training: mean of 10 steps a point");
        curves.Elements("polyline").First().Attribute("points")!.Value.Split(' ').Length.ShouldBe(100);
        curves.Elements("circle").Count().ShouldBe(2); // of the validation, and in the legend
    }

    [Fact]
    public void WarningsExportsSpecAndSettingsAreThere()
    {
        var page = RunPage.Of(SampleRuns.Contents());

        page.ShouldContain("Warning: recovery data has lines of wiki.txt");
        page.ShouldContain("<td>export/sample.gguf</td><td class=\"right\">1,234,567</td><td>needs llama.cpp from b4000</td>");
        page.ShouldContain("<pre>spec: 1 # &lt;&amp;&gt;</pre>");
        page.ShouldContain("prune[0].sparsity = 0.25");
        page.ShouldContain("<pre>prune[0].sparsity=0.25</pre>");
        page.ShouldContain("mlp.gate_proj.weight (rows), mlp.down_proj.weight (columns)");
        page.ShouldContain("20 of 120 rows cannot be used: a.json(3): no text");
    }

    [Fact]
    public void AFolderThatHoldsNoRunIsRefused()
    {
        var folder = Directory.CreateTempSubdirectory("slim-report-").FullName;
        try
        {
            Slim.Refused("report", Path.Combine(folder, "nowhere")).ShouldEndWith("nowhere: there is no such folder");
            Slim.Refused("report", folder).ShouldEndWith("is not the folder of a run: it has no run.json");
            File.WriteAllText(Path.Combine(folder, "sweep.json"), "{}");
            Slim.Refused("report", folder).ShouldContain("is the folder of a sweep");
            File.WriteAllText(Path.Combine(folder, "run.json"), "{}");
            Slim.Refused("report", folder).ShouldContain("run.json: is not what this version writes");
            Directory.GetFiles(folder).Length.ShouldBe(2);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<XElement> Drawings(string page) => [.. XDocument.Parse(page).Descendants("svg")];

    private static List<string> Row(XDocument page, string name) =>
        [.. page.Descendants("tr").Single(row => row.Elements("td").FirstOrDefault()?.Value == name).Elements("td").Skip(1).Select(cell => cell.Value)];
}
