using TorchSharp.Modules;

namespace SlimSpec;

/// <summary>A linear that a LoRA adapter may be attached to. The generated forward adds the adapter's output where one is attached.</summary>
/// <param name="name">Last part of the weight's name, for example <c>q_proj</c>.</param>
/// <param name="weight">The linear's weight, <c>[out, in]</c>.</param>
public sealed class LoraTarget(string name, NamedWeight weight)
{
    /// <summary>Makes a place for an adapter of several weights that a checkpoint stores as one.</summary>
    /// <param name="name">Last part of the tensor's name, for example <c>c_attn</c>.</param>
    /// <param name="tensor">The tensor.</param>
    public LoraTarget(string name, CheckpointTensor tensor)
        : this(name, tensor.Weight)
    {
    }

    /// <summary>Last part of the weight's name, for example <c>q_proj</c>: what <c>lora_target_modules</c> lists.</summary>
    public string Name { get; } = name;

    /// <summary>The linear's weight, <c>[out, in]</c>.</summary>
    public NamedWeight Weight { get; } = weight;

    /// <summary>The adapter in use, if any.</summary>
    public LoraAdapter? Adapter { get; set; }

    /// <summary>The linear's output with the adapter's added: <paramref name="output"/> itself where there is none.</summary>
    /// <param name="output">What the frozen weight made of <paramref name="input"/>, <c>[batch, tokens, out]</c>.</param>
    /// <param name="input">The linear's input, <c>[batch, tokens, in]</c>.</param>
    public torch.Tensor Apply(torch.Tensor output, torch.Tensor input) => Adapter is { } adapter ? output + adapter.Forward(input) : output;
}

/// <summary>
/// A low-rank update of one linear: <c>scale * B(A(dropout(x)))</c> (Hu et al. 2021, section 4.1). Its matrices may be of
/// a wider dtype than the linear's weight: in 16 bits an optimizer's small steps would be rounded away.
/// </summary>
/// <param name="a">Down projection <c>[rank, in]</c>.</param>
/// <param name="b">Up projection <c>[out, rank]</c>.</param>
/// <param name="scale"><c>lora_alpha / lora_r</c>.</param>
/// <param name="dropout">Probability of dropping an input element while training.</param>
public sealed class LoraAdapter(Parameter a, Parameter b, double scale, double dropout) : IDisposable
{
    /// <summary>Down projection <c>[rank, in]</c>.</summary>
    public Parameter A { get; } = a;

    /// <summary>Up projection <c>[out, rank]</c>.</summary>
    public Parameter B { get; } = b;

    /// <summary><c>lora_alpha / lora_r</c>.</summary>
    public double Scale { get; } = scale;

    /// <summary>Whether dropout is active.</summary>
    public bool Training { get; set; }

    /// <summary>The adapter's addition to the linear's output, <c>[batch, tokens, out]</c>.</summary>
    public torch.Tensor Forward(torch.Tensor input)
    {
        var wide = input.to(A.dtype);
        var x = Training && dropout > 0 ? torch.nn.functional.dropout(wide, dropout, training: true) : wide;
        return torch.nn.functional.linear(torch.nn.functional.linear(x, A), B).mul_(Scale).to(input.dtype);
    }

    /// <summary>The update as a full matrix <c>[out, in]</c>, to be added to the weight.</summary>
    public torch.Tensor Delta() => B.mm(A).mul_(Scale);

    /// <inheritdoc/>
    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
    }
}
