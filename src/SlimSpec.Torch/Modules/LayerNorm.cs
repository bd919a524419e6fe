using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Normalization over the last axes, with a scale and a shift (Ba, Kiros and Hinton 2016, arXiv:1607.06450).</summary>
    public sealed class LayerNorm : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = nameof(weight))] private Parameter? scale;
        [ComponentName(Name = nameof(bias))] private Parameter? shift;

        internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(LayerNorm))
        {
            this.normalized_shape = normalized_shape;
            this.eps = eps;
            this.elementwise_affine = elementwise_affine;
            if (elementwise_affine)
            {
                weight = ones(normalized_shape, dtype, device).AsParameter();
                if (bias)
                {
                    this.bias = zeros(normalized_shape, dtype, device).AsParameter();
                }
            }
        }

        public long[] normalized_shape { get; set; }

        public double eps { get; set; }

        public bool elementwise_affine { get; set; }

        public Parameter weight
        {
            get => scale!;
            set => Set(ref scale, value, nameof(weight));
        }

        public Parameter? bias
        {
            get => shift;
            set => Set(ref shift, value, nameof(bias));
        }

        public void reset_parameters()
        {
            if (scale is not null)
            {
                nn.init.ones_(scale);
            }
            if (shift is not null)
            {
                nn.init.zeros_(shift);
            }
        }

        public override Tensor forward(Tensor tensor) => nn.functional.layer_norm(tensor, normalized_shape, scale, shift, eps);

        private void Set(ref Parameter? field, Parameter? value, string name)
        {
            if (!ReferenceEquals(value, field))
            {
                field?.Dispose();
                field = value;
                field?.DetachFromDisposeScope();
                ConditionallyRegisterParameter(name, field);
            }
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.LayerNorm LayerNorm(long normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new([normalized_shape], eps, elementwise_affine, bias, device, dtype);

            public static Modules.LayerNorm LayerNorm(long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);
        }
    }
}
