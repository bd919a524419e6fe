using System.Text.Json;
using static TorchSharp.torch;

namespace SlimSpec.Tests.Checkpoints;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_back_bit_for_bit()
    {
        foreach (var dtype in (ScalarType[])[ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Bool])
        {
            using var scope = NewDisposeScope();
            (string, Tensor)[] tensors = [("b", arange(12, dtype: ScalarType.Float32).view(3, 4).to(dtype)), ("a", ones([0, 2], dtype: dtype)), ("scalar", tensor(1f).to(dtype))];
            SafetensorsWriter.Write(_folder["x.safetensors"], tensors);
            using var file = SafetensorsFile.Open(_folder["x.safetensors"]);
            foreach (var (name, value) in tensors)
            {
                var read = file.Load(name);
                read.dtype.ShouldBe(dtype);
                read.shape.ShouldBe(value.shape);
                read.bytes.SequenceEqual(value.bytes).ShouldBeTrue(name);
            }
        }
    }

    [Fact]
    public void Tensors_keep_their_order_and_the_header_is_aligned()
    {
        using var value = ones([3]);
        SafetensorsWriter.Write(_folder["x.safetensors"], [("z", value), ("a", value)]);
        using var file = SafetensorsFile.Open(_folder["x.safetensors"]);
        file.Names.ShouldBe(["z", "a"]);
        (file.Info("z").Offset % 8).ShouldBe(0);
        var bytes = File.ReadAllBytes(_folder["x.safetensors"]);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, (int)BitConverter.ToInt64(bytes)));
        header.RootElement.GetProperty("__metadata__").GetProperty("format").GetString().ShouldBe("pt");
    }

    [Fact]
    public void The_same_tensors_give_the_same_bytes()
    {
        using var value = arange(1000, dtype: ScalarType.Float32);
        SafetensorsWriter.Write(_folder["x"], [("w", value)]);
        SafetensorsWriter.Write(_folder["y"], [("w", value)]);
        File.ReadAllBytes(_folder["x"]).ShouldBe(File.ReadAllBytes(_folder["y"]));
    }

    [Fact]
    public void A_transposed_view_is_written_in_its_own_order_and_converted()
    {
        using var value = arange(6, dtype: ScalarType.Float32).view(2, 3).t();
        SafetensorsWriter.Write(_folder["x"], [("w", value)], ScalarType.BFloat16);
        using var file = SafetensorsFile.Open(_folder["x"]);
        file.Info("w").Dtype.ShouldBe(ScalarType.BFloat16);
        file.Load("w", ScalarType.Float32).data<float>().ToArray().ShouldBe([0, 3, 1, 4, 2, 5]);
    }

    [Fact]
    public void A_name_given_twice_is_refused_and_the_old_file_stays()
    {
        using var value = ones([1]);
        SafetensorsWriter.Write(_folder["x"], [("w", value)]);
        var before = File.ReadAllBytes(_folder["x"]);
        Should.Throw<SlimException>(() => SafetensorsWriter.Write(_folder["x"], [("w", value), ("w", value)])).Message.ShouldContain("'w'");
        Should.Throw<SlimException>(() => SafetensorsWriter.Write(_folder["x"], [("__metadata__", value)]));
        File.ReadAllBytes(_folder["x"]).ShouldBe(before);
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_refused()
    {
        using var value = arange(8, dtype: ScalarType.Float32);
        SafetensorsWriter.Write(_folder["x"], [("w", value)]);
        var whole = File.ReadAllBytes(_folder["x"]);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_folder["cut"], whole[..length]);
            Should.Throw<SlimException>(() => SafetensorsFile.Open(_folder["cut"]).Dispose(), $"{length} bytes");
        }
    }
}
