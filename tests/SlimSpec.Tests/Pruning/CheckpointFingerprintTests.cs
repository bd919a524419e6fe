namespace SlimSpec.Tests.Pruning;

public sealed class CheckpointFingerprintTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fingerprint-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_copy_has_the_same_fingerprint_wherever_it_lies()
    {
        File.Copy(TestFiles.Golden("llama-mha/model.safetensors"), Path.Combine(_folder, "model.safetensors"));
        CheckpointFingerprint.Of(_folder).ShouldBe(CheckpointFingerprint.Of(TestFiles.Golden("llama-mha")));
        CheckpointFingerprint.Of(_folder).ShouldNotBe(CheckpointFingerprint.Of(TestFiles.Golden("llama-gqa")));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(5_000_000)] // sampled
    public void Other_weights_of_the_same_shapes_have_another_fingerprint(int elements)
    {
        var path = Path.Combine(_folder, "model.safetensors");
        SafetensorsWriter.Write(path, [("w", torch.ones(elements))]);
        var ones = CheckpointFingerprint.Of(_folder);
        SafetensorsWriter.Write(path, [("w", torch.zeros(elements))]);
        CheckpointFingerprint.Of(_folder).ShouldNotBe(ones);
    }

    [Fact]
    public void A_folder_without_weights_is_refused() =>
        Should.Throw<SlimException>(() => CheckpointFingerprint.Of(_folder)).Message.ShouldContain("no model.safetensors");
}
