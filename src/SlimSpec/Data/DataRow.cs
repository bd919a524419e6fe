namespace SlimSpec;

/// <summary>A row of a file as it was read.</summary>
/// <param name="Line">The line it begins on, from 1.</param>
/// <param name="Values">Its values, in the order of the columns asked for.</param>
/// <param name="Fault">Why it cannot be used; null: it can.</param>
internal readonly record struct DataRow(int Line, string[] Values, string? Fault = null)
{
    /// <summary>A row that cannot be used.</summary>
    public static DataRow Malformed(int line, string fault) => new(line, [], fault);
}
