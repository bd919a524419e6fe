using System.Diagnostics;
using static SlimSpec.Tests.Checkpoints.SafetensorsBytes;
using static TorchSharp.torch;

namespace SlimSpec.Tests.Checkpoints;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, byte[]> Dtypes => new()
    {
        { "F64", Of(1.5, -2.0, 0.25) },
        { "F32", Of(1.5f, -2f, 0.25f) },
        { "F16", Of((Half)1.5, (Half)(-2), (Half)0.25) },
        { "BF16", Of<ushort>(0x3FC0, 0xC000, 0x3E80) },
    };

    [Theory]
    [MemberData(nameof(Dtypes))]
    public void Every_float_dtype_is_read_and_converted(string dtype, byte[] data)
    {
        using var file = Open(SafetensorsBytes.File($$$"""{"a":{"dtype":"{{{dtype}}}","shape":[3],"data_offsets":[0,{{{data.Length}}}]}}""", data));
        foreach (var wanted in (ScalarType[])[ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16])
        {
            using var tensor = file.Load("a", wanted);
            tensor.dtype.ShouldBe(wanted);
            tensor.to(ScalarType.Float64).data<double>().ToArray().ShouldBe([1.5, -2, 0.25]);
        }
    }

    [Fact]
    public void Integers_are_read_in_their_own_dtype()
    {
        using var file = Open(SafetensorsBytes.File("""{"a":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},"b":{"dtype":"U8","shape":[],"data_offsets":[16,17]}}""", [.. Of(-7L, 1L << 40), 200]));
        file.Load("a").data<long>().ToArray().ShouldBe([-7, 1L << 40]);
        file.Load("b").item<byte>().ShouldBe((byte)200);
        file.Info("b").Shape.ShouldBeEmpty();
    }

    [Fact]
    public void Names_come_in_the_order_of_the_bytes_and_metadata_is_none()
    {
        using var file = Open(SafetensorsBytes.File("""{"__metadata__":{"format":"pt"},"late":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"early":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}   """, [1, 2]));
        file.Names.ShouldBe(["early", "late"]);
        file.Load("late").item<byte>().ShouldBe((byte)2);
    }

    [Fact]
    public void A_tensor_without_elements_is_fine()
    {
        using var file = Open(SafetensorsBytes.File("""{"a":{"dtype":"F32","shape":[0,5],"data_offsets":[0,0]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", Of(3f)));
        file.Load("a").shape.ShouldBe([0, 5]);
        file.Load("b").item<float>().ShouldBe(3);
    }

    [Fact]
    public void Values_go_into_a_view_of_a_larger_tensor()
    {
        using var file = Open(SafetensorsBytes.File("""{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}""", Of(1f, 2f, 3f, 4f, 5f, 6f)));
        using var whole = zeros([3, 4]);
        file.CopyTo("a", whole.narrow(0, 1, 2).narrow(1, 1, 3));
        whole.data<float>().ToArray().ShouldBe([0, 0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6]);
        using var transposed = zeros([3, 2]);
        file.CopyTo("a", transposed.t());
        transposed.data<float>().ToArray().ShouldBe([1, 4, 2, 5, 3, 6]);
    }

    [Fact]
    public void A_tensor_larger_than_the_buffer_arrives_whole()
    {
        const int Count = 5_000_000;
        var values = new float[Count];
        for (var i = 0; i < Count; i++)
        {
            values[i] = i;
        }

        using var file = Open(SafetensorsBytes.File($$$"""{"a":{"dtype":"F32","shape":[{{{Count}}}],"data_offsets":[0,{{{4 * Count}}}]}}""", Of(values)));
        using var tensor = file.Load("a");
        tensor.bytes.SequenceEqual(Of(values)).ShouldBeTrue();
    }

    [Fact]
    public void A_golden_file_holds_what_its_bytes_say()
    {
        var path = TestFiles.Golden("llama-mha/model.safetensors");
        using var file = SafetensorsFile.Open(path);
        var info = file.Info("model.norm.weight");
        info.Shape.ShouldBe([64]);
        using var tensor = file.Load("model.norm.weight");
        var bytes = System.IO.File.ReadAllBytes(path).AsSpan((int)info.Offset, (int)info.ByteCount);
        tensor.bytes.SequenceEqual(bytes).ShouldBeTrue();
    }

    [Fact]
    public void A_missing_tensor_is_named_with_the_nearest_one()
    {
        using var file = SafetensorsFile.Open(TestFiles.Golden("llama-mha/model.safetensors"));
        Should.Throw<SlimException>(() => file.Info("model.norms.weight")).Message.ShouldContain("did you mean 'model.norm.weight'?");
        using var wrong = zeros([3]);
        Should.Throw<SlimException>(() => file.CopyTo("model.norm.weight", wrong)).Message.ShouldContain("'model.norm.weight' has shape [64], expected [3]");
    }

    public static TheoryData<string, byte[], string> Hostile => new()
    {
        { "empty", [], "truncated" },
        { "half a length", [1, 0, 0], "truncated" },
        { "truncated header", SafetensorsBytes.File("{}", declared: 1000), "truncated" },
        { "header of gigabytes", SafetensorsBytes.File("{}", declared: 4UL << 30), "more than" },
        { "header length overflows", SafetensorsBytes.File("{}", declared: ulong.MaxValue), "more than" },
        { "header length is negative as signed", SafetensorsBytes.File("{}", declared: 1UL << 63), "more than" },
        { "not JSON", SafetensorsBytes.File("hello"), "not valid JSON" },
        { "an array", SafetensorsBytes.File("[]"), "not valid JSON" },
        { "unfinished", SafetensorsBytes.File("""{"a":{"dtype":"F32","shape":[1]"""), "tensor 'a': the header is not valid JSON" },
        { "something behind the object", SafetensorsBytes.File("{} x"), "not valid JSON" },
        { "not UTF-8", SafetensorsBytes.File([(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'{', (byte)'}', (byte)'}']), "not valid JSON" },
        { "half a surrogate pair", SafetensorsBytes.File("""{"\uD800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", new byte[4]), "not valid JSON" },
        { "deep nesting", SafetensorsBytes.File("""{"a":""" + new string('[', 5000)), "not valid JSON" },
        { "duplicate name", SafetensorsBytes.File("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", new byte[2]), "tensor 'a' is in the header twice" },
        { "duplicate name, escaped", SafetensorsBytes.File("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\u0061":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", new byte[2]), "tensor 'a' is in the header twice" },
        { "overlap", SafetensorsBytes.File("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}""", new byte[6]), "tensor 'b' overlaps" },
        { "hole", SafetensorsBytes.File("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}""", new byte[3]), "tensor 'b' leaves a hole" },
        { "out of range", SafetensorsBytes.File("""{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}""", new byte[3]), "tensor 'a' ends at byte" },
        { "far out of range", SafetensorsBytes.File("""{"a":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}""", new byte[3]), "tensor 'a'" },
        { "backwards", SafetensorsBytes.File("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}""", new byte[1]), "not a start and an end" },
        { "negative offset", SafetensorsBytes.File("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[-1,0]}}""", new byte[1]), "not a start and an end" },
        { "three offsets", SafetensorsBytes.File("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}""", new byte[1]), "not a start and an end" },
        { "wrong size", SafetensorsBytes.File("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", new byte[4]), "needs 8 bytes, but data_offsets hold 4" },
        { "size overflows to right", SafetensorsBytes.File("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,1],"data_offsets":[0,0]}}"""), "more bytes than can be counted" },
        { "size overflows beside a zero", SafetensorsBytes.File("""{"a":{"dtype":"F32","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}}"""), "more bytes than can be counted" },
        { "negative size", SafetensorsBytes.File("""{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", new byte[4]), "negative size" },
        { "fractional size", SafetensorsBytes.File("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", new byte[4]), "'shape' is not a list" },
        { "too large a size", SafetensorsBytes.File("""{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}""", new byte[4]), "'shape' is not a list" },
        { "too many axes", SafetensorsBytes.File($$$"""{"a":{"dtype":"U8","shape":[{{{string.Join(',', Enumerable.Repeat(1, 65))}}}],"data_offsets":[0,1]}}""", new byte[1]), "'shape' is not a list" },
        { "unknown dtype", SafetensorsBytes.File("""{"a":{"dtype":"BF61","shape":[1],"data_offsets":[0,2]}}""", new byte[2]), "tensor 'a': dtype 'BF61' is not one of" },
        { "no dtype", SafetensorsBytes.File("""{"a":{"shape":[1],"data_offsets":[0,2]}}""", new byte[2]), "'dtype' is missing" },
        { "shape twice", SafetensorsBytes.File("""{"a":{"dtype":"U8","shape":[1],"shape":[2],"data_offsets":[0,1]}}""", new byte[1]), "'shape' is given twice" },
        { "unknown key", SafetensorsBytes.File("""{"a":{"dtype":"U8","shape":[1],"offsets":[0,1]}}""", new byte[1]), "unknown key 'offsets'" },
        { "a number for a tensor", SafetensorsBytes.File("""{"a":1}"""), "tensor 'a'" },
        { "trailing garbage", SafetensorsBytes.File("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", new byte[5]), "4 bytes after the last tensor" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_damaged_file_is_one_clear_message(string what, byte[] bytes, string expected)
    {
        var path = _folder["bad.safetensors"];
        System.IO.File.WriteAllBytes(path, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        var failure = Should.Throw<SlimException>(() => SafetensorsFile.Open(path).Dispose(), what);
        failure.Message.ShouldStartWith(path);
        failure.Message.ShouldContain(expected);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4 << 20);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        // Nothing is left open.
        System.IO.File.Delete(path);
    }

    [Fact]
    public void A_file_really_of_gigabytes_is_refused_by_its_header_alone()
    {
        var path = _folder["sparse.safetensors"];
        using (var stream = System.IO.File.Create(path))
        {
            stream.Write(SafetensorsBytes.File("{", declared: 3UL << 30));
            stream.SetLength(4L << 30);
        }

        Should.Throw<SlimException>(() => SafetensorsFile.Open(path)).Message.ShouldContain("more than the 100000000 the format allows");
    }

    [Fact]
    public void A_missing_file_or_a_folder_is_named()
    {
        Should.Throw<SlimException>(() => SafetensorsFile.Open(_folder["none"])).Message.ShouldStartWith(_folder["none"]);
        Should.Throw<SlimException>(() => SafetensorsFile.Open(_folder.Path)).Message.ShouldStartWith(_folder.Path);
    }

    private SafetensorsFile Open(byte[] bytes)
    {
        System.IO.File.WriteAllBytes(_folder["good.safetensors"], bytes);
        return SafetensorsFile.Open(_folder["good.safetensors"]);
    }
}
