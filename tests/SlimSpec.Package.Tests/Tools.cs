using System.Diagnostics;
using System.Reflection;

namespace SlimSpec.Package.Tests;

/// <summary>The repository, and the programs that a user runs.</summary>
internal static class Tools
{
    public static string Root { get; } = FindRoot();

    /// <summary>The configuration these tests were built in: what is packed is of the same.</summary>
    public static string Configuration { get; } =
        typeof(Tools).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Configuration").Value!;

    /// <summary>Runs a program to its end.</summary>
    /// <param name="folder">Where it runs; restored packages go to <c>packages</c> in <paramref name="packages"/>, so that none of an earlier run is taken.</param>
    /// <param name="packages">The folder of restored packages, or null for the user's.</param>
    /// <param name="program">The program.</param>
    /// <param name="args">Its arguments.</param>
    public static (int Code, string Output) Run(string folder, string? packages, string program, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        // No build server may outlive the temporary folder, nor come from another one.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        if (packages is not null)
        {
            start.Environment["NUGET_PACKAGES"] = packages;
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    /// <summary>Runs a program that must succeed, and gives what it prints.</summary>
    public static string Succeed(string folder, string? packages, string program, params string[] args)
    {
        var (code, output) = Run(folder, packages, program, args);
        code.ShouldBe(0, $"{program} {string.Join(' ', args)}\n{output}");
        return output;
    }

    /// <summary>Packs a project of the repository, as it was built.</summary>
    public static void Pack(string project, string feed, params string[] args) =>
        Succeed(Root, null, "dotnet", ["pack", Path.Combine("src", project), "--no-build", "-c", Configuration, "-o", feed, "-nologo", .. args]);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "SlimSpec.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
