using System.Runtime.InteropServices;

namespace SlimSpec;

/// <summary>The logits that a head gave last. They stay where they are until somebody asks for them on the host.</summary>
internal sealed class HeldLogits : IDisposable
{
    private torch.Tensor? _logits;
    private torch.Tensor? _onHost;

    /// <summary>The logits on the host in float32; none before the first.</summary>
    public ReadOnlySpan<float> Span
    {
        get
        {
            if (_logits is null)
            {
                return [];
            }

            return MemoryMarshal.Cast<byte, float>((_onHost ??= OnHost(_logits)).bytes);
        }
    }

    /// <summary>Takes <paramref name="logits"/>, <c>[places]</c>, over from their scope.</summary>
    public void Hold(torch.Tensor logits)
    {
        Dispose();
        _logits = logits.DetachFromDisposeScope();
    }

    /// <summary>Reads them: in place where they are on the host, otherwise by the device.</summary>
    /// <param name="ids">The token of each place on the host, ascending; empty: place is token.</param>
    /// <param name="deviceIds">The same on the device, int64; null: place is token.</param>
    public LogitReading Read(ReadOnlySpan<int> ids = default, torch.Tensor? deviceIds = null) =>
        IsOnHost(_logits!) ? LogitReader.Read(Span, ids) : LogitReader.Read(_logits!, deviceIds);

    /// <summary>Whether a tensor is best read on the host: what is there in float64 keeps its precision.</summary>
    public static bool IsOnHost(torch.Tensor x) => x.device_type == DeviceType.CPU && x.dtype != torch.ScalarType.Float64;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!ReferenceEquals(_onHost, _logits))
        {
            _onHost?.Dispose();
        }

        _logits?.Dispose();
        (_logits, _onHost) = (null, null);
    }

    private static torch.Tensor OnHost(torch.Tensor x)
    {
        if (FewRows.Fits(x))
        {
            return x;
        }

        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return x.detach().to(torch.ScalarType.Float32).cpu().contiguous().DetachFromDisposeScope();
    }
}
