// A hand-written model of the kind the generator emits, for the shape of goldens/llama-mha. It goes once the generator works.
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SlimSpec.Tests.SampleModel;

public sealed partial class Sample : Recipe
{
    public override string Name => "Sample";

    public override string SpecFile => "sample.slim.yaml";

    public override string Hash => new('0', 64);

    public override RecipeSettings Settings { get; } = new()
    {
        Calibration = new() { Dataset = new("none.txt"), NumSamples = 10, MaxSeqLength = 64, Seed = 0 },
        Prune = [new() { Targets = ["mlp", "attention"], Sparsity = 0.25, Layers = [0, 1, 2, 3] }],
        Recover = [new() { Dataset = new("none.txt"), LoraTargetModules = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"], LoraDropout = 0 }],
    };

    public override ModelShape Dense => Shape.Dense;

    public override ModelShape? Pruned => null;

    public override StructuredPruner Pruner { get; } = new WidthPruner();

    public override ArchitectureInfo Architecture { get; } = new(
        "llama",
        "LlamaForCausalLM",
        ["llama"],
        new Dictionary<string, string> { ["vocab"] = "vocab_size", ["hidden"] = "hidden_size", ["layers"] = "num_hidden_layers", ["heads"] = "num_attention_heads", ["kv_heads"] = "num_key_value_heads", ["head_dim"] = "head_dim", ["ffn"] = "intermediate_size", ["positions"] = "max_position_embeddings" },
        new Dictionary<string, object> { ["rms_norm_eps"] = 1e-5, ["rope_theta"] = 10000.0, ["tie_word_embeddings"] = false });

    public override CausalLM CreateModel(ModelShape shape, ScalarType dtype, Device device) => new Model((Shape)shape, dtype, device);

    /// <summary>Sizes of one decoder layer.</summary>
    public readonly record struct LayerShape(int Heads, int KvHeads, int Ffn)
    {
        public long Parameters =>
            Shape.Hidden                                            // input_layernorm
            + (long)Heads * Shape.HeadDim * Shape.Hidden            // q_proj
            + 2L * KvHeads * Shape.HeadDim * Shape.Hidden           // k_proj, v_proj
            + (long)Heads * Shape.HeadDim * Shape.Hidden            // o_proj
            + Shape.Hidden                                          // post_attention_layernorm
            + 3L * Ffn * Shape.Hidden;                              // gate_proj, up_proj, down_proj

        public long MultiplyAccumulates(long tokens) =>
            2 * tokens * Shape.Hidden
            + tokens * Shape.Hidden * (2L * Heads + 2L * KvHeads) * Shape.HeadDim
            + 2 * tokens * (Heads + KvHeads) * Shape.HeadDim
            + Heads * (2 * tokens * tokens * Shape.HeadDim + tokens * tokens)
            + 2 * tokens * Shape.Hidden
            + 3 * tokens * Shape.Hidden * Ffn
            + tokens * Ffn;
    }

    public sealed record Shape(IReadOnlyList<LayerShape> Layers) : ModelShape
    {
        public const int Vocab = 256;
        public const int Hidden = 64;
        public const int HeadDim = 16;
        public const int Positions = 128;

        public static Shape Dense { get; } = new([.. Enumerable.Repeat(new LayerShape(4, 4, 172), 4)]);

        public override int LayerCount => Layers.Count;

        public override int HiddenSize => Hidden;

        public override int VocabularySize => Vocab;

        public override int MaxPositions => Positions;

        public override IReadOnlyDictionary<string, int> SharedDimensions { get; } = new Dictionary<string, int> { ["vocab"] = Vocab, ["hidden"] = Hidden, ["head_dim"] = HeadDim, ["positions"] = Positions };

        public override IReadOnlyList<string> LayerDimensions { get; } = ["heads", "kv_heads", "ffn"];

        public override long Parameters => 2L * Vocab * Hidden + Layers.Sum(layer => layer.Parameters) + Hidden;

        public override long CacheElementsPerToken => Layers.Sum(layer => 2L * layer.KvHeads * HeadDim);

        public override LayerCost Cost(int layer, int tokens) =>
            new(Layers[layer].Parameters, Layers[layer].MultiplyAccumulates(tokens), 2L * Layers[layer].KvHeads * HeadDim);

        public override int this[string name, int layer] => name switch
        {
            "heads" => Layers[layer].Heads,
            "kv_heads" => Layers[layer].KvHeads,
            "ffn" => Layers[layer].Ffn,
            _ => throw new ArgumentException($"A layer has no dimension '{name}'.", nameof(name)),
        };

        public override ModelShape With(string name, int layer, int size)
        {
            var layers = Layers.ToArray();
            layers[layer] = name switch
            {
                "heads" => layers[layer] with { Heads = size },
                "kv_heads" => layers[layer] with { KvHeads = size },
                "ffn" => layers[layer] with { Ffn = size },
                _ => throw new ArgumentException($"A layer has no dimension '{name}'.", nameof(name)),
            };
            return new Shape(layers);
        }

        public override long MultiplyAccumulates(int tokens) =>
            Layers.Sum(layer => layer.MultiplyAccumulates(tokens)) + 2L * tokens * Hidden + (long)tokens * Hidden * Vocab;

        public bool Equals(Shape? other) => other is not null && Layers.SequenceEqual(other.Layers);

        public override int GetHashCode() => Layers.Aggregate(LayerCount, HashCode.Combine);
    }

    public sealed class Model : CausalLM
    {
        private readonly RotaryTable _rotary;
        private readonly WeightLeaf _embedTokens;
        private readonly WeightLeaf _norm;
        private readonly WeightLeaf _lmHead;

        public Model(Shape shape, ScalarType dtype, Device device)
            : this(
                shape,
                dtype,
                device,
                WeightLeaf.Matrix(Sample.Shape.Hidden, dtype, device, ("model.embed_tokens.weight", Sample.Shape.Vocab)),
                [.. shape.Layers.Select((layer, index) => new Block(index, layer, dtype, device))],
                WeightLeaf.Vector("model.norm.weight", Sample.Shape.Hidden, dtype, device),
                WeightLeaf.Matrix(Sample.Shape.Hidden, dtype, device, ("lm_head.weight", Sample.Shape.Vocab)))
        {
        }

        internal Model(Shape shape, ScalarType dtype, Device device, WeightLeaf embedTokens, IReadOnlyList<Block> blocks, WeightLeaf norm, WeightLeaf lmHead)
            : base("Sample", shape, dtype, device)
        {
            (_embedTokens, Blocks, _norm, _lmHead) = (embedTokens, blocks, norm, lmHead);
            _rotary = new(Sample.Shape.HeadDim, 10000.0, dtype, device);
        }

        public IReadOnlyList<Block> Blocks { get; }

        public NamedWeight EmbedTokens => _embedTokens.Parts[0];

        public NamedWeight Norm => _norm.Parts[0];

        public NamedWeight LmHead => _lmHead.Parts[0];

        public override IReadOnlyList<DecoderLayer> Layers => Blocks;

        public override IReadOnlyList<WeightLeaf> OuterLeaves => [_embedTokens, _norm, _lmHead];

        public override IEnumerable<NamedWeight> Weights => [EmbedTokens, .. Blocks.SelectMany(block => block.Weights), Norm, LmHead];

        public override bool TiedHead => false;

        public override KeyValueCache CreateCache(int batch = 1, long capacity = 256) =>
            new([.. Blocks.Select(block => (block.Shape.KvHeads, Sample.Shape.HeadDim))], Dtype, Device, batch, capacity);

        public override Tensor Embed(Tensor inputIds) => Kernels.embedding(inputIds, _embedTokens.Leaf);

        public override Tensor RunLayer(int layer, Tensor hidden)
        {
            using var scope = NewDisposeScope();
            var (cos, sin) = _rotary.Rows(0, hidden.size(1));
            return Blocks[layer].Forward(hidden, cos, sin).MoveToOuterDisposeScope();
        }

        public override Tensor Head(Tensor hidden)
        {
            using var scope = NewDisposeScope();
            var norm = Kernels.rms_norm(hidden, _norm.Leaf, 1e-5);
            return functional.linear(norm, _lmHead.Leaf).MoveToOuterDisposeScope();
        }

        public override Tensor forward(Tensor inputIds)
        {
            using var scope = NewDisposeScope();
            var (cos, sin) = _rotary.Rows(0, inputIds.size(1));
            var x = Embed(inputIds);
            foreach (var block in Blocks)
            {
                x = Replace(x, block.Forward(x, cos, sin));
            }

            return Head(x).MoveToOuterDisposeScope();
        }

        public override Tensor Prefill(Tensor inputIds, KeyValueCache cache)
        {
            using var scope = NewDisposeScope();
            var tokens = inputIds.size(1);
            var (cos, sin) = _rotary.Rows(cache.Length, tokens);
            var x = Embed(inputIds);
            foreach (var block in Blocks)
            {
                x = Replace(x, block.Forward(x, cos, sin, cache));
            }

            cache.Advance(tokens);
            return Head(x.narrow(1, tokens - 1, 1)).squeeze(1).MoveToOuterDisposeScope();
        }

        public override Tensor Decode(Tensor inputId, KeyValueCache cache)
        {
            using var scope = NewDisposeScope();
            var (cos, sin) = _rotary.Rows(cache.Length, 1);
            var x = Embed(inputId).squeeze(0);
            foreach (var block in Blocks)
            {
                x = Replace(x, block.Decode(x, cos, sin, cache));
            }

            cache.Advance(1);
            var norm = Kernels.rms_norm(x, _norm.Leaf, 1e-5);
            return _lmHead.Leaf.mv(norm).MoveToOuterDisposeScope();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _rotary.Dispose();
            }

            base.Dispose(disposing);
        }
    }

    public sealed class Block : DecoderLayer
    {
        private readonly WeightLeaf _inputLayernorm;
        private readonly WeightLeaf _qkv;
        private readonly WeightLeaf _o;
        private readonly WeightLeaf _postAttentionLayernorm;
        private readonly WeightLeaf _gateUp;
        private readonly WeightLeaf _down;

        public Block(int index, LayerShape shape, ScalarType dtype, Device device)
        {
            (Index, Shape) = (index, shape);
            var prefix = $"model.layers.{index}";
            _inputLayernorm = WeightLeaf.Vector($"{prefix}.input_layernorm.weight", Sample.Shape.Hidden, dtype, device);
            _qkv = WeightLeaf.Matrix(
                Sample.Shape.Hidden,
                dtype,
                device,
                ($"{prefix}.self_attn.q_proj.weight", shape.Heads * Sample.Shape.HeadDim),
                ($"{prefix}.self_attn.k_proj.weight", shape.KvHeads * Sample.Shape.HeadDim),
                ($"{prefix}.self_attn.v_proj.weight", shape.KvHeads * Sample.Shape.HeadDim));
            _o = WeightLeaf.Matrix(shape.Heads * Sample.Shape.HeadDim, dtype, device, ($"{prefix}.self_attn.o_proj.weight", Sample.Shape.Hidden));
            _postAttentionLayernorm = WeightLeaf.Vector($"{prefix}.post_attention_layernorm.weight", Sample.Shape.Hidden, dtype, device);
            _gateUp = WeightLeaf.Matrix(
                Sample.Shape.Hidden,
                dtype,
                device,
                ($"{prefix}.mlp.gate_proj.weight", shape.Ffn),
                ($"{prefix}.mlp.up_proj.weight", shape.Ffn));
            _down = WeightLeaf.Matrix(shape.Ffn, dtype, device, ($"{prefix}.mlp.down_proj.weight", Sample.Shape.Hidden));

            Leaves = [_inputLayernorm, _qkv, _o, _postAttentionLayernorm, _gateUp, _down];
            Weights = [.. Leaves.SelectMany(leaf => leaf.Parts)];
            QProjLora = new("q_proj", QProj);
            KProjLora = new("k_proj", KProj);
            VProjLora = new("v_proj", VProj);
            OProjLora = new("o_proj", OProj);
            GateProjLora = new("gate_proj", GateProj);
            UpProjLora = new("up_proj", UpProj);
            DownProjLora = new("down_proj", DownProj);
            LoraTargets = [QProjLora, KProjLora, VProjLora, OProjLora, GateProjLora, UpProjLora, DownProjLora];
        }

        public int Index { get; }

        public LayerShape Shape { get; }

        public NamedWeight InputLayernorm => _inputLayernorm.Parts[0];

        public NamedWeight QProj => _qkv.Parts[0];

        public NamedWeight KProj => _qkv.Parts[1];

        public NamedWeight VProj => _qkv.Parts[2];

        public NamedWeight OProj => _o.Parts[0];

        public NamedWeight PostAttentionLayernorm => _postAttentionLayernorm.Parts[0];

        public NamedWeight GateProj => _gateUp.Parts[0];

        public NamedWeight UpProj => _gateUp.Parts[1];

        public NamedWeight DownProj => _down.Parts[0];

        public LoraTarget QProjLora { get; }

        public LoraTarget KProjLora { get; }

        public LoraTarget VProjLora { get; }

        public LoraTarget OProjLora { get; }

        public LoraTarget GateProjLora { get; }

        public LoraTarget UpProjLora { get; }

        public LoraTarget DownProjLora { get; }

        public override IReadOnlyList<NamedWeight> Weights { get; }

        public override IReadOnlyList<WeightLeaf> Leaves { get; }

        public override IReadOnlyList<LoraTarget> LoraTargets { get; }

        public Tensor Forward(Tensor x, Tensor cos, Tensor sin, KeyValueCache? cache = null)
        {
            using var scope = NewDisposeScope();
            var (batch, tokens) = (x.size(0), x.size(1));
            var (heads, kvHeads, ffn) = Shape;
            var (qWidth, kvWidth) = (heads * Sample.Shape.HeadDim, kvHeads * Sample.Shape.HeadDim);

            var inputNorm = Kernels.rms_norm(x, _inputLayernorm.Leaf, 1e-5);               // [batch, tokens, hidden]
            var qkv = functional.linear(inputNorm, _qkv.Leaf);                             // [batch, tokens, (heads + 2 * kv_heads) * head_dim]
            var q = QProjLora.Apply(qkv.narrow(-1, 0, qWidth), inputNorm);
            var k = KProjLora.Apply(qkv.narrow(-1, qWidth, kvWidth), inputNorm);
            var v = VProjLora.Apply(qkv.narrow(-1, qWidth + kvWidth, kvWidth), inputNorm);

            var queries = Kernels.rotate(q.view(batch, tokens, heads, Sample.Shape.HeadDim).transpose(1, 2), cos, sin);
            var keys = Kernels.rotate(k.view(batch, tokens, kvHeads, Sample.Shape.HeadDim).transpose(1, 2), cos, sin);
            var values = v.view(batch, tokens, kvHeads, Sample.Shape.HeadDim).transpose(1, 2);
            if (cache is not null)
            {
                (keys, values) = cache.Append(Index, keys, values);
            }

            var attention = Kernels.attention(queries, keys, values).transpose(1, 2).reshape(batch, tokens, qWidth);
            var o = OProjLora.Apply(functional.linear(attention, _o.Leaf), attention);     // [batch, tokens, hidden]
            var residual = x + o;

            var postNorm = Kernels.rms_norm(residual, _postAttentionLayernorm.Leaf, 1e-5);
            var gateUp = functional.linear(postNorm, _gateUp.Leaf);                        // [batch, tokens, 2 * ffn]
            var gate = GateProjLora.Apply(gateUp.narrow(-1, 0, ffn), postNorm);
            var up = UpProjLora.Apply(gateUp.narrow(-1, ffn, ffn), postNorm);
            var act = functional.silu(gate);
            var product = act * up;
            var down = DownProjLora.Apply(functional.linear(product, _down.Leaf), product);
            var output = residual + down;
            return output.MoveToOuterDisposeScope();
        }

        public Tensor Decode(Tensor x, Tensor cos, Tensor sin, KeyValueCache cache)
        {
            using var scope = NewDisposeScope();
            var (heads, kvHeads, ffn) = Shape;
            var (qWidth, kvWidth) = (heads * Sample.Shape.HeadDim, kvHeads * Sample.Shape.HeadDim);

            var inputNorm = Kernels.rms_norm(x, _inputLayernorm.Leaf, 1e-5);               // [hidden]
            var qkv = _qkv.Leaf.mv(inputNorm);                                             // [(heads + 2 * kv_heads) * head_dim]
            var q = qkv.narrow(0, 0, qWidth);
            var k = qkv.narrow(0, qWidth, kvWidth);
            var v = qkv.narrow(0, qWidth + kvWidth, kvWidth);
            var queries = Kernels.rotate(q.view(1, heads, 1, Sample.Shape.HeadDim), cos, sin);
            var keys = Kernels.rotate(k.view(1, kvHeads, 1, Sample.Shape.HeadDim), cos, sin);
            var values = v.view(1, kvHeads, 1, Sample.Shape.HeadDim);
            (keys, values) = cache.Append(Index, keys, values);
            var attention = Kernels.attention(queries, keys, values).view(qWidth);
            var o = _o.Leaf.mv(attention);
            var residual = x + o;

            var postNorm = Kernels.rms_norm(residual, _postAttentionLayernorm.Leaf, 1e-5);
            var gateUp = _gateUp.Leaf.mv(postNorm);                                        // [2 * ffn]
            var gate = gateUp.narrow(0, 0, ffn);
            var up = gateUp.narrow(0, ffn, ffn);
            var act = functional.silu(gate);
            var product = act * up;
            var down = _down.Leaf.mv(product);
            var output = residual + down;
            return output.MoveToOuterDisposeScope();
        }
    }

    public sealed class WidthPruner : StructuredPruner
    {
        public override IReadOnlyList<CoupledStructure> Structures { get; } =
        [
            new("mlp", "ffn", [new("mlp.gate_proj.weight", 0, "1"), new("mlp.up_proj.weight", 0, "1"), new("mlp.down_proj.weight", 1, "1")]),
            new("attention", "kv_heads", [new("self_attn.q_proj.weight", 0, "heads / kv_heads * head_dim"), new("self_attn.k_proj.weight", 0, "head_dim"), new("self_attn.v_proj.weight", 0, "head_dim"), new("self_attn.o_proj.weight", 1, "heads / kv_heads * head_dim")]),
        ];

        public override int Units(ModelShape shape, string unit, int layer) => unit switch
        {
            "mlp" => ((Shape)shape).Layers[layer].Ffn,
            "attention" => ((Shape)shape).Layers[layer].KvHeads,
            _ => throw new ArgumentException($"There is no unit '{unit}'.", nameof(unit)),
        };

        public override ModelShape Shrink(ModelShape shape, string unit, int layer, int kept)
        {
            var old = ((Shape)shape).Layers[layer];
            return unit switch
            {
                "mlp" => shape.With("ffn", layer, kept),
                "attention" => shape.With("kv_heads", layer, kept).With("heads", layer, old.Heads / old.KvHeads * kept),
                _ => throw new ArgumentException($"There is no unit '{unit}'.", nameof(unit)),
            };
        }

        public override Tensor Score(DecoderLayer layer, string unit, LayerScores scores) => unit switch
        {
            "mlp" => ScoreMlp((Block)layer, scores),
            "attention" => ScoreAttention((Block)layer, scores),
            _ => throw new ArgumentException($"There is no unit '{unit}'.", nameof(unit)),
        };

        public static Tensor ScoreMlp(Block block, LayerScores scores) => scores.Reduce(
            scores.Rows(block.GateProj),
            scores.Rows(block.UpProj),
            scores.Columns(block.DownProj));

        public static Tensor ScoreAttention(Block block, LayerScores scores)
        {
            var (heads, kvHeads, _) = block.Shape;
            var group = heads / kvHeads;
            return scores.Reduce(
                scores.Rows(block.QProj).view(kvHeads, group, Shape.HeadDim).sum(1),
                scores.Rows(block.KProj).view(kvHeads, Shape.HeadDim),
                scores.Rows(block.VProj).view(kvHeads, Shape.HeadDim),
                scores.Columns(block.OProj).view(kvHeads, group, Shape.HeadDim).sum(1)).sum(1);
        }

        public static void SliceMlp(Block dense, Block slim, Tensor kept)
        {
            slim.GateProj.Value.copy_(dense.GateProj.Value.index_select(0, kept));
            slim.UpProj.Value.copy_(dense.UpProj.Value.index_select(0, kept));
            slim.DownProj.Value.copy_(dense.DownProj.Value.index_select(1, kept));
        }

        public static void SliceAttention(Block dense, Block slim, Tensor kept)
        {
            var (heads, kvHeads, _) = dense.Shape;
            var queryChannels = Kernels.unit_channels(kept, heads / kvHeads * Shape.HeadDim);
            var keyChannels = Kernels.unit_channels(kept, Shape.HeadDim);
            slim.QProj.Value.copy_(dense.QProj.Value.index_select(0, queryChannels));
            slim.KProj.Value.copy_(dense.KProj.Value.index_select(0, keyChannels));
            slim.VProj.Value.copy_(dense.VProj.Value.index_select(0, keyChannels));
            slim.OProj.Value.copy_(dense.OProj.Value.index_select(1, queryChannels));
        }

        public override CausalLM Slice(CausalLM dense, IReadOnlyDictionary<(int Layer, string Unit), int[]> kept)
        {
            using var noGradients = no_grad();
            var model = (Model)dense;
            ModelShape shape = model.Shape;
            foreach (var ((layer, unit), units) in kept)
            {
                shape = Shrink(shape, unit, layer, units.Length);
            }

            var slim = (Shape)shape;
            var blocks = new Block[slim.LayerCount];
            for (var layer = 0; layer < blocks.Length; layer++)
            {
                using var scope = NewDisposeScope();
                var from = model.Blocks[layer];
                var to = blocks[layer] = new Block(layer, slim.Layers[layer], model.Dtype, model.Device);
                to.InputLayernorm.Value.copy_(from.InputLayernorm.Value);
                to.PostAttentionLayernorm.Value.copy_(from.PostAttentionLayernorm.Value);
                SliceMlp(from, to, Kept(layer, "mlp", from.Shape.Ffn));
                SliceAttention(from, to, Kept(layer, "attention", from.Shape.KvHeads));
                from.Dispose();
            }

            var outer = model.OuterLeaves.Select(leaf => leaf.Share()).ToArray();
            model.Dispose();
            return new Model(slim, model.Dtype, model.Device, outer[0], blocks, outer[1], outer[2]);

            Tensor Kept(int layer, string unit, int all) =>
                kept.TryGetValue((layer, unit), out var units)
                    ? tensor(units.Select(unit => (long)unit).ToArray(), device: model.Device)
                    : arange(all, dtype: ScalarType.Int64, device: model.Device);
        }
    }
}
