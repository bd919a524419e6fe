using System.Globalization;
using System.Net;
using System.Text;

namespace SlimSpec.CommandLine;

/// <summary>The elements of a drawing, and what those are told who cannot see it.</summary>
/// <param name="title">Its name.</param>
/// <param name="description">What it shows.</param>
internal sealed class SvgPicture(string title, string description)
{
    private readonly StringBuilder _drawn = new();

    /// <summary>Adds an element.</summary>
    public void Draw(FormattableString element) => _drawn.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');

    /// <summary>The drawing as a file of its own.</summary>
    public string AsFile(int width, int height) => Text(width, height, " xmlns=\"http://www.w3.org/2000/svg\"", $"<style>{ChartStyle.Sheet}</style>\n");

    /// <summary>The drawing as a part of a page that has <see cref="ChartStyle.Sheet"/>.</summary>
    public string AsElement(int width, int height) => Text(width, height, "", "");

    /// <summary>Text as XML has it.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    private string Text(int width, int height, string attributes, string style) => string.Create(
        CultureInfo.InvariantCulture,
        $"<svg{attributes} viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\">\n<title>{Escape(title)}</title>\n<desc>{Escape(description)}</desc>\n{style}<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n{_drawn}</svg>\n");
}
