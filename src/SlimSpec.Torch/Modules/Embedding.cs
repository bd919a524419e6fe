using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Rows of a table [num_embeddings, embedding_dims] by their numbers.</summary>
    public sealed class Embedding : nn.Module<Tensor, Tensor>
    {
        private readonly long padding;
        [ComponentName(Name = nameof(weight))] private Parameter? table;

        internal Embedding(Tensor weights, bool trainable, long? padding_idx)
            : base(nameof(Embedding))
        {
            padding = padding_idx is { } p ? (p < 0 ? p + weights.size(0) : p) : -1;
            weight = new Parameter(weights, trainable);
        }

        public Parameter? weight
        {
            get => table;
            set
            {
                if (!ReferenceEquals(value, table))
                {
                    table?.Dispose();
                    table = value;
                    table?.DetachFromDisposeScope();
                    ConditionallyRegisterParameter(nameof(weight), table);
                }
            }
        }

        public override Tensor forward(Tensor input) => Ops.embedding.Call(table, input, padding);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                RefuseOptions(max_norm, scale_grad_by_freq, sparse);
                var made = new Modules.Embedding(randn(num_embeddings, embedding_dims, dtype, device), true, padding_idx);
                if (padding_idx is { } row)
                {
                    using var quiet = no_grad();
                    using var padded = made.weight!.select(0, row);
                    padded.zero_();
                }
                return made;
            }

            public static Modules.Embedding Embedding_from_pretrained(Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null, double norm_type = 2, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                RefuseOptions(max_norm, scale_grad_by_freq, sparse);
                return new Modules.Embedding(embeddings.to(dtype ?? embeddings.dtype, device ?? embeddings.device), !freeze, padding_idx);
            }

            private static void RefuseOptions(double? max_norm, bool scale_grad_by_freq, bool sparse)
            {
                if (max_norm is not null || scale_grad_by_freq || sparse)
                {
                    throw new NotSupportedException("this engine's Embedding has no max_norm, scale_grad_by_freq or sparse gradients");
                }
            }
        }
    }
}
