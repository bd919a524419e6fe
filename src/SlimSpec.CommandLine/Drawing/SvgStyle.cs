namespace SlimSpec.CommandLine;

/// <summary>Colours, faces and patterns of drawings: readable in print, on light and on dark pages, and by colour-blind people.</summary>
internal static class SvgStyle
{
    // Okabe and Ito's palette (jfly.uni-koeln.de/color), darker on light pages; every structure has a pattern and a letter too.
    private static readonly (string Unit, string Light, string Dark, string Pattern)[] Looks =
    [
        ("mlp", "#D55E00", "#E69F00", "M0 8 L8 0 M-2 2 L2 -2 M6 10 L10 6"),
        ("attention", "#0072B2", "#56B4E9", "M0 0 L8 8 M-2 6 L2 10 M6 -2 L10 2"),
        ("query_heads", "#A3487C", "#CC79A7", "M2 2 h2 v2 h-2 z M6 6 h2 v2 h-2 z"),
        ("hidden", "#007A5A", "#33C69A", "M0 2 H8 M0 6 H8"),
        ("", "#6E6400", "#F0E442", "M2 0 V8 M6 0 V8"),
    ];

    /// <summary>The look of each unit: its own where it has one, the same in all drawings; what is left for others; -1 where nothing is.</summary>
    public static IReadOnlyList<int> LooksOf(IReadOnlyList<string> units)
    {
        var left = new Queue<int>(Enumerable.Range(0, Looks.Length).Where(look => !units.Contains(Looks[look].Unit)).Reverse());
        return [.. units.Select(unit => Array.FindIndex(Looks, look => look.Unit == unit) is >= 0 and var own ? own : left.TryDequeue(out var free) ? free : -1)];
    }

    /// <summary>The path of a look's pattern, in a tile of 8 by 8.</summary>
    public static string Pattern(int look) => Looks[look].Pattern;

    /// <summary>The style sheet.</summary>
    public static string Sheet(IReadOnlyCollection<int> looks)
    {
        var light = looks.Select(look => Rules(look, Looks[look].Light));
        var dark = looks.Select(look => Rules(look, Looks[look].Dark));
        return $$"""

            text { font-family: ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; font-size: 11px; fill: #1f2328 }
            .heading { font-size: 15px; font-weight: bold }
            .title { font-size: 12px; font-weight: bold }
            .op { font-weight: normal; fill: #57606a }
            .remark, .caption { fill: #57606a }
            .when { font-style: italic; fill: #57606a }
            .page { fill: #ffffff }
            .frame { fill: #f6f8fa; stroke: #d0d7de }
            .box { fill: #ffffff; stroke: #57606a }
            .conditional { stroke-dasharray: 5 3 }
            .bar { fill: #57606a; fill-opacity: .12 }
            .letter { font-weight: bold; fill: #ffffff; text-anchor: middle }
            .wire { fill: none; stroke: #57606a; stroke-width: 1.5 }
            .stream { stroke-width: 3.5 }
            .head { fill: #57606a; stroke: none }
            .pattern { fill: none; stroke-width: 1.6 }
            {{string.Concat(light)}}
            @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3 }
            .op, .remark, .caption, .when { fill: #9198a1 }
            .page { fill: #0d1117 }
            .frame { fill: #151b23; stroke: #3d444d }
            .box { fill: #0d1117; stroke: #9198a1 }
            .bar { fill: #9198a1; fill-opacity: .2 }
            .letter { fill: #0d1117 }
            .wire { stroke: #9198a1 }
            .head { fill: #9198a1 }
            {{string.Concat(dark)}}
            }

            """;
    }

    private static string Rules(int look, string colour) =>
        $".s{look} {{ fill: {colour} }} .s{look}.tint {{ fill-opacity: .18 }} .s{look}.wire {{ fill: none; stroke: {colour} }} .s{look}.pattern {{ fill: none; stroke: {colour} }}\n";
}
