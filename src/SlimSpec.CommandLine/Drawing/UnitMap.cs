using System.Globalization;
using System.Text;

namespace SlimSpec.CommandLine;

/// <summary>Which units of a structure stay: a row a layer, from the first unit on the left to the last; where there are more than pixels, the share of neighbours that stays.</summary>
internal static class UnitMap
{
    private const int Left = 64;
    private const int Top = 68;
    private const int Width = 680;
    private const int MostCells = 170;
    private const int Levels = 10;
    private const int WideCell = 6; // from which on there is a gap between neighbours

    /// <summary>The drawing, as an element of a page.</summary>
    /// <param name="unit">The structure, cut in at least one layer.</param>
    public static string Of(KeptUnits unit)
    {
        var units = unit.Layers.Max(layer => layer.Of);
        var together = (units + MostCells - 1) / MostCells; // units that share a cell
        var cells = (units + together - 1) / together;
        var cell = Math.Min(Width / cells, 24);
        var row = Math.Clamp(320 / unit.Layers.Count, 6, 20);
        var title = $"{unit.Unit}: which units stay";
        var remark = together == 1 ? "filled: stays; empty: cut" : $"a cell is {together} neighbours: the fuller its colour, the more of them stay; empty: none";
        var picture = new SvgPicture(title, remark);
        picture.Draw($"<text class=\"heading\" x=\"16\" y=\"22\">{SvgPicture.Escape(title)}</text>");
        picture.Draw($"<text class=\"remark\" x=\"16\" y=\"40\">{remark}</text>");
        var every = (unit.Layers.Count + 15) / 16;
        for (var layer = 0; layer < unit.Layers.Count; layer++)
        {
            var y = Top + (row * layer);
            if (layer % every == 0)
            {
                picture.Draw($"<text class=\"tick\" x=\"{Left - 8}\" y=\"{y + (row / 2) + 4}\">{(unit.IsWholeModel ? "all" : layer.ToString(CultureInfo.InvariantCulture))}</text>");
            }

            Draw(picture, unit.Layers[layer], $"{(unit.IsWholeModel ? "all layers" : $"layer {layer}")}: {unit.Layers[layer].Words}", y, row, cells, cell, together);
        }

        var bottom = Top + (row * unit.Layers.Count);
        picture.Draw($"<path class=\"axis\" d=\"M{Left} {Top} V{bottom} H{Left + (cells * cell)}\"/>");
        foreach (var tick in new ChartAxis(0, units).Ticks.Where(tick => tick < units && tick == Math.Floor(tick)))
        {
            picture.Draw($"<text class=\"label\" x=\"{Left + (int)((Math.Floor(tick / together) + 0.5) * cell)}\" y=\"{bottom + 16}\">{tick}</text>");
        }

        picture.Draw($"<text class=\"tick\" x=\"{Left - 8}\" y=\"{Top - 6}\">layer</text><text class=\"label\" x=\"{Left + (cells * cell / 2)}\" y=\"{bottom + 34}\">unit of the dense model</text>");
        return picture.AsElement(Math.Max(Left + (cells * cell) + 24, 560), bottom + 46);
    }

    // A path a level is a small part of what a rectangle a cell would take.
    private static void Draw(SvgPicture picture, KeptLayer layer, string hint, int y, int row, int cells, int cell, int together)
    {
        var filled = cell >= WideCell ? cell - 1 : cell;
        foreach (var level in Shares(layer, cells, together).Select((share, place) => (Level: (int)Math.Round(share * Levels), place)).Where(one => one.Level > 0).GroupBy(one => one.Level))
        {
            var path = new StringBuilder();
            foreach (var (_, place) in level)
            {
                path.Append(CultureInfo.InvariantCulture, $"M{Left + (place * cell)} {y}h{filled}v{row - 1}h-{filled}z");
            }

            picture.Draw($"<path class=\"cell\" fill-opacity=\"{(double)level.Key / Levels}\" d=\"{path}\"/>");
        }

        if (layer.IsGone)
        {
            picture.Draw($"<text class=\"remark\" x=\"{Left + 8}\" y=\"{y + (row / 2) + 4}\">gone</text>");
        }

        picture.Draw($"<rect fill-opacity=\"0\" x=\"{Left}\" y=\"{y}\" width=\"{cells * cell}\" height=\"{row}\"><title>{hint}</title></rect>");
    }

    // The share of each cell's units that stays.
    private static double[] Shares(KeptLayer layer, int cells, int together)
    {
        var shares = new double[cells];
        if (layer.Kept is null)
        {
            Array.Fill(shares, layer.Share);
            return shares;
        }

        foreach (var kept in layer.Kept)
        {
            shares[kept / together] += 1.0 / Math.Min(together, layer.Of - (kept / together * together));
        }

        return shares;
    }
}
