namespace SlimSpec.Specs;

/// <summary>A position in a spec file. Lines and columns count from 0, as Roslyn's do; <see cref="ToString"/> prints them from 1.</summary>
/// <param name="File">Path of the file as it was given.</param>
/// <param name="Start">Index of the first character.</param>
/// <param name="Length">Number of characters.</param>
/// <param name="Line">Line of the first character.</param>
/// <param name="Column">Column of the first character.</param>
/// <param name="EndLine">Line behind the last character.</param>
/// <param name="EndColumn">Column behind the last character.</param>
public sealed record Place(string File, int Start, int Length, int Line, int Column, int EndLine, int EndColumn)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}({Line + 1},{Column + 1})";
}

/// <summary>Something wrong in a spec.</summary>
/// <param name="Id">Rule, for example <c>SLIM103</c>: 1xx language, 2xx architecture and dimensions, 3xx pruning, 4xx recovery, 5xx exits, 6xx evaluation and files, 7xx sweeps.</param>
/// <param name="At">Where.</param>
/// <param name="Message">One sentence, with the nearest valid choice where there is one.</param>
public sealed record Problem(string Id, Place At, string Message)
{
    /// <summary>Whether no recipe comes of it.</summary>
    public bool IsError => Rules.SeverityOf(Id) == RuleSeverity.Error;

    /// <summary>As a build prints it: <c>file(line,column): error SLIM103: message</c>.</summary>
    public override string ToString() => $"{At}: {(IsError ? "error" : "warning")} {Id}: {Message}";
}
