using System.IO.Compression;
using System.Xml.Linq;

namespace SlimSpec.Package.Tests;

/// <summary>What packages say and hold, beyond what using them shows.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slim-packed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TheProjectTemplateNamesTheVersionsThatAreBuiltHere()
    {
        var central = XDocument.Load(Path.Combine(Tools.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(package => (string)package.Attribute("Include")!, package => (string)package.Attribute("Version")!);
        var ours = XDocument.Load(Path.Combine(Tools.Root, "Directory.Build.props")).Descendants("Version").Single().Value;

        var references = Directory.GetFiles(Path.Combine(Tools.Root, "src", "SlimSpec.Templates", "content"), "*.csproj", SearchOption.AllDirectories)
            .SelectMany(file => XDocument.Load(file).Descendants("PackageReference")).ToList();

        references.Count.ShouldBeGreaterThan(3);
        foreach (var reference in references)
        {
            var id = (string)reference.Attribute("Include")!;
            ((string?)reference.Attribute("Version")).ShouldBe(id.StartsWith("SlimSpec", StringComparison.Ordinal) ? ours : central[id], id);
        }
    }

    // TorchSharp itself need not be had for that: an empty package of its name stands in.
    [Fact]
    public void WithTorchSharpAsTheEngineThePackageDependsOnItAndHoldsNoEngine()
    {
        StandIn("TorchSharp-cuda-linux", "0.105.2");
        string[] properties =
        [
            Path.Combine("src", "SlimSpec.Package", "SlimSpec.Package.csproj"), "-nologo", "-v:quiet", $"-p:Configuration={Tools.Configuration}",
            "-p:TorchEngine=cuda", $"-p:BaseIntermediateOutputPath={_folder}/obj/", $"-p:PackageOutputPath={_folder}",
        ];
        Tools.Succeed(Tools.Root, Path.Combine(_folder, "packages"), "dotnet", ["msbuild", .. properties, "-t:Restore", "-p:RestoreRecursive=false", $"-p:RestoreAdditionalProjectSources={_folder}/feed"]);
        Tools.Succeed(Tools.Root, Path.Combine(_folder, "packages"), "dotnet", ["msbuild", .. properties, "-t:Pack", "-p:NoBuild=true"]);

        using var package = ZipFile.OpenRead(Directory.GetFiles(_folder, "SlimSpec.*.nupkg").Single());
        var nuspec = XDocument.Load(package.GetEntry("SlimSpec.nuspec")!.Open());
        XNamespace ns = nuspec.Root!.Name.Namespace;
        nuspec.Descendants(ns + "dependency").Select(dependency => $"{(string?)dependency.Attribute("id")} {(string?)dependency.Attribute("version")}")
            .ShouldContain("TorchSharp-cuda-linux 0.105.2");
        nuspec.Descendants(ns + "license").Single().Value.ShouldBe("MIT");
        var entries = package.Entries.Select(entry => entry.FullName).ToList();
        entries.ShouldContain("build/SlimSpec.targets");
        entries.ShouldContain("lib/net10.0/SlimSpec.dll");
        entries.ShouldNotContain(entry => entry.Contains("SlimSpec.Torch", StringComparison.Ordinal) || entry.Contains("libslimtorch", StringComparison.Ordinal));
    }

    private void StandIn(string id, string version)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "feed"));
        using var package = ZipFile.Open(Path.Combine(_folder, "feed", $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using var nuspec = new StreamWriter(package.CreateEntry($"{id}.nuspec").Open());
        nuspec.Write($"""
            <package><metadata><id>{id}</id><version>{version}</version><authors>nobody</authors><description>stands in</description></metadata></package>
            """);
    }
}
