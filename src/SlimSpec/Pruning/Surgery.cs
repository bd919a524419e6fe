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

    /// <summary>Means of the channels of one structure, float32, or null if nothing makes up for those that go.</summary>
    /// <param name="selection">What stays.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="unit">The structure's unit.</param>
    public static torch.Tensor? Means(Selection selection, int layer, string unit) => selection.Means.TryGetValue((layer, unit), out var means) ? torch.tensor(means) : null;

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

    /// <summary>
    /// Adds to a bias what the channels that go added to the output on average: <c>W[rows, gone] * means[gone]</c> (FLAP: An et al. 2024, section 3.4).
    /// </summary>
    /// <param name="bias">The slim linear's bias, <c>[rows]</c>, filled with what stays of the dense one's.</param>
    /// <param name="weight">The dense linear's weight, <c>[out, in]</c>; not loaded: nothing is added.</param>
    /// <param name="rows">Rows that stay, or null for all.</param>
    /// <param name="columns">Columns that stay, or null for all.</param>
    /// <param name="means">Mean of each input channel, <c>[in]</c>; null: nothing is added.</param>
    public static void Compensate(torch.Tensor bias, torch.Tensor weight, torch.Tensor? rows, torch.Tensor? columns, torch.Tensor? means)
    {
        if (columns is null || means is null || weight.device_type == DeviceType.META)
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        var stays = columns.cpu().data<long>().ToHashSet();
        var gone = torch.tensor(Enumerable.Range(0, (int)weight.size(1)).Select(channel => (long)channel).Where(channel => !stays.Contains(channel)).ToArray(), device: weight.device);
        var lost = weight.index_select(1, gone).to(ElementScores.SumType(weight.dtype)).mv(means.to(ElementScores.SumType(weight.dtype)).to(weight.device).index_select(0, gone));
        bias.add_(rows is null ? lost : lost.index_select(0, rows.to(weight.device)));
    }
}
