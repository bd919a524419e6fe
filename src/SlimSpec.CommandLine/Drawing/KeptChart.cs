using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>What stays of each structure in each layer: a row a structure, a column a layer, filled as far as it stays.</summary>
internal static class KeptChart
{
    private const int Left = 128;
    private const int Top = 56;
    private const int Box = 44;
    private const int Row = 58;
    private const int LabelWidth = 30;
    private const int MostLabels = 24;

    /// <summary>The drawing, as an element of a page.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="kept">The structures; their layers are equally many, but for those of the whole model.</param>
    public static string Of(string title, IReadOnlyList<KeptUnits> kept)
    {
        const string Remark = "% of the units that stay; filled: they stay; dashed and empty: cut";
        var depth = kept.Max(unit => unit.Layers.Count);
        var column = Math.Clamp(680 / depth, 8, 56);
        var picture = new SvgPicture(title, $"{Remark}. {string.Join("; ", kept.Select(Describe))}");
        picture.Draw($"<text class=\"heading\" x=\"16\" y=\"22\">{SvgPicture.Escape(title)}</text>");
        picture.Draw($"<text class=\"remark\" x=\"16\" y=\"40\">{Remark}</text>");
        for (var row = 0; row < kept.Count; row++)
        {
            Draw(picture, kept[row], Top + (Row * row), column, depth);
        }

        var bottom = Top + (Row * kept.Count);
        var every = (depth + MostLabels - 1) / MostLabels;
        for (var layer = 0; layer < depth; layer += every)
        {
            picture.Draw($"<text class=\"label\" x=\"{Left + (column * layer) + (column / 2)}\" y=\"{bottom + 4}\">{layer}</text>");
        }

        picture.Draw($"<text class=\"label\" x=\"{Left + (column * depth / 2)}\" y=\"{bottom + 24}\">layer of the dense model</text>");
        return picture.AsElement(Math.Max(Left + (column * depth) + 24, 560), bottom + 36);
    }

    private static string Describe(KeptUnits unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{unit.Unit}: {100 * unit.Layers.Average(layer => layer.Share):0.0} % stay on average");

    private static void Draw(SvgPicture picture, KeptUnits unit, int top, int column, int depth)
    {
        picture.Draw($"<text x=\"16\" y=\"{top + 20}\">{SvgPicture.Escape(unit.Unit)}</text><text class=\"tick\" x=\"{Left - 8}\" y=\"{top + 8}\">100</text><text class=\"tick\" x=\"{Left - 8}\" y=\"{top + Box}\">0</text>");
        picture.Draw($"<path class=\"axis\" d=\"M{Left - 2} {top} V{top + Box} H{Left + (column * depth)}\"/>");
        var width = unit.IsWholeModel ? column * depth : column;
        for (var layer = 0; layer < unit.Layers.Count; layer++)
        {
            Draw(picture, unit.Layers[layer], unit.IsWholeModel ? "all layers" : $"layer {layer}", Left + (width * layer) + 1, top, width - 2);
        }
    }

    private static void Draw(SvgPicture picture, KeptLayer layer, string name, int left, int top, int width)
    {
        var filled = (int)Math.Round(layer.Share * Box);
        var hint = $"<title>{SvgPicture.Escape($"{name}: {layer.Words}")}</title>";
        if (filled < Box)
        {
            picture.Draw($"<rect class=\"ghost\" x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{Box - filled}\">{hint}</rect>");
        }

        if (filled > 0)
        {
            picture.Draw($"<rect class=\"left\" x=\"{left}\" y=\"{top + Box - filled}\" width=\"{width}\" height=\"{filled}\">{hint}</rect>");
        }

        if (width >= LabelWidth)
        {
            // In the part that has room for it.
            var (style, y) = filled > Box / 2 ? ("inside", top + Box - (filled / 2) + 4) : ("label", top + ((Box - filled) / 2) + 4);
            picture.Draw($"<text class=\"{style}\" x=\"{left + (width / 2)}\" y=\"{y}\">{(layer.IsGone ? "gone" : string.Create(CultureInfo.InvariantCulture, $"{100 * layer.Share:0.#}"))}</text>");
        }
    }
}
