using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>x · weightᵀ + bias, with a weight of [out, in].</summary>
    public sealed class Linear : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = nameof(weight))] private Parameter matrix = null!;
        [ComponentName(Name = nameof(bias))] private Parameter? offset;

        internal Linear(Parameter weight, Parameter? bias)
            : base(nameof(Linear))
        {
            (out_features, in_features) = (weight.size(0), weight.size(1));
            this.weight = weight;
            if (bias is not null)
            {
                this.bias = bias;
            }
        }

        internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype)
            : base(nameof(Linear))
        {
            (in_features, out_features) = (inputSize, outputSize);
            weight = empty(outputSize, inputSize, dtype, device).AsParameter();
            nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
            if (hasBias)
            {
                bias = empty(outputSize, dtype, device).AsParameter();
                var bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
                nn.init.uniform_(bias, -bound, bound);
            }
        }

        public long in_features { get; set; }

        public long out_features { get; set; }

        public Parameter weight
        {
            get => matrix;
            set
            {
                ArgumentNullException.ThrowIfNull(value);
                if (!ReferenceEquals(value, matrix))
                {
                    matrix?.Dispose();
                    matrix = value;
                    matrix.DetachFromDisposeScope();
                    ConditionallyRegisterParameter(nameof(weight), matrix);
                }
            }
        }

        public Parameter? bias
        {
            get => offset;
            set
            {
                if (!ReferenceEquals(value, offset))
                {
                    offset?.Dispose();
                    offset = value;
                    offset?.DetachFromDisposeScope();
                    ConditionallyRegisterParameter(nameof(bias), offset);
                }
            }
        }

        public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, matrix, offset);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) => new(inputSize, outputSize, hasBias, device, dtype);

            public static Modules.Linear Linear(Modules.Parameter weight, Modules.Parameter? bias = null) => new(weight, bias);
        }
    }
}
