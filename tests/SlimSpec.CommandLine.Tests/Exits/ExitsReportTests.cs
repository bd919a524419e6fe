using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SlimSpec.CommandLine.Tests;

/// <summary>What a report on exits says, on a terminal and as a page.</summary>
public class ExitsReportTests
{
    [Fact]
    public void SimulatedAndMeasuredSavingsStandInColumnsOfTheirOwn()
    {
        var text = Text(SampleFindings.Of());

        text.ShouldContain("simulated    measured");
        Line(text, "average layers A").ShouldEndWith("8.80 of 12  9.00 of 12"); // (200 x 4 + 400 x 8 + 400 x 12) / 1000; (100 x 4 + 400 x 8 + 300 x 12) / 800
        Line(text, "pruning ratio").ShouldEndWith("26.7 %      25.0 %");
        Line(text, "speed-up, wall clock").ShouldEndWith("-       1.19x"); // 16 ms over 13.5
        Line(text, "speed-up by the cost model").ShouldEndWith("1.21x       1.19x");
        Line(text, "ideal").ShouldEndWith("1.25x       1.23x"); // r = 4: 16 / 12.8 and 16 / 13
    }

    [Theory]
    [InlineData(ExitMode.AdaptiveVerified, "mode adaptive_verified, scope decode")]
    [InlineData(ExitMode.Simulate, "mode simulate, scope decode")]
    public void EveryTableSaysModeAndScope(ExitMode mode, string quote) =>
        ExitTables.Of(SampleFindings.Of(mode)).ShouldAllBe(table => table.Title.Contains(quote, StringComparison.Ordinal));

    [Fact]
    public void ACheckThatNobodyLeavesAtHasNoPrecision()
    {
        var text = Text(SampleFindings.Of());

        Line(text, "           4 ").ShouldBe("           4  1,000    200    99.00 %    20.0 %  40.0 %");
        Line(text, "           6 ").ShouldBe("           6    800      0          -     0.0 %  50.0 %");
    }

    [Fact]
    public void ExitsThatDoNotPayAreCalledOff()
    {
        var findings = SampleFindings.Of() with { Enabled = false, Reason = "the cost model predicts 0.95x, below guard.min_predicted_speedup 1.02" };

        Text(findings).ShouldContain("exits are off: the cost model predicts 0.95x");
        ExitPage.Of(findings).ShouldContain("class=\"verdict off\">exits are off: the cost model predicts 0.95x");
    }

    [Fact]
    public void AModeWithoutClassifierIsMeasuredOnly()
    {
        var findings = SampleFindings.Of(ExitMode.SelfSpeculative) with { Calibration = null, Certificate = null, PredictedSpeedup = null };
        var text = Text(findings);

        Line(text, "average layers A").ShouldEndWith("-  9.00 of 12");
        text.ShouldNotContain("certificate");
        ExitPage.Of(findings).ShouldNotContain("simulated:");
    }

    [Fact]
    public void ThePageNeedsNothingElseAndEveryDrawingIsXml()
    {
        var page = ExitPage.Of(SampleFindings.Of() with { Recipe = "A<b>&\"c\"" });

        page.ShouldNotContain("A<b>");
        Regex.IsMatch(page, "(src|href|url\\(|@import|http)", RegexOptions.IgnoreCase).ShouldBeFalse();
        var drawings = Regex.Matches(page, "<svg .*?</svg>", RegexOptions.Singleline).Select(match => XElement.Parse(match.Value)).ToList();
        drawings.Count.ShouldBe(2);
        drawings[0].Elements("rect").Count(bar => (string?)bar.Attribute("class") == "ghost").ShouldBe(3);
        drawings[0].Elements("rect").Count(bar => (string?)bar.Attribute("class") == "bar").ShouldBe(3);
        drawings[1].Elements("circle").Count().ShouldBe(2); // nobody leaves at the second check
        drawings[1].Elements("rect").Count(dot => (string?)dot.Attribute("class") == "other-dot").ShouldBe(3);
    }

    private static string Text(ExitFindings findings)
    {
        using var output = new StringWriter();
        new ExitsReport(findings).Write(output);
        return output.ToString();
    }

    private static string Line(string text, string start) => text.Split('\n').Single(line => line.StartsWith(start, StringComparison.Ordinal));
}
