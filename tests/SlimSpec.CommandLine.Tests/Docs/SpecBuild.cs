using System.Diagnostics;

namespace SlimSpec.CommandLine.Tests;

/// <summary>Builds a project of one spec with <c>dotnet build</c> and the generator as its analyzer.</summary>
internal static class SpecBuild
{
    /// <summary>What the build of a wrong spec prints, without the folder of the project and its name at the end of each line.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="root">Folder with the shipped architectures and the model that the spec names.</param>
    public static string Run(string spec, string root)
    {
        using var place = new TemporaryFolder();
        var project = Path.Combine(place.Path, "project.csproj");
        File.WriteAllText(project, Project(root));
        File.Copy(spec, Path.Combine(place.Path, Path.GetFileName(spec)));
        Directory.CreateDirectory(Path.Combine(place.Path, "models", "tales"));
        File.Copy(Path.Combine(root, "models/tales/config.json"), Path.Combine(place.Path, "models/tales/config.json"));

        var start = new ProcessStartInfo("dotnet", ["build", project, "--nologo", "-v", "q", "-clp:NoSummary", "-p:UseSharedCompilation=false", "-nodeReuse:false", "-tl:off"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = place.Path,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(1, output);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        // Behind "Build FAILED." all errors come once more.
        return string.Join('\n', lines.TakeWhile(line => line != "Build FAILED.").Select(line => line.Replace(place.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Replace(" [project.csproj]", "", StringComparison.Ordinal)));
    }

    private static string Project(string root) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
          </PropertyGroup>
          <ItemGroup>
            <Analyzer Include="{AppContext.BaseDirectory}SlimSpec.Generator.dll;{AppContext.BaseDirectory}SlimSpec.Specs.dll;{AppContext.BaseDirectory}YamlDotNet.dll" />
            <AdditionalFiles Include="*.slim.yaml;models/tales/config.json;{root}/specs/architectures/*.arch.yaml" />
          </ItemGroup>
        </Project>
        """;

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("slimspec-build-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
