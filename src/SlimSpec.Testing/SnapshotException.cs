namespace SlimSpec.Testing;

/// <summary>What is there now is not what was accepted. The message shows the difference and says how to accept it.</summary>
public sealed class SnapshotException(string message) : Exception(message);
