using TorchSharp.Modules;

namespace SlimSpec;

/// <summary>
/// A decoder-only language model as generated code implements it. The weights live on the device and in the dtype the
/// model was made with; siblings share storage, so a model is not moved afterwards but made where it shall run.
/// </summary>
public abstract class CausalLM : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    /// <summary>Notes what the model is made of; derived constructors make and register the weights.</summary>
    protected CausalLM(string name, ModelShape shape, torch.ScalarType dtype, torch.Device device)
        : base(name)
    {
        Shape = shape;
        Dtype = dtype;
        Device = device;
    }

    /// <summary>The model's sizes.</summary>
    public ModelShape Shape { get; }

    /// <summary>The dtype of all weights.</summary>
    public torch.ScalarType Dtype { get; }

    /// <summary>The device of all weights.</summary>
    public torch.Device Device { get; }

    /// <summary>The decoder layers, first to last.</summary>
    public abstract IReadOnlyList<DecoderLayer> Layers { get; }

    /// <summary>Weights outside the layers (embedding, final norm, head unless tied), as autograd sees them.</summary>
    public abstract IReadOnlyList<WeightLeaf> OuterLeaves { get; }

    /// <summary>Every weight under its Hugging Face name, in checkpoint order: what is scored, sliced and adapted.</summary>
    public abstract IEnumerable<NamedWeight> Weights { get; }

    /// <summary>Every tensor of a checkpoint of the model, in the order of <see cref="Weights"/>: what is read and written.</summary>
    public IEnumerable<CheckpointTensor> Tensors
    {
        get
        {
            var holders = Leaves.SelectMany(leaf => leaf.Tensors).SelectMany(tensor => tensor.Parts, (tensor, part) => (part.Name, tensor)).ToDictionary();
            return Weights.Select(weight => holders[weight.Name]).Distinct();
        }
    }

    /// <summary>What checkpoints of the model look like; null where their names are the model's own.</summary>
    public virtual ArchitectureInfo? Architecture => null;

    /// <summary>Whether the head is the embedding, stored once (<c>tie_word_embeddings</c>).</summary>
    public abstract bool TiedHead { get; }

    /// <summary>Where the weights come from when they are needed; null: they are in memory.</summary>
    public WeightStream? Stream { get; internal set; }

    /// <summary>All leaves of the model: what an optimizer trains.</summary>
    public IEnumerable<WeightLeaf> Leaves => OuterLeaves.Concat(Layers.SelectMany(layer => layer.Leaves));

    /// <summary>What a pass over these tokens needs besides the weights: their positions and what follows from them. The caller disposes of it.</summary>
    /// <param name="inputIds">Token ids <c>[batch, tokens]</c>, int64.</param>
    /// <param name="cache">The cache that they go on from, if any.</param>
    public abstract SequencePass Begin(torch.Tensor inputIds, KeyValueCache? cache = null);

    /// <summary>What a pass over trees of tokens needs besides the weights. The caller disposes of it.</summary>
    /// <param name="inputIds">The trees' tokens <c>[1, tokens]</c>, int64, on the model's device.</param>
    /// <param name="trees">The trees.</param>
    public abstract SequencePass Begin(torch.Tensor inputIds, TokenTrees trees);

    /// <summary>Token ids <c>[batch, tokens]</c> (int64) to the first layer's input <c>[batch, tokens, hidden]</c>.</summary>
    /// <param name="inputIds">The token ids.</param>
    /// <param name="pass">The pass begun with them.</param>
    public abstract torch.Tensor Embed(torch.Tensor inputIds, SequencePass pass);

    /// <summary>An empty cache for this model.</summary>
    /// <param name="batch">Sequences decoded together.</param>
    /// <param name="capacity">Tokens to make room for at first.</param>
    public abstract KeyValueCache CreateCache(int batch = 1, long capacity = 256);

    /// <summary>Makes a layer with uninitialised weights, of this model's dtype and on its device, that is not one of <see cref="Layers"/>.</summary>
    /// <param name="shape">A shape of this recipe.</param>
    /// <param name="layer">The layer of it, from 0.</param>
    public abstract DecoderLayer CreateLayer(ModelShape shape, int layer);

    /// <summary>A decoder layer over whole sequences from position 0: <c>[batch, tokens, hidden]</c> to the same.</summary>
    /// <param name="layer">A layer of this recipe, also one that is not among <see cref="Layers"/>.</param>
    /// <param name="hidden">Its input.</param>
    /// <param name="pass">The pass begun with the sequences' token ids.</param>
    public abstract torch.Tensor Run(DecoderLayer layer, torch.Tensor hidden, SequencePass pass);

    /// <summary>One of <see cref="Layers"/> over whole sequences from position 0: <c>[batch, tokens, hidden]</c> to the same.</summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="hidden">Its input.</param>
    /// <param name="pass">The pass begun with the sequences' token ids.</param>
    public torch.Tensor RunLayer(int layer, torch.Tensor hidden, SequencePass pass) => Run(Layers[layer], hidden, pass);

    /// <summary>Runs a decoder layer as <see cref="Run"/> does, to the same bits, and shows an observer what its linears read.</summary>
    /// <param name="layer">A layer of this recipe.</param>
    /// <param name="hidden">Its input.</param>
    /// <param name="pass">The pass begun with the sequences' token ids.</param>
    /// <param name="observer">Is shown each distinct input of the layer's linears.</param>
    /// <exception cref="NotSupportedException">Nothing in the recipe needs it: no cut scores by activations or makes up for what it cuts.</exception>
    public virtual torch.Tensor Observe(DecoderLayer layer, torch.Tensor hidden, SequencePass pass, ActivationObserver observer) =>
        throw new NotSupportedException($"{GetType()} was generated without observation: no cut of its recipe scores by activations (wanda, flap, activation) or compensates.");

    /// <summary>Final norm and language-model head: <c>[batch, tokens, hidden]</c> to logits <c>[batch, tokens, vocab]</c>.</summary>
    public abstract torch.Tensor Head(torch.Tensor hidden);

    /// <summary>Logits <c>[batch, tokens, vocab]</c> of whole sequences from position 0.</summary>
    /// <param name="inputIds">Token ids <c>[batch, tokens]</c>, int64, on the model's device.</param>
    public abstract override torch.Tensor forward(torch.Tensor inputIds);

    /// <summary>
    /// Feeds the next tokens of each sequence through the cache, which grows by them, and gives the logits of the last
    /// position <c>[batch, vocab]</c>.
    /// </summary>
    /// <param name="inputIds">Token ids <c>[batch, tokens]</c>, int64, on the model's device.</param>
    /// <param name="cache">A cache made for this model.</param>
    public abstract torch.Tensor Prefill(torch.Tensor inputIds, KeyValueCache cache);

    /// <summary>
    /// One token of one sequence through the cache: logits <c>[vocab]</c>. Adapters are merged before decoding.
    /// </summary>
    /// <param name="inputId">One token id, shape <c>[1]</c>, int64, on the model's device.</param>
    /// <param name="cache">A cache made for this model with batch 1.</param>
    public abstract torch.Tensor Decode(torch.Tensor inputId, KeyValueCache cache);

    /// <summary>What a pass over tokens needs that have entered the model before and now go on. The caller disposes of it.</summary>
    /// <param name="start">Position of the first.</param>
    /// <param name="tokens">How many there are.</param>
    /// <param name="cache">The cache that holds the tokens before them.</param>
    public abstract SequencePass Resume(long start, long tokens, KeyValueCache cache);

    /// <summary>
    /// A layer over the next few tokens of one sequence, <c>[tokens, hidden]</c> to the same; in float32 on the CPU each row is what it would be alone,
    /// to the bit. Adapters are merged before.
    /// </summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="rows">Its input.</param>
    /// <param name="pass">The tokens' pass.</param>
    /// <param name="cache">A cache made for this model with batch 1; the layer has stored all tokens before the pass's first.</param>
    public abstract torch.Tensor DecodeLayer(int layer, torch.Tensor rows, SequencePass pass, KeyValueCache cache);

    /// <summary>Final norm and head over a few rows: <c>[tokens, hidden]</c> to logits <c>[tokens, vocab]</c>, each row as it would be alone.</summary>
    public abstract torch.Tensor HeadRows(torch.Tensor rows);

    /// <summary>The head without its last linear: <c>[batch, tokens, hidden]</c> to what that linear reads, <c>[batch, tokens, width]</c>. A classifier reads it too.</summary>
    /// <exception cref="NotSupportedException">No recovery step of the recipe trains a classifier.</exception>
    public virtual torch.Tensor HeadFeatures(torch.Tensor hidden) =>
        throw new NotSupportedException($"{GetType()} was generated without features: no recovery step of its recipe has the objective p_cls or cls.");

    /// <summary>The head without its last linear, and without the final norm where the recipe's exits say so: <c>[tokens, hidden]</c> to what that linear reads.</summary>
    /// <exception cref="NotSupportedException">The recipe has no exits.</exception>
    public virtual torch.Tensor HeadInput(torch.Tensor rows) => throw WithoutExits();

    /// <summary>The head's last linear: its weight <c>[vocab, width]</c> and its bias <c>[vocab]</c>, if any.</summary>
    /// <exception cref="NotSupportedException">The recipe has no exits.</exception>
    public virtual (torch.Tensor Weight, torch.Tensor? Bias) HeadWeight => throw WithoutExits();

    /// <summary>Stores keys and values of a layer that is not run, made from what would be its input.</summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="rows">The tokens' hidden states, <c>[tokens, hidden]</c>.</param>
    /// <param name="pass">The tokens' pass.</param>
    /// <param name="cache">The cache.</param>
    /// <exception cref="NotSupportedException">The recipe's exits do not propagate.</exception>
    public virtual void Propagate(int layer, torch.Tensor rows, SequencePass pass, KeyValueCache cache) => throw WithoutExits();

    /// <summary>
    /// Keeps the weights of a layer in memory while the lease lasts; leases of one layer may overlap. Whoever goes through the layers
    /// one after the other takes one for each, so that a model need not be in memory whole.
    /// </summary>
    /// <param name="layer">The layer, from 0.</param>
    public WeightLease Use(int layer) => Stream?.Use(this, layer, Layers[layer].Leaves) ?? default;

    /// <summary>Keeps the weights that <see cref="Embed"/> needs in memory while the lease lasts.</summary>
    public WeightLease UseEmbedding() => Stream?.Use(this, WeightStream.Outer, OuterOf(embedding: true)) ?? default;

    /// <summary>Keeps the weights that <see cref="Head"/> needs in memory while the lease lasts.</summary>
    public WeightLease UseHead() => Stream?.Use(this, WeightStream.Outer, OuterOf(embedding: false)) ?? default;

    /// <summary>Lets gradients flow into all weights, or stops them.</summary>
    public void RequireGradients(bool on)
    {
        foreach (var leaf in Leaves)
        {
            leaf.Leaf.requires_grad = on;
        }
    }

    // Weights of the embedding come before those of the layers, those of the head behind them; a tied head has some of the embedding's.
    private WeightLeaf[] OuterOf(bool embedding)
    {
        var layered = Layers.SelectMany(layer => layer.Weights).Select(weight => weight.Name).ToHashSet(StringComparer.Ordinal);
        var before = Weights.TakeWhile(weight => !layered.Contains(weight.Name)).Select(weight => weight.Name).ToHashSet(StringComparer.Ordinal);
        return [.. OuterLeaves.Where(leaf => embedding ? IsBefore(leaf) : TiedHead || !IsBefore(leaf))];
        bool IsBefore(WeightLeaf leaf) => before.Contains(leaf.Parts[0].Name);
    }

    /// <summary>Gives <paramref name="next"/> and frees <paramref name="previous"/>: one layer's input is not needed behind it.</summary>
    protected static torch.Tensor Replace(torch.Tensor previous, torch.Tensor next)
    {
        previous.Dispose();
        return next;
    }

    // The weights are not registered with the native module: it would keep a layer alive that surgery has freed.

    /// <inheritdoc/>
    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
        Weights.Select(weight => (weight.Name, weight.Value));

    /// <inheritdoc/>
    public override IEnumerable<Parameter> parameters(bool recurse = true) => Weights.Select(weight => weight.Value);

    /// <inheritdoc/>
    public override Parameter? get_parameter(string target) => Weights.FirstOrDefault(weight => weight.Name == target)?.Value;

    /// <inheritdoc/>
    public override bool has_parameter(string target) => Weights.Any(weight => weight.Name == target);

    /// <inheritdoc/>
    protected override torch.nn.Module _to(torch.Device device, torch.ScalarType dtype, bool non_blocking) => throw Immovable();

    /// <inheritdoc/>
    protected override torch.nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) => throw Immovable();

    /// <inheritdoc/>
    protected override torch.nn.Module _to(torch.ScalarType dtype, bool non_blocking) => throw Immovable();

    /// <summary>Frees every weight.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var layer in Layers)
            {
                layer.Dispose();
            }

            foreach (var leaf in OuterLeaves)
            {
                leaf.Dispose();
            }

            Stream?.Dispose();
        }

        base.Dispose(disposing);
    }

    private NotSupportedException WithoutExits() => new($"{GetType()} was generated without this: the exits of its recipe, if it has any, do not need it.");

    // .to() would replace the named parameters and leave the shared storage behind, silently.
    private static InvalidOperationException Immovable() =>
        new("A generated model is not moved: make it on the device and in the dtype it shall run in.");
}
