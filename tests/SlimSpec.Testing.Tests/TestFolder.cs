using System.Runtime.CompilerServices;

namespace SlimSpec.Testing.Tests;

/// <summary>A folder of snapshots that goes with its test, and no variable that accepts what differs.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("snapshots-").FullName;
    private readonly string? _accept = Environment.GetEnvironmentVariable(SnapshotFiles.AcceptVariable);
    private int _runs;

    public TestFolder()
    {
        AcceptAll(false);
        Path = NextPath();
        Directory.CreateDirectory(Path);
    }

    /// <summary>Where the snapshots of this run are.</summary>
    public string Path { get; private set; }

    public string[] Files => [.. Directory.GetFiles(Path).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public static void AcceptAll(bool accept) => Environment.SetEnvironmentVariable(SnapshotFiles.AcceptVariable, accept ? "1" : null);

    /// <summary>A snapshot of this folder, called <c>Class.Method</c>.</summary>
    public SnapshotTask Verify(string text) => Snapshot.Verify(text, SourceFile(), "Method").UseDirectory(Path).UseTypeName("Class");

    public SnapshotTask Verify(params Target[] targets) => Snapshot.Verify(targets, SourceFile(), "Method").UseDirectory(Path).UseTypeName("Class");

    /// <summary>Accepts what was received, as a user does, and makes ready for the next run: a name counts once a run.</summary>
    public void Accept()
    {
        foreach (var received in Directory.GetFiles(Path, "*.received.*"))
        {
            File.Move(received, received.Replace(".received.", ".verified.", StringComparison.Ordinal), overwrite: true);
        }

        NextRun();
    }

    public void NextRun()
    {
        var next = NextPath();
        Directory.Move(Path, next);
        Path = next;
    }

    public void Write(string name, string text) => File.WriteAllText(At(name), text);

    public string Read(string name) => File.ReadAllText(At(name));

    public string At(string name) => System.IO.Path.Join(Path, name);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(SnapshotFiles.AcceptVariable, _accept);
        Directory.Delete(_root, recursive: true);
    }

    private string NextPath() => System.IO.Path.Join(_root, $"{++_runs}");

    private static string SourceFile([CallerFilePath] string file = "") => file;
}
