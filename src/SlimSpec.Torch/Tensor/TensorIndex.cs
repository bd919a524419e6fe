namespace TorchSharp;

public static partial class torch
{
    /// <summary>One place of an index expression: a number, a slice, a new axis, the ellipsis, a truth value or a tensor.</summary>
    public struct TensorIndex
    {
        internal enum Kind { NewAxis, Ellipsis, Bool, Single, Slice, Tensor }

        internal Kind kind;
        internal long? start;
        internal long? stop;
        internal long? step;
        internal Tensor? tensor;

        public static TensorIndex Ellipsis = new() { kind = Kind.Ellipsis };
        public static TensorIndex None = new() { kind = Kind.NewAxis };
        public static TensorIndex Null = new() { kind = Kind.NewAxis };
        public static TensorIndex Colon = Slice();

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { kind = Kind.Slice, start = start, stop = stop, step = step };

        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        public static TensorIndex Slice(Range range)
        {
            long? start = range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value;
            long? stop = range.End.IsFromEnd ? (range.End.Value == 0 ? null : -range.End.Value) : range.End.Value;
            return Slice(start, stop);
        }

        public static TensorIndex Bool(bool value) => new() { kind = Kind.Bool, start = value ? 1 : 0 };

        public static TensorIndex Single(long? index) => new() { kind = Kind.Single, start = index };

        public static TensorIndex Tensor(Tensor tensor) => new() { kind = Kind.Tensor, tensor = tensor };

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex(Index index) => Single(index.IsFromEnd ? -index.Value : index.Value);

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);
    }

    public partial class Tensor
    {
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => Put([i1], value);
        }

        public Tensor this[long i1, long i2]
        {
            get => At(i1, i2);
            set => Put([i1, i2], value);
        }

        public Tensor this[long i1, long i2, long i3]
        {
            get => At(i1, i2, i3);
            set => Put([i1, i2, i3], value);
        }

        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => At(i1, i2, i3, i4);
            set => Put([i1, i2, i3, i4], value);
        }

        public Tensor this[params long[] indices]
        {
            get => At(indices);
            set => Put(indices, value);
        }

        public Tensor index(params TensorIndex[] indices)
        {
            var (view, tensors) = Basic(indices);
            if (tensors is null)
            {
                return ReferenceEquals(view, this) ? alias() : view;
            }
            var result = Ops.index_Tensor.Call(view, tensors);
            Drop(view);
            return result;
        }

        public Tensor index(params Tensor[] indices) => Ops.index_Tensor.Call(this, indices);

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            var (view, tensors) = Basic(indices);
            if (tensors is not null)
            {
                Ops.index_put_.Do(view, tensors, value, accumulate);
            }
            else if (accumulate)
            {
                view.add_(value);
            }
            else
            {
                view.copy_(value);
            }
            Drop(view);
            return this;
        }

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var v = ScalarLike(value);
            return index_put_(v, indices);
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => Ops.index_put_.Do(this, indices, value);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) => Ops.index_put_.Do(this, indices, value, accumulate);

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using var v = ScalarLike(value);
            return index_put_(v, indices);
        }

        private Tensor ScalarLike(Scalar value) => Ops.scalar_tensor.Call(value, dtype, Arg.None, device);

        private void Drop(Tensor view)
        {
            if (!ReferenceEquals(view, this))
            {
                view.Dispose();
            }
        }

        private Tensor At(params ReadOnlySpan<long> indices)
        {
            var view = this;
            foreach (var i in indices)
            {
                var next = view.select(0, i);
                Drop(view);
                view = next;
            }
            return view;
        }

        private void Put(long[] indices, Tensor value)
        {
            using var view = At(indices);
            view.copy_(value);
        }

        /// <summary>Applies all but the tensors of an index expression as views; the tensors come back at their places, null where an axis has none.</summary>
        private (Tensor View, Tensor?[]? Tensors) Basic(TensorIndex[] indices)
        {
            var view = this;
            Tensor?[]? tensors = null;
            var taken = indices.Sum(i => i.kind switch
            {
                TensorIndex.Kind.Single or TensorIndex.Kind.Slice => 1,
                TensorIndex.Kind.Tensor => i.tensor!.dtype == ScalarType.Bool ? (int)i.tensor.ndim : 1,
                _ => 0,
            });
            var axis = 0;
            foreach (var i in indices)
            {
                switch (i.kind)
                {
                    case TensorIndex.Kind.NewAxis:
                        Step(view.unsqueeze(axis++));
                        break;
                    case TensorIndex.Kind.Ellipsis:
                        axis += (int)ndim - taken;
                        break;
                    case TensorIndex.Kind.Single:
                        Step(view.select(axis, i.start!.Value));
                        break;
                    case TensorIndex.Kind.Slice:
                        Step(Ops.slice_Tensor.Call(view, axis++, i.start, i.stop, i.step ?? 1));
                        break;
                    case TensorIndex.Kind.Bool:
                        Step(view.unsqueeze(axis));
                        Add(i.start != 0 ? zeros([1], ScalarType.Int64, device: device) : empty([0], ScalarType.Int64, device: device), 1);
                        break;
                    case TensorIndex.Kind.Tensor:
                        Add(i.tensor!, i.tensor!.dtype == ScalarType.Bool ? (int)i.tensor.ndim : 1);
                        break;
                }
            }
            return (view, tensors);

            void Step(Tensor next)
            {
                Drop(view);
                view = next;
            }

            void Add(Tensor t, int axes)
            {
                // A truth tensor of several axes is one entry of aten::index that consumes them all.
                var place = axis - (tensors?.Sum(x => x?.dtype == ScalarType.Bool ? (int)x.ndim - 1 : 0) ?? 0);
                Array.Resize(ref tensors, place + 1);
                tensors[place] = t;
                axis += axes;
            }
        }
    }
}
