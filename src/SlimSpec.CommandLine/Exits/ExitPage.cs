using System.Text;

namespace SlimSpec.CommandLine;

/// <summary><c>exits.html</c>: a report as one page that needs nothing else, on light and dark screens and on paper.</summary>
internal static class ExitPage
{
    private const string Style = """

        :root { color-scheme: light dark; --text: #1f2328; --soft: #57606a; --rule: #d0d7de; --page: #ffffff; --shade: #f6f8fa }
        body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, 'DejaVu Sans', sans-serif }
        h1 { font-size: 1.5rem; margin-bottom: .2rem } h2 { font-size: 1.1rem; margin: 2rem 0 .4rem }
        p { margin: .3rem 0 } .soft { color: var(--soft) } .verdict { padding: .5rem .8rem; border-left: 4px solid #0072B2; background: var(--shade) } .off { border-color: #D55E00 }
        code, td, th { font-family: ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; font-size: .87rem }
        .wide { overflow-x: auto } table { border-collapse: collapse } th, td { padding: .2rem .9rem .2rem 0; text-align: left } td.right, th.right { text-align: right }
        th { border-bottom: 1px solid var(--rule); font-weight: 600 } figure { margin: 1.2rem 0; overflow-x: auto } svg { max-width: 100%; height: auto }
        @media screen and (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9198a1; --rule: #3d444d; --page: #0d1117; --shade: #151b23 } }
        @media print { body { margin: 0; max-width: none } figure, table { break-inside: avoid } h2 { break-after: avoid } }

        """;

    /// <summary>The page.</summary>
    public static string Of(ExitFindings findings)
    {
        var page = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n");
        page.Append($"<title>{Escape(findings.Recipe)}: early exits</title>\n<style>{Style}{ChartStyle.Sheet}</style>\n</head>\n<body>\n");
        page.Append($"<h1>{Escape(findings.Recipe)}: early exits</h1>\n<p class=\"soft\">{Escape(findings.Quote)}; model: {Escape(findings.Checkpoint)}, {findings.Depth} layers</p>\n");
        page.Append($"<p class=\"verdict{(findings.Enabled ? "" : " off")}\">{Escape(ExitTables.Verdict(findings))}</p>\n");
        var tables = ExitTables.Of(findings);
        Append(page, tables[0]);
        if (findings.Simulated is not null || findings.Measured is not null)
        {
            page.Append($"<figure>\n{ExitCharts.Histogram(findings).AsElement()}</figure>\n");
        }

        if (findings.Calibration is { } found)
        {
            page.Append($"<figure>\n{ExitCharts.Quality(findings, found).AsElement()}</figure>\n");
        }

        foreach (var table in tables.Skip(1))
        {
            Append(page, table);
        }

        return page.Append("</body>\n</html>\n").ToString();
    }

    private static void Append(StringBuilder page, ExitTable table)
    {
        page.Append($"<h2>{Escape(table.Title)}</h2>\n<div class=\"wide\"><table>\n<tr>");
        foreach (var header in table.Headers)
        {
            page.Append($"<th{Side(header)}>{Escape(header.TrimStart('>'))}</th>");
        }

        page.Append("</tr>\n");
        foreach (var row in table.Rows)
        {
            page.Append("<tr>").AppendJoin("", row.Select((cell, column) => $"<td{Side(table.Headers[column])}>{Escape(cell)}</td>")).Append("</tr>\n");
        }

        page.Append("</table></div>\n");
        foreach (var note in table.Notes)
        {
            page.Append($"<p class=\"soft\">{Escape(note)}</p>\n");
        }
    }

    private static string Side(string header) => header.StartsWith('>') ? " class=\"right\"" : "";

    private static string Escape(string text) => ColumnChart.Escape(text);
}
