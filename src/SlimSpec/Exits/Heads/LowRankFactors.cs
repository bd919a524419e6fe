namespace SlimSpec;

/// <summary>
/// A head of low rank, good for finding the likeliest tokens: logits ~ offset + up (down x). Of all heads of its rank it is nearest, over the
/// states it was fitted to, to the head it stands for. Every tensor is float32 on the CPU until <see cref="To"/>.
/// </summary>
/// <param name="Down"><c>[rank, width]</c>.</param>
/// <param name="Up"><c>[vocab, rank]</c>, columns from the most to the least telling.</param>
/// <param name="Offset"><c>[vocab]</c>, up to a number that is the same for all tokens.</param>
public sealed record LowRankFactors(torch.Tensor Down, torch.Tensor Up, torch.Tensor Offset) : IDisposable
{
    private const string DownName = "exits.head.down";
    private const string UpName = "exits.head.up";
    private const string OffsetName = "exits.head.offset";

    /// <summary>The rank.</summary>
    public int Rank => (int)Down.size(0);

    /// <summary>Approximate logits: <c>[1, width]</c> to <c>[vocab]</c>.</summary>
    internal torch.Tensor Logits(torch.Tensor input) => Kernels.linear(Kernels.linear(input, Down), Up, Offset).select(0, 0);

    /// <summary>Copies for a model: the leading ranks, in its dtype and on its device.</summary>
    internal LowRankFactors To(torch.ScalarType dtype, torch.Device device, int rank)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor Copy(torch.Tensor x) => x.to(dtype).to(device).clone().DetachFromDisposeScope();
        return new(Copy(Down.narrow(0, 0, rank)), Copy(Up.narrow(1, 0, rank).contiguous()), Copy(Offset));
    }

    /// <summary>Writes them as safetensors, atomically.</summary>
    /// <exception cref="SlimException">The file cannot be written.</exception>
    public void Write(string path) => SafetensorsWriter.Write(path, [(DownName, Down), (UpName, Up), (OffsetName, Offset)], torch.ScalarType.Float32);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SlimException">It cannot be read, or its tensors do not fit together.</exception>
    public static LowRankFactors Read(string path)
    {
        using var file = SafetensorsFile.Open(path);
        var (down, up, offset) = (file.Info(DownName), file.Info(UpName), file.Info(OffsetName));
        if (down.Shape.Count != 2 || up.Shape.Count != 2 || offset.Shape.Count != 1 || down.Shape[0] != up.Shape[1] || up.Shape[0] != offset.Shape[0])
        {
            static string Text(SafetensorsInfo info) => $"[{string.Join(", ", info.Shape)}]";
            throw new SlimException($"{path}: {DownName} {Text(down)}, {UpName} {Text(up)} and {OffsetName} {Text(offset)} do not fit together; expected [rank, width], [vocab, rank] and [vocab]");
        }

        return new(file.Load(DownName, torch.ScalarType.Float32), file.Load(UpName, torch.ScalarType.Float32), file.Load(OffsetName, torch.ScalarType.Float32));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Down.Dispose();
        Up.Dispose();
        Offset.Dispose();
    }
}
