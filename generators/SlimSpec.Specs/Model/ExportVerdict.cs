namespace SlimSpec.Specs;

/// <summary>How certain it is that a recipe's model can be written in a form.</summary>
public enum ExportState
{
    /// <summary>It can.</summary>
    Reached,

    /// <summary>It can, but is not what one may take it for.</summary>
    Partly,

    /// <summary>Only scores will tell.</summary>
    Unknown,

    /// <summary>It cannot.</summary>
    Refused,
}

/// <summary>Whether a recipe's model can be written in a form, as far as the build knows.</summary>
/// <param name="Format">The form, as <c>export:</c> names it.</param>
/// <param name="State">How certain that is.</param>
/// <param name="Text">As what it is written, or why not.</param>
/// <param name="Remedy">What would make it so; null: nothing is needed, or would help.</param>
public sealed record ExportVerdict(string Format, ExportState State, string Text, string? Remedy);
