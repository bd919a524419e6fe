using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>What is known of a recipe's exits, as tables.</summary>
internal static class ExitTables
{
    private const string None = "-";

    /// <summary>The tables that there is something to say in.</summary>
    public static IReadOnlyList<ReportTable> Of(ExitFindings findings)
    {
        List<ReportTable> tables = [Savings(findings)];
        if (findings.Calibration is { } found)
        {
            tables.Add(Checks(findings, found));
            tables.Add(Comparison(findings, found));
        }

        if (findings.Timings is { } timings)
        {
            tables.Add(Pieces(findings, timings));
            tables.Add(Decoding(findings, timings));
        }

        return tables;
    }

    /// <summary>What becomes of the exits.</summary>
    public static string Verdict(ExitFindings findings) => findings switch
    {
        { Settings.Mode: ExitMode.Simulate } => "a simulation: nothing is saved, and nothing was timed",
        { Enabled: true } => "exits are on",
        { Calibration: null } => $"these exits do not pay: {findings.Reason}; slim generate runs the dense code with --exits off",
        _ => $"exits are off: {findings.Reason}",
    };

    private static ReportTable Savings(ExitFindings findings)
    {
        var (simulated, measured) = (findings.Simulated, findings.Measured);
        var rows = new List<string[]>
        {
            Row("tokens", tally => string.Create(CultureInfo.InvariantCulture, $"{tally.Tokens:N0}")),
            Row("average layers A", tally => string.Create(CultureInfo.InvariantCulture, $"{tally.AverageLayers:0.00} of {findings.Depth}")),
            Row("pruning ratio 1 - A/L", tally => Percent(tally.PruningRatio)),
            Row("tokens that are the dense model's", tally => ExitCharts.Fine(tally.Agreement)),
        };
        if (findings.Timings is { } timings)
        {
            rows.Add(["speed-up by the cost model", Times(findings.PredictedSpeedup), Times(findings.ExpectedSpeedup)]);
            rows.Add(["speed-up, wall clock", None, Times(timings.Speedup)]);
            rows.Add(["ideal (L + r) / (A + r)", simulated is null ? None : Times(findings.Ideal(simulated)), Times(findings.Ideal(measured!))]);
        }

        return new($"What exits save ({findings.Quote})", ["", ">simulated", ">measured"], rows, [.. Certificate(findings)]);

        string[] Row(string name, Func<ExitTally, string> cell) => [name, simulated is null ? None : cell(simulated), measured is null ? None : cell(measured)];
    }

    private static ReportTable Checks(ExitFindings findings, ExitReport found) => new(
        $"Checks (simulated; {findings.Quote})",
        [">after layers", ">come", ">leave", ">precision", ">coverage", ">ready"],
        [.. found.Checks.Select(check => new[]
        {
            Count(check.Layers), Count(check.Reached), Count(check.Exits), check.Exits > 0 ? ExitCharts.Fine(check.Precision) : None, Percent(check.Coverage), Percent(check.Agreeing),
        })],
        [
            "precision: of those that leave, the share whose token is the dense model's; coverage: of those that come, the share that leave; ready: of all tokens, the share for which the check says what the dense model says",
            string.Create(CultureInfo.InvariantCulture, $"who left as soon as a check is right would run {found.OracleLayers:0.00} layers; {Percent(found.MissedExits)} of the tokens leave later than that{(found.ShortlistRecall is { } recall ? $"; the dense model's token is on {ExitCharts.Fine(recall)} of the shortlists" : "")}"),
            $"checks read {findings.Head}; {findings.Classifier}",
            $"prompts: {findings.Prompts}; {found.Documents[0]} to fit with, {found.Documents[1]} to choose thresholds by, {found.Documents[2]} to certify by, which all of this is about",
            .. found.Notes.Select(note => $"note: {note}"),
        ]);

    // On the part that thresholds are chosen by, so that choosing a kind does not look at what certifies.
    private static ReportTable Comparison(ExitFindings findings, ExitReport found) => new(
        $"Kinds of classifiers (simulated, where thresholds are chosen; {findings.Quote})",
        ["", ">leave", ">average layers", ">tokens that are the dense model's"],
        [.. found.Comparison.Select(kind => new[] { SpecWords.Of(kind.Kind), Percent(kind.ExitShare), Numbers.Short(kind.AverageLayers), ExitCharts.Fine(kind.Agreement) })],
        []);

    private static ReportTable Pieces(ExitFindings findings, ExitTimings timings) => new(
        $"What the pieces take (measured; {findings.Quote}; {Place(timings)})",
        ["", ">ms", ">layers"],
        [
            Piece("a layer", timings.Pieces.Layer, 1),
            Piece("the whole head: r", timings.Pieces.Head, timings.Pieces.R),
            .. findings.Settings.Mode == ExitMode.Truncate
                ? Array.Empty<string[]>()
                : [Piece("a token's first check", timings.Pieces.FirstCheck, timings.Pieces.Seed), Piece("a later check: eps", timings.Pieces.NextCheck, timings.Pieces.Eps)],
        ],
        []);

    private static ReportTable Decoding(ExitFindings findings, ExitTimings timings)
    {
        var (counted, agreement) = (timings.Statistics, timings.Agreement);
        List<string> notes = [];
        if (counted.Checks > 0)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{(double)counted.Checks / counted.Tokens:0.00} checks a token, {Percent(timings.CheckShare)} of the time; {(double)counted.FullHeads / counted.Tokens:0.00} whole heads of checks a token"));
        }

        if (counted.PendingMax > 0)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"tokens waiting for deeper layers: {counted.PendingMean:0.0} on average, {counted.PendingMax} at most; {counted.ForcedPasses:N0} forced passes"));
        }

        if (counted.Drafted > 0)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{counted.Accepted:N0} of {counted.Drafted:N0} drafts accepted ({Percent((double)counted.Accepted / counted.Drafted)})"));
        }

        notes.Add(agreement.FirstDifference is { } first
            ? $"{agreement.Equal} of {agreement.Texts} texts are the dense model's; in the others the first other token is number {first + 1} (median)"
            : $"all {agreement.Texts} texts are the dense model's, token for token");
        return new(
            $"Decoding in turns (measured; {findings.Quote}; {Place(timings)})",
            ["", ">ms/token p50", ">p95", ">tokens/s", ">first token ms"],
            [Line("dense", timings.Dense), Line("exits", timings.Exits)],
            notes);
    }

    private static IEnumerable<string> Certificate(ExitFindings findings) => findings.Certificate is { } certificate
        ? [string.Create(CultureInfo.InvariantCulture, $"certificate: {certificate.Errors:N0} of {certificate.Exits:N0} exits were wrong, in {certificate.Documents} documents (design effect {certificate.DesignEffect:0.00}): at {certificate.Confidence * 100:0.##} % confidence at most {ExitCharts.Fine(certificate.UpperBound)} are; {(certificate.Certified ? "within" : "NOT within")} the {ExitCharts.Fine(1 - certificate.TargetAgreement)} allowed")]
        : [];

    private static string[] Piece(string name, double seconds, double layers) => [name, Numbers.Short(1000 * seconds), Numbers.Short(layers)];

    private static string[] Line(string name, DecodeTimes times) =>
        [name, Numbers.Short(times.MedianMilliseconds), Numbers.Short(times.P95Milliseconds), Numbers.Short(times.TokensPerSecond), Numbers.Short(times.FirstTokenMilliseconds)];

    private static string Place(ExitTimings timings) =>
        $"{timings.Device}, {timings.Dtype}, {timings.Threads} thread{(timings.Threads == 1 ? "" : "s")}, behind {timings.Context} tokens";

    private static string Percent(double share) => ExitCharts.Percent(share);

    private static string Times(double? factor) => factor is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number:0.00}x") : None;

    private static string Count(long number) => string.Create(CultureInfo.InvariantCulture, $"{number:N0}");
}
