namespace SlimSpec;

/// <summary>Is shown what a layer's linears read while the layer runs (<see cref="CausalLM.Observe"/>).</summary>
public abstract class ActivationObserver
{
    /// <summary>Called once for each distinct input of linears in the layer, in the order of the forward pass.</summary>
    /// <param name="input">The input, <c>[batch, tokens, in]</c>; the layer goes on with it, so it is to be read only and not to be kept.</param>
    /// <param name="readers">The weights of all linears that read it.</param>
    public abstract void Input(torch.Tensor input, params ReadOnlySpan<NamedWeight> readers);
}
