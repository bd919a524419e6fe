namespace SlimSpec;

/// <summary>
/// Keys and values of the tokens seen so far, per layer <c>[batch, kv_heads, capacity, head_dim]</c>, on the model's
/// device and in its dtype. Grows by doubling.
/// </summary>
public sealed class KeyValueCache : IDisposable
{
    private readonly (int Heads, int HeadDim)[] _sizes;
    private readonly torch.Tensor?[] _keys;
    private readonly torch.Tensor?[] _values;
    private readonly torch.ScalarType _dtype;
    private readonly torch.Device _device;
    private long _capacity;
    private PrefixLayout? _prefix;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="sizes">KV heads and head dimension of each layer.</param>
    /// <param name="dtype">The model's dtype.</param>
    /// <param name="device">The model's device.</param>
    /// <param name="batch">Sequences decoded together.</param>
    /// <param name="capacity">Tokens to make room for at first.</param>
    public KeyValueCache(IReadOnlyList<(int Heads, int HeadDim)> sizes, torch.ScalarType dtype, torch.Device device, int batch = 1, long capacity = 256)
    {
        _sizes = [.. sizes];
        _keys = new torch.Tensor?[_sizes.Length];
        _values = new torch.Tensor?[_sizes.Length];
        _dtype = dtype;
        _device = device;
        Batch = batch;
        _capacity = Math.Max(1, capacity);
    }

    /// <summary>Sequences decoded together.</summary>
    public int Batch { get; }

    /// <summary>Tokens that have entered the model. A layer may hold fewer while some wait before it (<see cref="ExitStack"/>).</summary>
    public long Length { get; private set; }

    /// <summary>
    /// The prefixes of the sequences, as <see cref="SequencePass.FindPrefix"/> found them in the tokens that came first; null: not looked for.
    /// Owned by the cache, and found anew once it is empty again.
    /// </summary>
    public PrefixLayout? Prefix
    {
        get => _prefix;
        internal set
        {
            _prefix?.Dispose();
            _prefix = value;
        }
    }

    /// <summary>
    /// Stores new tokens' keys and values <c>[batch, kv_heads, tokens, head_dim]</c> of one layer, and gives all of the layer so far, the new
    /// ones included, as views.
    /// </summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="start">Position of the first of the tokens; the layer has stored those before. Layers may lag behind each other.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="values">The values.</param>
    public (torch.Tensor Keys, torch.Tensor Values) Append(int layer, long start, torch.Tensor keys, torch.Tensor values)
    {
        var end = start + keys.size(2);
        while (_capacity < end)
        {
            _capacity *= 2;
        }

        return (Store(ref _keys[layer], layer, start, keys), Store(ref _values[layer], layer, start, values));
    }

    /// <summary>Counts <paramref name="tokens"/> tokens as held, once every layer has stored them.</summary>
    public void Advance(long tokens) => Length += tokens;

    /// <summary>
    /// Forgets the tokens behind the first <paramref name="length"/>. Cutting into a <see cref="Prefix"/> is no use: what stays has seen what goes.
    /// </summary>
    public void Truncate(long length) => Length = Math.Min(Length, length);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values))
        {
            tensor?.Dispose();
        }

        _prefix?.Dispose();
    }

    private torch.Tensor Store(ref torch.Tensor? store, int layer, long start, torch.Tensor fresh)
    {
        var end = start + fresh.size(2);
        if (store is null || store.size(2) < end)
        {
            var (heads, headDim) = _sizes[layer];
            var grown = torch.empty([Batch, heads, _capacity, headDim], dtype: _dtype, device: _device).DetachFromDisposeScope();
            if (store is not null)
            {
                grown.narrow(2, 0, start).copy_(store.narrow(2, 0, start));
                store.Dispose();
            }

            store = grown;
        }

        store.narrow(2, start, fresh.size(2)).copy_(fresh);
        return store.narrow(2, 0, end);
    }
}
