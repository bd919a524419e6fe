namespace SlimSpec.Testing;

/// <summary>One text of a snapshot.</summary>
/// <param name="Extension">Extension of its file, without dot: <c>txt</c>, <c>cs</c>.</param>
/// <param name="Data">The text.</param>
/// <param name="Name">Where a snapshot has more than one text, what tells its file apart: <c>Class.Method#Name.verified.cs</c>.</param>
public sealed record Target(string Extension, string Data, string? Name = null);
