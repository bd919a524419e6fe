using static TorchSharp.torch;

namespace SlimSpec.Torch.Tests;

public class EngineTests
{
    [Fact]
    public void All_processors_are_used()
    {
        using var t = ones(1);
        var wanted = int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), out var n) ? n : Environment.ProcessorCount;
        get_num_threads().ShouldBe(wanted);
        set_num_threads(1);
        get_num_threads().ShouldBe(1);
        set_num_threads(wanted);
        get_num_interop_threads().ShouldBeGreaterThan(0);
        __version__.ShouldMatch(@"^\d+\.\d+");
    }

    [Fact]
    public void A_blas_with_OpenMP_is_loaded()
    {
        using var t = ones(4, 4).mm(ones(4, 4));
        var mapped = Blas.Mapped().ToList();
        Blas.Refusal(mapped).ShouldBeNull();
        mapped.ShouldContain(file => file.Contains("openblas-openmp") || file.Contains("blis-openmp"));
    }

    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0", "reference BLAS")]
    [InlineData("/usr/lib/x86_64-linux-gnu/atlas/libblas.so.3", "reference BLAS")]
    [InlineData("/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblasp-r0.3.21.so", "threads fight")]
    [InlineData("/usr/lib/x86_64-linux-gnu/blis-pthread/libblas.so.3", "threads fight")]
    public void A_slow_blas_is_refused_with_the_package_to_install(string file, string reason)
    {
        var message = Blas.Refusal(["/usr/lib/x86_64-linux-gnu/libc.so.6", file]);
        message.ShouldNotBeNull();
        message.ShouldContain(reason);
        message.ShouldContain(file);
        message.ShouldContain("apt-get install libopenblas0-openmp");
    }

    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu/openblas-openmp/libopenblasp-r0.3.21.so")]
    [InlineData("/usr/lib/x86_64-linux-gnu/blis-openmp/libblas.so.3")]
    [InlineData("/opt/libtorch/lib/libtorch_cpu.so")]
    public void A_fast_blas_is_taken(string file) => Blas.Refusal([file]).ShouldBeNull();

    [Fact]
    public void Without_libtorch_the_packages_are_named()
    {
        var e = Should.Throw<DllNotFoundException>(() => Loader.Load("/nowhere/libslimtorch.so"));
        e.Message.ShouldContain("apt-get install libtorch-dev libopenblas0-openmp");
        e.Message.ShouldContain("/nowhere/libslimtorch.so");
    }

    [Fact]
    public void Equal_seeds_give_equal_streams()
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        var first = randn(5);
        using var state = get_rng_state();
        var next = randn(5);
        manual_seed(7).initial_seed().ShouldBe(7);
        randn(5).Equals(first).ShouldBeTrue();
        set_rng_state(state);
        randn(5).Equals(next).ShouldBeTrue();

        using var own = new Generator(3);
        using var like = new Generator(3);
        rand([4], generator: own).Equals(rand([4], generator: like)).ShouldBeTrue();
        rand([4], generator: own).Equals(rand([4], generator: own)).ShouldBeFalse();
        own.manual_seed(9).initial_seed().ShouldBe(9);
        like.set_state(own.get_state());
        randperm(10, generator: own).Equals(randperm(10, generator: like)).ShouldBeTrue();
        own.device.type.ShouldBe(DeviceType.CPU);
        own.seed().ShouldNotBe(9);
    }

    [Fact]
    public void Settings_of_a_GPU_can_be_made_without_one()
    {
        var before = backends.cuda.matmul.allow_tf32;
        backends.cuda.matmul.allow_tf32 = !before;
        backends.cuda.matmul.allow_tf32.ShouldBe(!before);
        backends.cuda.matmul.allow_tf32 = before;
    }
}
