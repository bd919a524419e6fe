using System.Globalization;
using System.Net;
using System.Text;

namespace SlimSpec.CommandLine;

/// <summary>What each layer costs when it alone is cut, in nats a token over the dense model, as bars: a logarithmic axis of perplexity.</summary>
internal static class SensitivityChart
{
    private const int Left = 64;
    private const int Top = 56;
    private const int Height = 240;
    private const int Below = 78;
    private const int MostLabels = 24;

    private static readonly decimal[] Steps = [1, 2, 5];

    /// <summary>The drawing.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="captions">The lines below it.</param>
    /// <param name="result">What it shows.</param>
    public static string Of(string title, IReadOnlyList<string> captions, SensitivityResult result)
    {
        var bar = Math.Clamp(640 / result.Layers.Count, 12, 96);
        var plot = bar * result.Layers.Count;
        var width = Math.Max(plot, Math.Max(title.Length * 9, captions.Max(line => line.Length) * 7));
        var axis = new Axis(result);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Left + width + 24} {Top + Height + Below}\" width=\"{Left + width + 24}\" height=\"{Top + Height + Below}\" role=\"img\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<title>{Escape(title)}</title>\n<style>{Sheet}</style>\n<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"heading\" x=\"{Left}\" y=\"22\">{Escape(title)}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"remark\" x=\"{Left}\" y=\"40\">nats a token over the dense model, whose perplexity is {Numbers.Short(result.Dense)}; 0.1 is 10.5 % of it; P: protect</text>\n");
        foreach (var tick in axis.Ticks)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Left + plot}\" y1=\"{Y(axis, tick)}\" y2=\"{Y(axis, tick)}\"/><text class=\"tick\" x=\"{Left - 8}\" y=\"{Y(axis, tick) + 4}\">{tick.ToString("0.######", CultureInfo.InvariantCulture)}</text>\n");
        }

        Bars(svg, result, axis, bar);
        svg.Append(CultureInfo.InvariantCulture, $"<line class=\"dense\" x1=\"{Left}\" x2=\"{Left + plot}\" y1=\"{Y(axis, 0)}\" y2=\"{Y(axis, 0)}\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"axis\" d=\"M{Left} {Top} V{Top + Height} H{Left + plot}\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"label\" x=\"{Left + (plot / 2)}\" y=\"{Top + Height + 36}\">layer that is cut</text>\n");
        for (var line = 0; line < captions.Count; line++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"remark\" x=\"{Left}\" y=\"{Top + Height + 54 + (15 * line)}\">{Escape(captions[line])}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Bars(StringBuilder svg, SensitivityResult result, Axis axis, int bar)
    {
        var every = (result.Layers.Count + MostLabels - 1) / MostLabels;
        var ground = Y(axis, 0);
        foreach (var layer in result.Layers)
        {
            var (x, y) = (Left + (bar * layer.Layer), Y(axis, layer.Increase));
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"{(layer.StandsOut ? "bar out" : "bar")}\" x=\"{x + 2}\" y=\"{Math.Min(y, ground)}\" width=\"{bar - 4}\" height=\"{Math.Max(1, Math.Abs(ground - y))}\"><title>layer {layer.Layer}: perplexity {Numbers.Short(layer.Perplexity)}</title></rect>\n");
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

    private static int Y(Axis axis, double nats) => Top + Height - (int)Math.Round(axis.Share(nats) * Height);

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

    // From the tick below the lowest value to the one above the highest, the dense model's zero among them.
    private sealed class Axis
    {
        private const int MostTicks = 7;
        private readonly decimal _step;
        private readonly int _low;
        private readonly int _high;

        public Axis(SensitivityResult result)
        {
            var (low, high) = (Math.Min(0, result.Layers.Min(layer => layer.Increase)), Math.Max(SensitivityResult.Least, result.Layers.Max(layer => layer.Increase)));
            _step = Candidates().First(step => (high - low) / (double)step <= MostTicks - 1);
            (_low, _high) = ((int)Math.Floor(low / (double)_step), (int)Math.Ceiling(high / (double)_step));
        }

        public IEnumerable<double> Ticks => Enumerable.Range(_low, _high - _low + 1).Select(tick => (double)(tick * _step));

        public double Share(double value) => ((value / (double)_step) - _low) / (_high - _low);

        private static IEnumerable<decimal> Candidates()
        {
            for (var power = 0.001m; ; power *= 10)
            {
                foreach (var step in Steps)
                {
                    yield return step * power;
                }
            }
        }
    }
}
