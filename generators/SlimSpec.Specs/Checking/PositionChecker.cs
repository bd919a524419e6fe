namespace SlimSpec.Specs;

/// <summary>Checks that sequences fit a model's positions.</summary>
internal static class PositionChecker
{
    /// <summary>Reports a length that is more than the model's positions.</summary>
    /// <param name="length">Tokens of a sequence.</param>
    /// <param name="key">The key that says it.</param>
    /// <param name="uncut">The sizes before all cuts; null: not known.</param>
    /// <param name="report">Where problems go.</param>
    public static void Check(Field<int> length, string key, ModelSizes? uncut, Reporter report)
    {
        if (uncut is not null && length.HasValue && length.Value > uncut.Positions)
        {
            var written = length.IsWritten ? "" : " (the default)";
            report.Add(Rules.WindowTooLong, length.Place, $"'{key}' {length.Value}{written} is more than the model's {uncut.Positions} positions");
        }
    }
}
