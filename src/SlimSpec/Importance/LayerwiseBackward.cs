using System.Diagnostics;

namespace SlimSpec;

/// <summary>
/// Gradients of the next-token loss, one layer at a time. The forward pass keeps each layer's input and nothing else; the
/// backward pass visits the layers last to first, runs each again with gradients on, hands its gradients to a callback and
/// frees them. At most one copy of the weights, the gradients of one layer, the layer inputs and the activations
/// of one layer over one micro batch are alive. A layer that is not asked for passes its input's gradient on; below the lowest layer asked
/// for nothing is run. Embedding and head come last, together, because a tied weight has a gradient by both: the head is run again for it.
/// </summary>
public sealed partial class LayerwiseBackward
{
    private readonly CausalLM _model;
    private readonly torch.Tensor _samples;
    private readonly GradientRequest _request;
    private readonly Action<ProgressUpdate>? _progress;
    private readonly int _lowest;
    private readonly (long Start, long Rows)[] _batches;
    private readonly torch.Tensor[,] _inputs;
    private readonly torch.Tensor[] _gradients;
    private readonly torch.Tensor[] _outputs;
    private readonly torch.Tensor _loss;
    private readonly PassJournal _journal;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private long _done;
    private long _doneBefore;

    private LayerwiseBackward(CausalLM model, torch.Tensor samples, GradientRequest request, Action<ProgressUpdate>? progress, ScoringJournal? journal)
    {
        _model = model;
        _journal = new(journal, "backward", model.Device);
        _samples = samples.to(model.Device);
        _request = request;
        _progress = progress;
        _lowest = request.Layers.Min();
        // A squared gradient is one example's: they cannot share a pass.
        var together = TakesSquares ? 1 : MicroBatch.LayerRows(model, samples.size(1));
        _batches = MicroBatch.Split(samples.size(0), together);
        _inputs = new torch.Tensor[model.Layers.Count, _batches.Length];
        _gradients = new torch.Tensor[_batches.Length];
        _outputs = new torch.Tensor[_batches.Length];
        _loss = torch.zeros(1, dtype: ElementScores.SumType(model.Dtype), device: model.Device);
    }

    private long Tokens => _samples.size(1);

    private bool TakesOuter => _lowest == StructuredPruner.WholeModel;

    private bool TakesSquares => _request.Statistics.HasFlag(GradientStatistics.MeanSquare);

    private IEnumerable<int> Layers => Enumerable.Range(0, _model.Layers.Count).Where(layer => !_request.Without.Contains(layer));

    private long Steps => (long)_batches.Length * (Layers.Count() + Layers.Count(layer => layer >= _lowest) + (TakesOuter ? 1 : 0));

    /// <summary>Runs both passes. Afterwards no weight of the model requires a gradient.</summary>
    /// <param name="model">The model; left as it was, gradients switched off.</param>
    /// <param name="samples">Token ids <c>[samples, tokens]</c>, int64; every token but the first of a row is predicted.</param>
    /// <param name="request">Which gradients to make.</param>
    /// <param name="take">
    /// Gets each requested layer's gradients by weight name, last layer first, then those of embedding and head. They are freed when it returns.
    /// </param>
    /// <param name="progress">Called after each layer of each micro batch.</param>
    /// <returns>The mean loss over all predictions.</returns>
    /// <exception cref="SlimException">The loss is not a finite number.</exception>
    public static double Run(
        CausalLM model,
        torch.Tensor samples,
        GradientRequest request,
        Action<int, IReadOnlyDictionary<string, WeightGradient>> take,
        Action<ProgressUpdate>? progress = null) => Run(model, samples, request, take, progress, null);

    /// <summary>
    /// Runs both passes, or goes on where a journal says that they were left: of layers whose gradients were taken then, they are not
    /// made again.
    /// </summary>
    internal static double Run(
        CausalLM model,
        torch.Tensor samples,
        GradientRequest request,
        Action<int, IReadOnlyDictionary<string, WeightGradient>> take,
        Action<ProgressUpdate>? progress,
        ScoringJournal? journal)
    {
        if (samples.dim() != 2 || samples.size(0) < 1 || samples.size(1) < 2)
        {
            throw new ArgumentException($"Calibration samples are [samples, tokens] with 2 tokens or more, not [{string.Join(", ", samples.shape)}].", nameof(samples));
        }

        using var scope = torch.NewDisposeScope();
        model.RequireGradients(false);
        var pass = new LayerwiseBackward(model, samples, request, progress, journal);
        var behind = pass.Resume() ?? pass.Forward();
        var loss = pass._loss.to(torch.ScalarType.Float64).item<double>() / (samples.size(0) * (samples.size(1) - 1));
        if (!double.IsFinite(loss))
        {
            throw new SlimException($"The calibration loss is {loss}: the model's weights are damaged or overflow in {model.Dtype}.");
        }

        pass.Backward(behind, take);
        return loss;
    }

    // All samples go through a layer before the next one is needed. Gives the number behind the last layer: the backward pass begins there.
    private int Forward()
    {
        using var noGradients = torch.no_grad();
        var layers = Layers.ToArray();
        var (first, hidden) = BeginForward(layers);
        for (var i = first; i < layers.Length; i++)
        {
            var layer = layers[i];
            using var held = _model.Use(layer);
            for (var batch = 0; batch < _batches.Length; batch++)
            {
                var output = LayerSteps.Run(_model, layer, Ids(batch), hidden[batch]);
                if (layer < _lowest)
                {
                    hidden[batch].Dispose();
                }
                else
                {
                    _inputs[layer, batch] = hidden[batch];
                }

                hidden[batch] = output;
                Step();
            }

            KeepForward(layer, i + 1 < layers.Length ? layers[i + 1] : null, hidden);
        }

        using var head = _model.UseHead();
        for (var batch = 0; batch < _batches.Length; batch++)
        {
            _gradients[batch] = HeadGradient(hidden[batch], batch);
            if (TakesOuter)
            {
                _outputs[batch] = hidden[batch];
            }
            else
            {
                hidden[batch].Dispose();
            }
        }

        KeepHead();
        return _model.Layers.Count;
    }

    // Gradient of the summed loss by the last layer's output. The sum keeps 16-bit gradients away from underflow; the
    // division by the number of predictions waits until they are float32.
    private torch.Tensor HeadGradient(torch.Tensor hidden, int batch)
    {
        var whole = hidden.zeros_like(); // the last position predicts nothing
        HeadBackward(hidden, batch, (start, input, loss) =>
        {
            _loss.add_(loss);
            whole.narrow(0, start, input.size(0)).narrow(1, 0, Tokens - 1).copy_(input.grad!);
        });
        return whole;
    }

    // Takes a micro batch back through the head a few rows at a time: first row, their input with its gradient, and their loss.
    private void HeadBackward(torch.Tensor hidden, int batch, Action<long, torch.Tensor, torch.Tensor> take)
    {
        foreach (var (start, rows) in MicroBatch.Split(hidden.size(0), MicroBatch.HeadRows(_model, Tokens)))
        {
            using var gradients = torch.enable_grad();
            using var scope = torch.NewDisposeScope();
            var input = hidden.narrow(0, start, rows).narrow(1, 0, Tokens - 1).detach().requires_grad_();
            var logits = _model.Head(input).to(_loss.dtype);
            var next = Ids(batch).narrow(0, start, rows).narrow(1, 1, Tokens - 1).unsqueeze(-1);
            var (gradient, loss) = IntoGradient(logits.detach(), next);
            logits.backward([gradient]);
            using var noGradients = torch.no_grad();
            take(start, input, loss);
        }
    }

    // Turns logits [rows, tokens, vocab] into the summed loss's gradient by them, softmax less one-hot, in place; and that loss.
    private static (torch.Tensor Gradient, torch.Tensor Loss) IntoGradient(torch.Tensor logits, torch.Tensor next)
    {
        using var noGradients = torch.no_grad();
        var normaliser = logits.logsumexp(-1, keepdim: true);
        var loss = (normaliser - logits.gather(-1, next)).sum();
        return (logits.sub_(normaliser).exp_().scatter_add_(-1, next, torch.full(next.shape, -1, dtype: logits.dtype, device: logits.device)), loss);
    }

    private void Backward(int behind, Action<int, IReadOnlyDictionary<string, WeightGradient>> take)
    {
        using var gradients = torch.enable_grad();
        foreach (var layer in Layers.Where(layer => layer >= _lowest && layer < behind).Reverse())
        {
            using var scope = torch.NewDisposeScope();
            using var held = _model.Use(layer);
            using var sums = new LeafGradients(Wanted(layer, _model.Layers[layer].Leaves), _request.Statistics);
            for (var batch = 0; batch < _batches.Length; batch++)
            {
                BackwardBatch(layer, batch);
                sums.Take();
                Step();
            }

            if (_request.Layers.Contains(layer))
            {
                take(layer, sums.Finish(_samples.size(0), Tokens - 1));
            }

            foreach (var gradient in layer > _lowest ? _gradients : [])
            {
                gradient.MoveToOuterDisposeScope(); // the layer below starts from it
            }

            KeepBackward(layer);
        }

        if (TakesOuter)
        {
            BackwardOuter(take);
        }
    }

    private void BackwardOuter(Action<int, IReadOnlyDictionary<string, WeightGradient>> take)
    {
        using var scope = torch.NewDisposeScope();
        using var embedding = _model.UseEmbedding();
        using var head = _model.UseHead();
        using var sums = new LeafGradients(Wanted(StructuredPruner.WholeModel, _model.OuterLeaves), _request.Statistics);
        for (var batch = 0; batch < _batches.Length; batch++)
        {
            using var batchScope = torch.NewDisposeScope();
            HeadBackward(_outputs[batch], batch, (_, _, _) =>
            {
                if (!TakesSquares) // a square is of head and embedding together: one example is one part
                {
                    sums.Take();
                }
            });

            using var pass = _model.Begin(Ids(batch));
            var hidden = _model.Embed(Ids(batch), pass);
            if (hidden.requires_grad)
            {
                hidden.backward([_gradients[batch]]);
            }

            _outputs[batch].Dispose();
            _gradients[batch].Dispose();
            sums.Take();
            Step();
        }

        take(StructuredPruner.WholeModel, sums.Finish(_samples.size(0), Tokens - 1));
    }

    // Runs one layer again and replaces the gradient of its output by that of its input.
    private void BackwardBatch(int layer, int batch)
    {
        using (torch.NewDisposeScope())
        {
            using var pass = _model.Begin(Ids(batch));
            var x = _inputs[layer, batch].detach().requires_grad_(layer > _lowest);
            using var output = _model.RunLayer(layer, x, pass);
            output.backward([_gradients[batch]]);
            _gradients[batch].Dispose();
            if (layer > _lowest)
            {
                _gradients[batch] = x.grad!.MoveToOuterDisposeScope();
            }
        }

        _inputs[layer, batch].Dispose();
    }

    private List<WeightLeaf> Wanted(int layer, IReadOnlyList<WeightLeaf> leaves) => _request.Layers.Contains(layer)
        ? [.. leaves.Where(leaf => leaf.Parts.Any(part => _request.Weights(part.Name)))]
        : [];

    private void Step()
    {
        _done++;
        var left = _watch.Elapsed.TotalSeconds / (Cost(_done) - Cost(_doneBefore)) * (Cost(Steps) - Cost(_done));
        _progress?.Invoke(new ProgressUpdate("scoring", _done, Steps, SecondsLeft: left));
    }

    // A step of the backward pass takes about three of the forward pass: the layer is run again, and has two gradients.
    private double Cost(long steps)
    {
        var forward = Math.Min(steps, (long)_batches.Length * Layers.Count());
        return forward + (3 * (steps - forward));
    }

    // Token ids of a micro batch, [rows, tokens], for the caller's scope.
    private torch.Tensor Ids(int batch) => _samples.narrow(0, _batches[batch].Start, _batches[batch].Rows);
}
