namespace SlimSpec;

/// <summary>
/// Collects the gradients of some leaves over several backward passes. Where only the mean is wanted and the weights are
/// wide enough, autograd's own accumulation does it in place; otherwise each pass's gradients are taken away and added up
/// in float32, squared where asked.
/// </summary>
internal sealed class LeafGradients : IDisposable
{
    private readonly List<WeightLeaf> _leaves;
    private readonly GradientStatistics _statistics;
    private readonly torch.Tensor?[] _sums;
    private readonly torch.Tensor?[] _squares;
    private readonly bool _inPlace;

    /// <summary>Lets gradients flow into the leaves, until disposed.</summary>
    public LeafGradients(List<WeightLeaf> leaves, GradientStatistics statistics)
    {
        _leaves = leaves;
        _statistics = statistics;
        _sums = new torch.Tensor?[leaves.Count];
        _squares = new torch.Tensor?[leaves.Count];
        _inPlace = statistics == GradientStatistics.Mean && leaves.TrueForAll(leaf => leaf.Leaf.dtype == ElementScores.SumType(leaf.Leaf.dtype));
        foreach (var leaf in leaves)
        {
            leaf.Leaf.grad = null;
            leaf.Leaf.requires_grad = true;
        }
    }

    /// <summary>Takes what the last backward pass left.</summary>
    public void Take()
    {
        if (_inPlace)
        {
            return;
        }

        using var noGradients = torch.no_grad();
        for (var i = 0; i < _leaves.Count; i++)
        {
            if (TakeGradient(i) is { } gradient)
            {
                AddSquare(ref _squares[i], gradient);
                AddSum(ref _sums[i], gradient);
            }
        }
    }

    /// <summary>The statistics by weight name.</summary>
    /// <param name="examples">Number of examples.</param>
    /// <param name="predictions">Predictions an example; gradients were those of the sum of their losses.</param>
    public IReadOnlyDictionary<string, WeightGradient> Finish(long examples, long predictions)
    {
        using var noGradients = torch.no_grad();
        var byName = new Dictionary<string, WeightGradient>(StringComparer.Ordinal);
        for (var i = 0; i < _leaves.Count; i++)
        {
            var mean = (_inPlace ? TakeGradient(i) : _sums[i])?.mul_(1.0 / ((double)examples * predictions));
            var square = _squares[i]?.mul_(1.0 / ((double)examples * predictions * predictions));
            var means = mean is null ? null : _leaves[i].Split(mean).Select(part => part.Slice).ToArray();
            var squares = square is null ? null : _leaves[i].Split(square).Select(part => part.Slice).ToArray();
            for (var part = 0; part < _leaves[i].Parts.Count; part++)
            {
                byName[_leaves[i].Parts[part].Name] = new(means?[part], squares?[part]);
            }
        }

        return byName;
    }

    /// <summary>Stops the gradients of the leaves and frees the statistics.</summary>
    public void Dispose()
    {
        foreach (var leaf in _leaves)
        {
            leaf.Leaf.grad = null;
            leaf.Leaf.requires_grad = false;
        }

        foreach (var sum in _sums.Concat(_squares))
        {
            sum?.Dispose();
        }
    }

    // Null: the pass did not reach the leaf, as the head's does not reach the embedding.
    private torch.Tensor? TakeGradient(int leaf)
    {
        var parameter = _leaves[leaf].Leaf;
        using var gradient = parameter.grad;
        parameter.grad = null;
        return gradient?.to(ElementScores.SumType(parameter.dtype));
    }

    private void AddSquare(ref torch.Tensor? squares, torch.Tensor gradient)
    {
        if (!_statistics.HasFlag(GradientStatistics.MeanSquare))
        {
            return;
        }

        if (squares is null)
        {
            squares = gradient.square().DetachFromDisposeScope();
        }
        else
        {
            squares.addcmul_(gradient, gradient, 1);
        }
    }

    // Takes the gradient over.
    private void AddSum(ref torch.Tensor? sums, torch.Tensor gradient)
    {
        if (_statistics.HasFlag(GradientStatistics.Mean) && sums is null)
        {
            sums = gradient.DetachFromDisposeScope();
            return;
        }

        sums?.add_(gradient);
        gradient.Dispose();
    }
}
