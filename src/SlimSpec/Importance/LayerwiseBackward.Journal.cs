namespace SlimSpec;

/// <content>How the passes are left and gone on with: what went into each layer and, once it is known, the gradient by it.</content>
public sealed partial class LayerwiseBackward
{
    private const string HeadEntry = "head";

    private static string GradientEntry(int layer) => $"gradient-{layer}";

    // Where to begin in the layers, and what goes into the first.
    private (int First, torch.Tensor[] Hidden) BeginForward(int[] layers)
    {
        var last = _journal.LastInput(layers);
        if (last < 0)
        {
            return (0, LayerSteps.Embed(_model, Enumerable.Range(0, _batches.Length).Select(Ids)));
        }

        RecallInputs(layers.Take(last));
        _done = _doneBefore = (long)last * _batches.Length;
        return (last, _journal.Recall(PassJournal.Input(layers[last])));
    }

    private void KeepForward(int layer, int? next, torch.Tensor[] hidden)
    {
        if (next is { } following)
        {
            _journal.Keep(PassJournal.Input(following), hidden);
        }

        if (layer < _lowest)
        {
            _journal.Drop(PassJournal.Input(layer));
        }
    }

    // What the head gives: the loss, the gradients by the last layer's output, and that output where it is needed once more.
    private void KeepHead() => _journal.Keep(HeadEntry, [_loss, .. _gradients, .. TakesOuter ? _outputs : []]);

    private void KeepBackward(int layer)
    {
        if (layer == _lowest)
        {
            return;
        }

        _journal.Keep(GradientEntry(layer), _gradients);
        foreach (var above in Layers.Where(above => above > layer))
        {
            _journal.Drop(GradientEntry(above));
        }

        _journal.Drop(PassJournal.Input(layer));
    }

    // If the forward pass is done: the layer that the backward pass has come to, in front of which it goes on.
    private int? Resume()
    {
        if (!_journal.Has(HeadEntry))
        {
            return null;
        }

        var head = _journal.Recall(HeadEntry);
        using (torch.no_grad())
        {
            _loss.copy_(head[0]);
        }

        var layers = Layers.ToArray();
        var reached = layers.Where(layer => _journal.Has(GradientEntry(layer))).Append(_model.Layers.Count).Min();
        var gradients = reached < _model.Layers.Count ? _journal.Recall(GradientEntry(reached)) : head[1..(_batches.Length + 1)];
        gradients.CopyTo(_gradients, 0);
        head.AsSpan(_batches.Length + 1).CopyTo(_outputs);
        RecallInputs(layers.Where(layer => layer < reached));
        _done = _doneBefore = (long)_batches.Length * (layers.Length + layers.Count(layer => layer >= reached));
        return reached;
    }

    private void RecallInputs(IEnumerable<int> layers)
    {
        // The first layer's input is not kept: the embedding gives it.
        foreach (var layer in layers.Where(layer => layer >= _lowest))
        {
            var inputs = _journal.Has(PassJournal.Input(layer)) ? _journal.Recall(PassJournal.Input(layer)) : LayerSteps.Embed(_model, Enumerable.Range(0, _batches.Length).Select(Ids));
            for (var batch = 0; batch < inputs.Length; batch++)
            {
                _inputs[layer, batch] = inputs[batch];
            }
        }
    }
}
