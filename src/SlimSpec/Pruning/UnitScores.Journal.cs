namespace SlimSpec;

/// <content>What each layer gave is noted in a journal as soon as it is known, and need not be taken again.</content>
internal sealed partial class UnitScores
{
    private static string Entry(int layer) => $"scores-{layer}";

    private void Keep(int layer)
    {
        if (_journal is null || layer == StructuredPruner.WholeModel)
        {
            return;
        }

        using var scope = torch.NewDisposeScope();
        _journal.Write(
            Entry(layer),
            [
                .. Named("score", layer, _scores),
                .. Named("mean", layer, _means),
                .. _whole.SelectMany(unit => unit.Value.Of(layer).Select(answer => ($"{unit.Key}/{answer.Name}", answer.Value))),
            ]);
    }

    private void Recall()
    {
        foreach (var layer in Layers.Where(layer => _journal?.Has(Entry(layer)) ?? false))
        {
            using var scope = torch.NewDisposeScope();
            var kept = _journal!.Read(Entry(layer), _model.Device).ToDictionary(StringComparer.Ordinal);
            foreach (var unit in _units[layer])
            {
                Put("score", (layer, unit), kept, _scores);
                Put("mean", (layer, unit), kept, _means);
            }

            foreach (var (unit, collected) in _whole)
            {
                collected.Restore(layer, name => kept[$"{unit}/{name}"]);
            }
        }
    }

    private static IEnumerable<(string Name, torch.Tensor Value)> Named(string what, int layer, Dictionary<(int Layer, string Unit), float[]> numbers) =>
        numbers.Where(place => place.Key.Layer == layer).Select(place => ($"{what}/{place.Key.Unit}", torch.tensor(place.Value)));

    private static void Put(string what, (int Layer, string Unit) place, Dictionary<string, torch.Tensor> kept, Dictionary<(int Layer, string Unit), float[]> numbers)
    {
        if (kept.TryGetValue($"{what}/{place.Unit}", out var values))
        {
            numbers[place] = values.cpu().data<float>().ToArray();
        }
    }
}
