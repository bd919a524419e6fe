using System.Text;

namespace SlimSpec.CommandLine;

/// <summary>A number at the head of a page.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">The number.</param>
/// <param name="Remark">What it was before, and the difference.</param>
internal sealed record ReportTile(string Name, string Value, string Remark);

/// <summary>A report as one page that needs nothing else, on light and dark screens and on paper; it is XML too.</summary>
internal sealed class HtmlReport
{
    private const string Style = """

        :root { color-scheme: light dark; --text: #1f2328; --soft: #57606a; --rule: #d0d7de; --page: #ffffff; --shade: #f6f8fa }
        body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, 'DejaVu Sans', sans-serif }
        h1 { font-size: 1.5rem; margin-bottom: .2rem } h2 { font-size: 1.2rem; margin: 2.2rem 0 .4rem } h3 { font-size: 1rem; margin: 1.4rem 0 .4rem }
        p { margin: .3rem 0 } .soft { color: var(--soft) } .verdict { padding: .5rem .8rem; border-left: 4px solid #0072B2; background: var(--shade) } .off { border-color: #D55E00 }
        code, pre, td, th { font-family: ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; font-size: .87rem }
        pre { margin: .4rem 0; padding: .6rem .8rem; background: var(--shade); border: 1px solid var(--rule); overflow-x: auto }
        .wide { overflow-x: auto } table { border-collapse: collapse } th, td { padding: .2rem .8rem .2rem 0; text-align: left; vertical-align: top } td:first-child, td.right, th.right { white-space: nowrap } td.right, th.right { text-align: right }
        th { border-bottom: 1px solid var(--rule); font-weight: 600 } figure { margin: 1.2rem 0; overflow-x: auto } svg { max-width: 100%; height: auto }
        .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(12.5rem, 1fr)); gap: .6rem; margin: 1rem 0 }
        .tile { padding: .5rem .7rem; border: 1px solid var(--rule) } .tile p { margin: 0 } .number { font-size: 1.35rem; font-weight: 600 }
        @media screen and (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9198a1; --rule: #3d444d; --page: #0d1117; --shade: #151b23 } }
        @media print { body { margin: 0; max-width: none; font-size: 12px } .wide { overflow: visible } th, td { padding-right: .5rem; font-size: 9px } pre { font-size: 9px } figure, tr, .tile { break-inside: avoid } h2, h3 { break-after: avoid } pre { white-space: pre-wrap; overflow-wrap: anywhere } }

        """;

    private readonly StringBuilder _page = new("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width\"/>\n");

    /// <summary>Begins a page.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="subtitle">What it is about.</param>
    public HtmlReport(string title, string subtitle)
    {
        _page.Append($"<title>{ChartFrame.Escape(title)}</title>\n<style>{Style}{ChartStyle.Sheet}</style>\n</head>\n<body>\n");
        _page.Append($"<h1>{ChartFrame.Escape(title)}</h1>\n");
        AddNote(subtitle);
    }

    /// <summary>Adds the sentence that a reader takes away.</summary>
    /// <param name="sentence">The sentence.</param>
    /// <param name="isBad">Whether it is bad news.</param>
    public void AddVerdict(string sentence, bool isBad) => _page.Append($"<p class=\"verdict{(isBad ? " off" : "")}\">{ChartFrame.Escape(sentence)}</p>\n");

    /// <summary>Adds the numbers that a reader takes away.</summary>
    public void AddTiles(IEnumerable<ReportTile> tiles)
    {
        _page.Append("<div class=\"tiles\">\n");
        foreach (var (name, value, remark) in tiles)
        {
            _page.Append($"<div class=\"tile\"><p class=\"soft\">{ChartFrame.Escape(name)}</p><p class=\"number\">{ChartFrame.Escape(value)}</p><p class=\"soft\">{ChartFrame.Escape(remark)}</p></div>\n");
        }

        _page.Append("</div>\n");
    }

    /// <summary>Begins a section.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="explanation">What one must know to read it.</param>
    public void AddSection(string title, string explanation)
    {
        _page.Append($"<h2>{ChartFrame.Escape(title)}</h2>\n");
        AddNote(explanation);
    }

    /// <summary>Adds a sentence.</summary>
    public void AddNote(string sentence) => _page.Append($"<p class=\"soft\">{ChartFrame.Escape(sentence)}</p>\n");

    /// <summary>Adds text that stays as it is written.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="text">The text.</param>
    public void AddText(string title, string text) => _page.Append($"<h3>{ChartFrame.Escape(title)}</h3>\n<pre>{ChartFrame.Escape(text.TrimEnd())}</pre>\n");

    /// <summary>Adds a drawing.</summary>
    /// <param name="svg">The drawing as an element.</param>
    public void AddFigure(string svg) => _page.Append($"<figure>\n{svg}</figure>\n");

    /// <summary>Adds a table with what is said below it.</summary>
    public void AddTable(ReportTable table)
    {
        _page.Append($"<h3>{ChartFrame.Escape(table.Title)}</h3>\n<div class=\"wide\"><table>\n<tr>");
        foreach (var header in table.Headers)
        {
            _page.Append($"<th{Side(header)}>{ChartFrame.Escape(header.TrimStart('>'))}</th>");
        }

        _page.Append("</tr>\n");
        foreach (var row in table.Rows)
        {
            _page.Append("<tr>").AppendJoin("", row.Select((cell, column) => $"<td{Side(table.Headers[column])}>{ChartFrame.Escape(cell)}</td>")).Append("</tr>\n");
        }

        _page.Append("</table></div>\n");
        foreach (var note in table.Notes)
        {
            AddNote(note);
        }
    }

    /// <summary>The whole page.</summary>
    public override string ToString() => $"{_page}</body>\n</html>\n";

    private static string Side(string header) => header.StartsWith('>') ? " class=\"right\"" : "";
}
