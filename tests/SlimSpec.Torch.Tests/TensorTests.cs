using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SlimSpec.Torch.Tests;

public sealed class TensorTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    private static Tensor Six() => tensor(new float[] { 1, 2, 3, 4, 5, 6 }, [2, 3]);

    [Fact]
    public void Describes_itself()
    {
        var t = Six();
        t.shape.ShouldBe([2, 3]);
        t.stride().ShouldBe([3, 1]);
        (t.size(-1), t.size(0), t.dim(), t.ndim, t.numel(), t.element_size(), t.storage_offset()).ShouldBe((3, 2, 2, 2, 6, 4, 0));
        (t.dtype, t.device_type, t.is_contiguous(), t.t().is_contiguous(), t.requires_grad, t.is_leaf).ShouldBe((float32, DeviceType.CPU, true, false, false, true));
        t[1].storage_offset().ShouldBe(3);
        t.ToString().ShouldBe("[2x3], type = Float32, device = cpu");
        Should.Throw<ExternalException>(() => t.size(2)).Message.ShouldContain("range of [-2, 1]");
    }

    [Fact]
    public void A_disposed_tensor_says_so()
    {
        var t = ones(1);
        t.Dispose();
        t.Dispose();
        t.IsInvalid.ShouldBeTrue();
        Should.Throw<InvalidOperationException>(() => t.sum());
        Should.Throw<InvalidOperationException>(() => t.shape);
    }

    [Fact]
    public void A_message_of_libtorch_arrives_without_its_stack()
    {
        var e = Should.Throw<ExternalException>(() => Six().matmul(Six()));
        e.Message.ShouldContain("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)");
        e.Message.ShouldNotContain("frame #");
        Should.Throw<ExternalException>(() => Six().index_select(0, tensor(new long[] { 9 }))).Message.ShouldContain("out of range");
        Should.Throw<ExternalException>(() => zeros([1L << 62])).Message.ShouldContain("overflow", Case.Insensitive);
        Should.Throw<ExternalException>(() => zeros([1L << 50])).Message.ShouldContain("alloc");
        Six().sum().ToSingle().ShouldBe(21, "the engine goes on after errors");
    }

    [Fact]
    public void An_operator_called_with_the_wrong_kind_of_argument_is_refused()
    {
        Should.Throw<ExternalException>(() => Ops.transpose_int.Call(Six(), 0.5, 1));
        Should.Throw<ExternalException>(() => new Op("aten::no_such_operator").Call(Six())).Message.ShouldContain("no_such_operator");
        Should.Throw<ExternalException>(() => Ops.neg.Call(Six(), 1, 2)).Message.ShouldContain("arguments given");
        Ops.neg.Schema.ShouldBe("aten::neg(Tensor self) -> Tensor");
    }

    [Fact]
    public void Long_lists_of_arguments_reach_the_operator()
    {
        cat(Enumerable.Range(0, 200).Select(_ => Six()).ToArray()).shape.ShouldBe([400, 3]);
        arange(300).split(Enumerable.Repeat(1L, 300).ToArray()).Length.ShouldBe(300);
        einsum(string.Concat(Enumerable.Repeat(" ", 600)) + "ij->ji", Six()).shape.ShouldBe([3, 2]);
    }

    [Fact]
    public void In_place_forms_return_the_receiver()
    {
        var t = Six();
        t.add_(1).ShouldBeSameAs(t);
        t.mul_(t).ShouldBeSameAs(t);
        t.requires_grad_().ShouldBeSameAs(t);
        mul_(t.detach(), 2).ShouldNotBeSameAs(t);
    }

    [Fact]
    public void Where_takes_the_first_where_the_condition_holds() =>
        where(tensor(new[] { true, false }), tensor(new[] { 1.0, 2.0 }), tensor(new[] { -1.0, -2.0 })).ToDoubles().ShouldBe([1, -2]);

    [Fact]
    public void To_the_same_type_is_a_new_object_over_the_same_memory()
    {
        var t = Six();
        var same = t.to(float32);
        same.ShouldNotBeSameAs(t);
        same.zero_();
        t.sum().ToSingle().ShouldBe(0);
        t.to(float32, copy: true).add_(1);
        t.sum().ToSingle().ShouldBe(0);
        t.to(float64, disposeAfter: true).dtype.ShouldBe(float64);
        t.IsInvalid.ShouldBeTrue();
    }

    [Theory]
    [InlineData(ScalarType.Float16, 2)]
    [InlineData(ScalarType.BFloat16, 2)]
    [InlineData(ScalarType.Float32, 4)]
    [InlineData(ScalarType.Float64, 8)]
    public void Floating_types_pass_through_bytes_and_streams(ScalarType type, int size)
    {
        var t = tensor(new[] { 0.5, -1.25, 3, 1024 }).to(type);
        t.element_size().ShouldBe(size);
        type.ElementSize().ShouldBe(size);
        using var stream = new MemoryStream();
        t.WriteBytesToStream(stream);
        stream.Length.ShouldBe(4 * size);
        stream.ToArray().ShouldBe(t.bytes.ToArray());

        stream.Position = 0;
        var back = zeros([4], type);
        back.ReadBytesFromStream(stream);
        back.Equals(t).ShouldBeTrue();
        back.ToDoubles().ShouldBe([0.5, -1.25, 3, 1024]);
        Should.Throw<EndOfStreamException>(() => back.ReadBytesFromStream(stream));

        var copy = zeros([4], type);
        copy.bytes = t.bytes;
        copy.Equals(t).ShouldBeTrue();
    }

    [Fact]
    public void Sixteen_bit_types_round_as_they_should()
    {
        tensor(new[] { 1.00390625f, 1e-3f }).to(bfloat16).ReadCpuBFloat16(0).ShouldBe(1);
        tensor(new[] { 1.0009765625f }).to(float16).ReadCpuFloat16(0).ShouldBe(1.0009765625f);
        tensor(new[] { (Half)1.5f, (Half)(-2) }).data<Half>().ToArray().ShouldBe([(Half)1.5f, (Half)(-2)]);
        Should.Throw<ArgumentException>(() => ones([1], bfloat16).data<float>());
    }

    [Fact]
    public void Reading_bytes_needs_contiguous_main_memory()
    {
        Should.Throw<InvalidOperationException>(() => _ = Six().t().bytes.Length);
        Should.Throw<InvalidOperationException>(() => _ = ones([2], device: META).bytes.Length);
        Should.Throw<ArgumentException>(() => Six().bytes = new byte[3]);
    }

    [Fact]
    public void An_accessor_reads_and_writes_through_strides()
    {
        var t = Six();
        var turned = t.t().data<float>();
        turned.ToArray().ShouldBe([1, 4, 2, 5, 3, 6]);
        turned[2, 1].ShouldBe(6);
        turned[0, 1] = 40;
        turned.Count.ShouldBe(6);
        t.data<float>()[1, 0].ShouldBe(40);
        t.data<float>().ToNDArray().ShouldBeOfType<float[,]>()[1, 2].ShouldBe(6);
        turned.CopyFrom([10, 20], 0, 4);
        t.ToDoubles().ShouldBe([1, 2, 10, 40, 5, 20]);
        Should.Throw<ArgumentException>(() => t.data<double>());
        Should.Throw<IndexOutOfRangeException>(() => turned[0, 9]);
    }

    [Fact]
    public void Items_become_numbers()
    {
        tensor(2.5).item<double>().ShouldBe(2.5);
        tensor(7L).ToInt32().ShouldBe(7);
        ((float)tensor(2.5f)).ShouldBe(2.5f);
        tensor(true).ToScalar().ToBoolean().ShouldBeTrue();
        tensor(3).ToScalar().ToInt64().ShouldBe(3);
        ones([1], bfloat16).ToSingle().ShouldBe(1);
        Should.Throw<ArgumentException>(() => Six().item<float>());
        Should.Throw<ExternalException>(() => Six().ToSingle());
    }

    [Fact]
    public void Tensors_of_data_copy_and_from_array_shares()
    {
        var data = new float[] { 1, 2 };
        var (copied, shared, buffered) = (tensor(data), from_array(data), frombuffer(data, float32, 1, 1));
        data[1] = 20;
        copied.ToDoubles().ShouldBe([1, 2]);
        shared.ToDoubles().ShouldBe([1, 20]);
        buffered.ToDoubles().ShouldBe([20]);
        from_array(new[,] { { 1L, 2 }, { 3, 4 } }).shape.ShouldBe([2, 2]);
        tensor(new List<float> { 1, 2, 3, 4 }, 2, 2).shape.ShouldBe([2, 2]);
        tensor(new long[] { 1, 2 }, dtype: float16).dtype.ShouldBe(float16);
        Should.Throw<ArgumentException>(() => tensor(data, [3])).Message.ShouldContain("3 vs. 2");
    }

    [Fact]
    public void Shared_arrays_stay_alive_with_the_tensor()
    {
        var weak = Make(out var t);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        weak.IsAlive.ShouldBeTrue();
        t.ToDoubles().ShouldBe([1, 2, 3]);
        t.Dispose();
        GC.Collect();
        weak.IsAlive.ShouldBeFalse();

        static WeakReference Make(out Tensor t)
        {
            var data = new float[] { 1, 2, 3 };
            t = from_array(data);
            return new WeakReference(data);
        }
    }

    [Fact]
    public void Element_types_follow_the_data_and_the_default()
    {
        (tensor(1.0).dtype, tensor(1f).dtype, tensor(1).dtype, tensor(1L).dtype, tensor(true).dtype).ShouldBe((float64, float32, int32, int64, ScalarType.Bool));
        (arange(3).dtype, arange(3.0).dtype, zeros(1).dtype, randint(3, [1]).dtype, full([1], 2).dtype).ShouldBe((int64, float32, float32, int64, float32));
        set_default_dtype(float64);
        try
        {
            (zeros(1).dtype, arange(1.5).dtype).ShouldBe((float64, float64));
        }
        finally
        {
            set_default_dtype(float32);
        }
        Should.Throw<ArgumentException>(() => set_default_dtype(int64));
    }

    [Fact]
    public void The_meta_device_computes_shapes_only()
    {
        var w = empty([4096, 4096], device: META);
        var y = nn.functional.linear(zeros([1, 4096], device: META), w);
        (y.is_meta, y.size(1)).ShouldBe((true, 4096));
        var refused = Should.Throw<ExternalException>(() => nn.functional.linear(zeros([1, 4096]), w));
        refused.Message.ShouldContain("one on meta and one on cpu");
        Should.Throw<ExternalException>(() => cat([ones([2], device: META), ones(2)]));
        Should.Throw<ExternalException>(() => w[TensorIndex.Tensor(arange(3))]);
        (w * tensor(2f)).is_meta.ShouldBeTrue("a number may be anywhere");
        w[0, ..2].copy_(ones(2)).is_meta.ShouldBeTrue();
        ones([2], device: META).to(META).device.ToString().ShouldBe("meta");
    }

    [Fact]
    public void Devices_are_named_as_users_write_them()
    {
        (new Device("cuda:1").type, new Device("cuda:1").index, new Device("cuda").index, new Device("cpu").index).ShouldBe((DeviceType.CUDA, 1, 0, -1));
        (CPU.ToString(), new Device("cuda:1").ToString(), device("meta").type).ShouldBe(("cpu", "cuda:1", DeviceType.META));
        Should.Throw<ArgumentException>(() => new Device("gpu")).Message.ShouldContain("'cuda'");
        Should.Throw<ArgumentException>(() => new Device("cuda:x"));
        cuda.is_available().ShouldBe(cuda.device_count() > 0);
    }

    [Fact]
    public void Finfo_gives_the_limits()
    {
        (finfo(float16).max, finfo(float32).eps, finfo(float64).bits, finfo(bfloat16).tiny).ShouldBe((65504, 1.1920928955078125e-07, 64, 1.1754943508222875e-38));
        finfo(bfloat16).max.ShouldBe(3.3895313892515355e38, 1e30);
        max_int_value(int16).ShouldBe(32767);
    }

    [Fact]
    public void Saved_tensors_load_into_their_like()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        Six().Save(writer);
        Six().t().Save(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        var target = zeros(2, 3);
        target.Load(reader);
        target.Equals(Six()).ShouldBeTrue();
        TensorExtensionMethods.Load(reader).ToDoubles().ShouldBe([1, 4, 2, 5, 3, 6]);
        stream.Position = 0;
        Should.Throw<ArgumentException>(() => zeros(3, 2).Load(reader)).Message.ShouldContain("[2, 3]");
    }
}
