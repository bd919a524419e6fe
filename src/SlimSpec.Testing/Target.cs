namespace SlimSpec.Testing;

/// <summary>One text of a snapshot.</summary>
/// <param name="Extension">Extension of its file, without dot: <c>txt</c>, <c>cs</c>.</param>
/// <param name="Data">The text.</param>
/// <param name="Name">Where a snapshot has more than one text, what tells its file apart: <c>Class.Method#Name.verified.cs</c>.</param>
public sealed record Target(string Extension, string Data, string? Name = null)
{
    /// <summary>A source that a generator made, as Verify.SourceGenerators writes it.</summary>
    /// <param name="hintName">What the generator calls it, for example <c>Tales20.g.cs</c>.</param>
    /// <param name="source">The code.</param>
    public static Target Generated(string hintName, string source) =>
        new("cs", $"//HintName: {hintName}\n{source}", Path.GetFileNameWithoutExtension(hintName));
}
