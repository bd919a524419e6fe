namespace SlimSpec.CommandLine;

/// <summary>What each layer costs when it alone is cut, in nats a token over the dense model, as bars: a logarithmic axis of perplexity.</summary>
internal static class SensitivityChart
{
    /// <summary>The drawing.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="captions">The lines below it.</param>
    /// <param name="result">What it shows.</param>
    public static string Of(string title, IReadOnlyList<string> captions, SensitivityResult result)
    {
        var remark = $"nats a token over the dense model, whose perplexity is {Numbers.Short(result.Dense)}; 0.1 is 10.5 % of it; P: protect";
        var increases = result.Layers.Select(layer => layer.Increase).ToList();
        var axis = new ChartAxis(Math.Min(0, increases.Min()), Math.Max(SensitivityResult.Least, increases.Max()));
        var chart = new ColumnChart(title, remark, axis, [.. result.Layers.Select(layer => layer.Layer)], "layer that is cut", captions);
        for (var column = 0; column < result.Layers.Count; column++)
        {
            var layer = result.Layers[column];
            chart.DrawBar(layer.StandsOut ? "bar out" : "bar", chart.X(column) + 2, chart.Column - 4, layer.Increase, $"layer {layer.Layer}: perplexity {Numbers.Short(layer.Perplexity)}");
            if (layer.StandsOut)
            {
                chart.Draw($"<text class=\"mark\" x=\"{chart.Middle(column)}\" y=\"{Math.Min(chart.Y(layer.Increase), chart.Y(0)) - 4}\">P</text>");
            }
        }

        chart.DrawLevel(0);
        return chart.AsFile();
    }
}
