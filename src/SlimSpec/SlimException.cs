namespace SlimSpec;

/// <summary>
/// Bad input: a spec, a checkpoint, a dataset or an option that cannot be used as given. The message is one sentence
/// that names the place (file, line, key or tensor) and, where there is one, the nearest valid choice. The command
/// line prints it and exits with code 2.
/// </summary>
public sealed class SlimException : Exception
{
    /// <summary>Makes an exception with a message for the user.</summary>
    public SlimException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message for the user and the failure beneath it.</summary>
    public SlimException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
