using System.IO.MemoryMappedFiles;

namespace SlimSpec.Tests.Runs;

public class PeakMemoryTests
{
    private const int Mb = 1 << 20;

    [Fact]
    public void A_peak_is_seen_after_its_memory_is_gone()
    {
        using var memory = PeakMemory.Start();
        var before = memory.PeakMb;
        using (var tensor = torch.ones([64L * Mb / sizeof(float)]))
        {
        }

        (memory.PeakMb - before).ShouldBeInRange(56, 100);
    }

    [Fact]
    public void A_new_measurement_forgets_the_old_peak()
    {
        using (var tensor = torch.ones([128L * Mb / sizeof(float)]))
        {
        }

        using var first = PeakMemory.Start();
        using (var tensor = torch.ones([64L * Mb / sizeof(float)]))
        {
        }

        using var second = PeakMemory.Start();
        second.PeakMb.ShouldBeLessThan(first.PeakMb - 32);
    }

    [Fact]
    public void Pages_of_a_mapped_file_do_not_count()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["pages"], new byte[64 * Mb]);
        GC.Collect();
        using var file = MemoryMappedFile.CreateFromFile(folder["pages"], FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        using var memory = PeakMemory.Start();
        var before = memory.PeakMb;
        var sum = 0L;
        for (long at = 0; at < 64 * Mb; at += 4096)
        {
            sum += view.ReadByte(at);
        }

        sum.ShouldBe(0);
        (memory.PeakMb - before).ShouldBeLessThan(16);
    }
}
