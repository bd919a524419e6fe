using System.Runtime.CompilerServices;

namespace SlimSpec.Testing;

/// <summary>
/// A comparison to await or to return from a test as its <see cref="Task"/>. Nothing is compared before. The settings are
/// called as Verify calls them, and name the same files.
/// </summary>
public sealed class SnapshotTask
{
    private readonly Func<IReadOnlyList<Target>> _targets;
    private readonly string _testFile;
    private string _typeName;
    private string _methodName;
    private string _directory = "";
    private string _parameters = "";

    internal SnapshotTask(Func<IReadOnlyList<Target>> targets, string testFile, string method)
    {
        if (!Path.IsPathFullyQualified(testFile) || !Directory.Exists(Path.GetDirectoryName(testFile)))
        {
            throw new SnapshotException(
                $"The test's source is compiled in as '{testFile}', which is not on this machine, so its snapshots cannot be found: run the tests where they were built, with <DeterministicSourcePaths>false</DeterministicSourcePaths> in the test project.");
        }

        _targets = targets;
        _testFile = testFile;
        _typeName = Path.GetFileNameWithoutExtension(testFile);
        _methodName = method;
    }

    /// <summary>Another folder, absolute or relative to the test's source.</summary>
    public SnapshotTask UseDirectory(string directory)
    {
        _directory = directory;
        return this;
    }

    /// <summary>The test class's name where it is not its file's: <c>Outer.Inner</c> for a nested class.</summary>
    public SnapshotTask UseTypeName(string name)
    {
        _typeName = name;
        return this;
    }

    /// <summary>A name in place of the test method's, for a method with more than one snapshot.</summary>
    public SnapshotTask UseMethodName(string name)
    {
        _methodName = name;
        return this;
    }

    /// <summary>
    /// The values of all parameters of the test method, in order: <c>Class.Method_name=value</c>. The names are those of the
    /// calling assembly's class that is called as its file is.
    /// </summary>
    /// <exception cref="SnapshotException">There is no such method, or it has another number of parameters.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public SnapshotTask UseParameters(params object?[] values)
    {
        var names = TestMethod.ParameterNames(System.Reflection.Assembly.GetCallingAssembly(), _typeName, _methodName, values.Length);
        return UseTextForParameters(string.Join('_', names.Zip(values, (name, value) => $"{name}={SnapshotName.Of(value)}")));
    }

    /// <summary>A text that tells the cases of a theory apart: <c>Class.Method_text</c>.</summary>
    public SnapshotTask UseTextForParameters(string text)
    {
        _parameters = "_" + SnapshotName.Of(text);
        return this;
    }

    /// <summary>Compares.</summary>
    /// <exception cref="SnapshotException">Something is not as it was accepted.</exception>
    public Task ToTask()
    {
        var directory = Path.GetFullPath(_directory, Path.GetDirectoryName(_testFile)!);
        return new SnapshotFiles(directory, $"{_typeName}.{_methodName}{_parameters}").CompareAsync(_targets());
    }

    /// <summary>Compares.</summary>
    public TaskAwaiter GetAwaiter() => ToTask().GetAwaiter();

    /// <summary>Compares.</summary>
    public static implicit operator Task(SnapshotTask snapshot) => snapshot.ToTask();
}
