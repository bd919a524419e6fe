namespace SlimSpec;

/// <summary>
/// What generated surgery is made of: index tensors of what stays along an axis (int64, ascending, on any device; null
/// where all of it stays), and the copy of a weight by the indices of its axes.
/// </summary>
public static class Surgery
{
    /// <summary>Kept units of one structure as an index tensor, or null if nothing of it is cut.</summary>
    /// <param name="selection">What stays.</param>
    /// <param name="layer">The layer, or <see cref="StructuredPruner.WholeModel"/>.</param>
    /// <param name="unit">The structure's unit.</param>
    public static torch.Tensor? Indices(Selection selection, int layer, string unit) =>
        selection.Units.TryGetValue((layer, unit), out var units) ? torch.tensor(units.Select(number => (long)number).ToArray()) : null;

    /// <summary>Channels of whole units: unit u covers channels <c>u * size</c> to <c>(u + 1) * size - 1</c>.</summary>
    /// <param name="units">Unit numbers <c>[units]</c>, or null for all.</param>
    /// <param name="size">Channels a unit.</param>
    public static torch.Tensor? Channels(torch.Tensor? units, long size) =>
        units is null ? null : (units.unsqueeze(1) * size + torch.arange(size, dtype: torch.ScalarType.Int64, device: units.device)).flatten();

    /// <summary>Fills a vector with those elements that stay.</summary>
    /// <param name="slim">The vector to fill.</param>
    /// <param name="dense">The vector to take from.</param>
    /// <param name="channels">Which stay, or null for all.</param>
    public static void Keep(torch.Tensor slim, torch.Tensor dense, torch.Tensor? channels) => Keep(slim, dense, channels, null);

    /// <summary>
    /// Fills <paramref name="slim"/> with those rows and columns of <paramref name="dense"/> that stay. Where one of them is not loaded, nothing
    /// is done: of a streamed model some weights are cut at a time.
    /// </summary>
    /// <param name="slim">The weight to fill.</param>
    /// <param name="dense">The weight to take from.</param>
    /// <param name="rows">Rows that stay, or null for all.</param>
    /// <param name="columns">Columns that stay, or null for all.</param>
    public static void Keep(torch.Tensor slim, torch.Tensor dense, torch.Tensor? rows, torch.Tensor? columns)
    {
        if (slim.is_meta || dense.is_meta)
        {
            return;
        }

        using var scope = torch.NewDisposeScope(); // freed at once: surgery must not need a second layer's room
        var kept = rows is null ? dense : dense.index_select(0, rows.to(dense.device));
        slim.copy_(columns is null ? kept : kept.index_select(1, columns.to(dense.device)));
    }
}
