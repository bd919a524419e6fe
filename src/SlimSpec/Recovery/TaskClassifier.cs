namespace SlimSpec;

/// <summary>A model with how it answers a classification: by the label word it would go on with, or by a classifier at its last token.</summary>
public sealed class TaskClassifier
{
    private readonly CausalLM _model;
    private readonly Readout _readout;

    /// <summary>A model that is prompted (<c>prompt_lm</c>).</summary>
    /// <param name="model">The model.</param>
    /// <param name="labelTokens">The first token of each class's label word.</param>
    public TaskClassifier(CausalLM model, IReadOnlyList<int> labelTokens) => (_model, _readout) = (model, Readout.Labels(labelTokens));

    /// <summary>A model with a classifier (<c>p_cls</c>, <c>cls</c>).</summary>
    /// <param name="model">The model.</param>
    /// <param name="head">The classifier that was trained with it.</param>
    public TaskClassifier(CausalLM model, ClassificationHead head) => (_model, _readout) = (model, Readout.Classes(head));

    /// <summary>The device that the model runs on, where token ids belong.</summary>
    public torch.Device Device => _model.Device;

    /// <summary>Logits of the classes, <c>[batch, classes]</c>. Only the last position goes through the head.</summary>
    /// <param name="inputIds">Token ids <c>[batch, tokens]</c>, int64, padded on the right.</param>
    /// <param name="last">Index of each row's last real token, <c>[batch]</c>, int64.</param>
    public torch.Tensor Logits(torch.Tensor inputIds, torch.Tensor last)
    {
        using var scope = torch.NewDisposeScope();
        var hidden = LayerSteps.Hidden(_model, inputIds);
        var (batch, tokens) = (inputIds.size(0), inputIds.size(1));
        var places = (torch.arange(batch, dtype: torch.ScalarType.Int64, device: inputIds.device) * tokens) + last;
        return _readout.Logits(_model, hidden.view(batch * tokens, -1).index_select(0, places)).MoveToOuterDisposeScope();
    }
}
