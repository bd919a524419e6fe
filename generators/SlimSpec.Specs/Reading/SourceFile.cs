namespace SlimSpec.Specs;

/// <summary>A file as text: nothing here opens files, so whoever calls hands over what it knows.</summary>
/// <param name="Path">Path by which problems name the file and by which specs find a <c>config.json</c>.</param>
/// <param name="Text">The whole text, without or with a byte order mark.</param>
public sealed record SourceFile(string Path, string Text);
