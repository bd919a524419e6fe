namespace SlimSpec.Package.Tests;

/// <summary>
/// A project outside the repository, made by <c>slim new</c> and built once with the packages of a local feed, which are this
/// build's. Everything of it is in one temporary folder.
/// </summary>
public sealed class UserProject : IDisposable
{
    public const string Name = "Bedtime";

    private readonly string _folder = Directory.CreateTempSubdirectory("slim-package-").FullName;

    public UserProject()
    {
        foreach (var project in new[] { "SlimSpec.Package", "SlimSpec.Testing", "SlimSpec.Templates" })
        {
            Tools.Pack(project, Feed);
        }

        // One more source, beside those of the machine.
        File.WriteAllText(At("NuGet.config"), $"""<configuration><packageSources><add key="slimspec-test" value="{Feed}" /></packageSources></configuration>""");
        NewProject();
        Tools.Succeed(Solution, Packages, "dotnet", "build", "-nologo", "-v:quiet");
    }

    public string Feed => At("feed");

    public string Packages => At("packages");

    public string Solution => At(Name);

    public string Folder => At(Path.Combine(Name, Name));

    public string Spec => Path.Combine(Folder, "bedtime.slim.yaml");

    /// <summary>Where its build leaves the program.</summary>
    public string Binaries => Path.Combine(Folder, "bin", "Debug", "net10.0");

    public string At(string name) => Path.Combine(_folder, name);

    /// <summary>Runs the project's program.</summary>
    public string Run(params string[] args) => Tools.Succeed(Folder, Packages, Path.Combine(Binaries, Name), args);

    /// <summary>Builds the project; code and output.</summary>
    public (int Code, string Output) Build() => Tools.Run(Folder, Packages, "dotnet", "build", "--no-restore", "-nologo", "-v:quiet", "-clp:NoSummary");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The project's folder is made in the current one.
    private void NewProject()
    {
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = _folder;
        try
        {
            CommandLine.SlimHost.Run(["new", Name]).ShouldBe(0);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }
}
