using System.Diagnostics;

namespace SlimSpec.Torch.Tests;

public class BuildTests
{
    private static readonly string Project = Path.Combine(Root(), "src", "SlimSpec.Torch", "SlimSpec.Torch.csproj");

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "SlimSpec.sln")))
        {
            folder = folder.Parent;
        }
        return folder.FullName;
    }

    [Fact]
    public void An_unchanged_shim_is_not_built_again()
    {
        var stamp = Path.Combine(Root(), "src", "SlimSpec.Torch", "obj", "native", "built.stamp");
        var before = File.GetLastWriteTimeUtc(stamp);

        var start = new ProcessStartInfo("dotnet", ["msbuild", Project, "-t:BuildNative", "-nologo", "-v:normal"]) { RedirectStandardOutput = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var build = Process.Start(start)!;
        var output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();

        build.ExitCode.ShouldBe(0, output);
        output.ShouldNotContain("cmake", Case.Insensitive);
        File.GetLastWriteTimeUtc(stamp).ShouldBe(before);
    }
}
