namespace SlimSpec.CommandLine;

/// <summary>
/// Colours and faces of charts: light and dark pages, paper always light; Okabe and Ito's blue and orange, and a letter, an outline or another
/// mark for those who do not see the difference.
/// </summary>
internal static class ChartStyle
{
    /// <summary>The style sheet.</summary>
    public const string Sheet = """

        text { font-family: ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; font-size: 11px; fill: #1f2328 }
        .heading { font-size: 14px; font-weight: bold } .remark { fill: #57606a } .tick { text-anchor: end } .label, .mark { text-anchor: middle }
        .mark { font-weight: bold } .page { fill: #ffffff } .axis { fill: none; stroke: #57606a } .grid { stroke: #d0d7de }
        .dense { stroke: #1f2328; stroke-dasharray: 5 4; stroke-width: 1.5 } .bar { fill: #0072B2 } .out { fill: #D55E00 }
        .ghost { fill: #D55E00; fill-opacity: .12; stroke: #D55E00; stroke-width: 1.5; stroke-dasharray: 4 2 }
        .line { fill: none; stroke: #0072B2; stroke-width: 1.5 } .dot { fill: #0072B2 }
        .other-line { fill: none; stroke: #D55E00; stroke-width: 1.5; stroke-dasharray: 4 2 } .other-dot { fill: #ffffff; stroke: #D55E00; stroke-width: 1.5 }
        .series { fill: none; stroke-width: 1.5 } .mark-hollow { fill: #ffffff; stroke-width: 1.5 }
        .s0 { stroke: #0072B2 } .s1 { stroke: #D55E00; stroke-dasharray: 4 2 } .s2 { stroke: #009E73; stroke-dasharray: 8 3 }
        .s3 { stroke: #CC79A7; stroke-dasharray: 2 2 } .s4 { stroke: #56606a } .s5 { stroke: #E69F00; stroke-dasharray: 8 3 2 3 }
        .mark-full, .mark-hollow, .solid { stroke-dasharray: none }
        .mark-full.s0 { fill: #0072B2 } .mark-full.s2 { fill: #009E73 } .mark-full.s4 { fill: #56606a }
        .first { fill: #ffffff; stroke: #56606a; stroke-width: 1.5 } .between { fill: #E69F00; fill-opacity: .45; stroke: #B47300 } .last { fill: #0072B2 }
        .inside { text-anchor: middle; fill: #ffffff } .whisker { fill: none; stroke: #1f2328; stroke-width: 1.5 } .left { fill: #0072B2 } .cell { fill: #0072B2; stroke: none } .frontier { fill: none; stroke: #56606a; stroke-width: 1.5; stroke-dasharray: 5 4 }
        @media screen and (prefers-color-scheme: dark) {
        .first { fill: #0d1117; stroke: #c9d1d9 } .between { stroke: #E69F00 } .last, .left, .cell { fill: #56B4E9 } .whisker { stroke: #e6edf3 } .frontier { stroke: #c9d1d9 }
        .mark-hollow { fill: #0d1117 } .s0 { stroke: #56B4E9 } .s1 { stroke: #E69F00 } .s2 { stroke: #2fcc9f } .s4 { stroke: #c9d1d9 } .s5 { stroke: #F0E442 }
        .mark-full.s0 { fill: #56B4E9 } .mark-full.s2 { fill: #2fcc9f } .mark-full.s4 { fill: #c9d1d9 }
        text { fill: #e6edf3 } .remark { fill: #9198a1 } .page { fill: #0d1117 } .axis { stroke: #9198a1 } .grid { stroke: #3d444d }
        .inside { fill: #0d1117 } .dense { stroke: #e6edf3 } .bar, .dot { fill: #56B4E9 } .out { fill: #E69F00 } .ghost { fill: #E69F00; stroke: #E69F00 }
        .line { stroke: #56B4E9 } .other-line { stroke: #E69F00 } .other-dot { fill: #0d1117; stroke: #E69F00 }
        }

        """;
}
