using System.Globalization;
using System.Net;
using System.Text;

namespace SlimSpec.CommandLine;

/// <summary>Perplexity by the layer that is cut, as bars from the dense model's up, on a logarithmic axis.</summary>
internal static class SensitivityChart
{
    private const int Left = 64;
    private const int Top = 56;
    private const int Height = 240;
    private const int Below = 78;
    private const int MostLabels = 24;

    private static readonly double[] Steps = [1, 2, 5];

    /// <summary>The drawing.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="captions">The lines below it.</param>
    /// <param name="result">What it shows.</param>
    public static string Of(string title, IReadOnlyList<string> captions, SensitivityResult result)
    {
        var bar = Math.Clamp(640 / result.Layers.Count, 12, 48);
        var width = Math.Max(bar * result.Layers.Count, Math.Max(title.Length * 9, captions.Max(line => line.Length) * 7));
        var axis = new Axis(result);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Left + width + 24} {Top + Height + Below}\" width=\"{Left + width + 24}\" height=\"{Top + Height + Below}\" role=\"img\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<title>{Escape(title)}</title>\n<style>{Sheet}</style>\n<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"heading\" x=\"{Left}\" y=\"22\">{Escape(title)}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"remark\" x=\"{Left}\" y=\"40\">perplexity (logarithmic); the dashed line is the dense model's, {Numbers.Short(result.Dense)}</text>\n");
        foreach (var tick in axis.Ticks)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Left + width}\" y1=\"{Y(axis, tick)}\" y2=\"{Y(axis, tick)}\"/><text class=\"tick\" x=\"{Left - 8}\" y=\"{Y(axis, tick) + 4}\">{Tick(tick)}</text>\n");
        }

        Bars(svg, result, axis, bar);
        svg.Append(CultureInfo.InvariantCulture, $"<line class=\"dense\" x1=\"{Left}\" x2=\"{Left + width}\" y1=\"{Y(axis, result.Dense)}\" y2=\"{Y(axis, result.Dense)}\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"axis\" d=\"M{Left} {Top} V{Top + Height} H{Left + width}\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"label\" x=\"{Left + (bar * result.Layers.Count / 2)}\" y=\"{Top + Height + 36}\">layer that is cut</text>\n");
        for (var line = 0; line < captions.Count; line++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"remark\" x=\"{Left}\" y=\"{Top + Height + 54 + (15 * line)}\">{Escape(captions[line])}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Bars(StringBuilder svg, SensitivityResult result, Axis axis, int bar)
    {
        var every = (result.Layers.Count + MostLabels - 1) / MostLabels;
        var ground = Y(axis, result.Dense);
        foreach (var layer in result.Layers)
        {
            var (x, y) = (Left + (bar * layer.Layer), Y(axis, layer.Perplexity));
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"{(layer.StandsOut ? "bar out" : "bar")}\" x=\"{x + 2}\" y=\"{Math.Min(y, ground)}\" width=\"{bar - 4}\" height=\"{Math.Max(1, Math.Abs(ground - y))}\"><title>layer {layer.Layer}: {Numbers.Short(layer.Perplexity)}</title></rect>\n");
            if (layer.StandsOut)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<text class=\"mark\" x=\"{x + (bar / 2)}\" y=\"{Math.Min(y, ground) - 4}\">P</text>\n");
            }

            if (layer.Layer % every == 0)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<text class=\"label\" x=\"{x + (bar / 2)}\" y=\"{Top + Height + 16}\">{layer.Layer}</text>\n");
            }
        }
    }

    private static int Y(Axis axis, double perplexity) => Top + Height - (int)Math.Round(axis.Share(perplexity) * Height);

    private static string Tick(double value) => value >= 1000 ? Numbers.Scaled((long)value) : value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    // Light and dark pages; Okabe and Ito's blue and orange, and a letter for those who do not see the difference.
    private const string Sheet = """

        text { font-family: ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; font-size: 11px; fill: #1f2328 }
        .heading { font-size: 14px; font-weight: bold } .remark { fill: #57606a } .tick { text-anchor: end } .label, .mark { text-anchor: middle }
        .mark { font-weight: bold } .page { fill: #ffffff } .axis { fill: none; stroke: #57606a } .grid { stroke: #d0d7de }
        .dense { stroke: #1f2328; stroke-dasharray: 5 4; stroke-width: 1.5 } .bar { fill: #0072B2 } .out { fill: #D55E00 }
        @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 } .remark { fill: #9198a1 } .page { fill: #0d1117 } .axis { stroke: #9198a1 } .grid { stroke: #3d444d }
        .dense { stroke: #e6edf3 } .bar { fill: #56B4E9 } .out { fill: #E69F00 }
        }

        """;

    // From the tick below the lowest value to the one above the highest.
    private sealed class Axis
    {
        private readonly double _low;
        private readonly double _high;

        public Axis(SensitivityResult result)
        {
            var values = result.Layers.Select(layer => layer.Perplexity).Append(result.Dense).ToList();
            _low = Candidates().Last(tick => tick <= values.Min());
            _high = Candidates().First(tick => tick > values.Max());
            Ticks = [.. Candidates().Where(tick => tick >= _low && tick <= _high)];
        }

        public IReadOnlyList<double> Ticks { get; }

        public double Share(double value) => Math.Log(value / _low) / Math.Log(_high / _low);

        private static IEnumerable<double> Candidates() => Enumerable.Range(-1, 310).SelectMany(power => Steps.Select(step => step * Math.Pow(10, power)));
    }
}
