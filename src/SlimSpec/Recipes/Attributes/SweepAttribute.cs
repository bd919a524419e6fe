namespace SlimSpec;

/// <summary>A key and the values that <c>slim sweep</c> gives it (an entry of <c>sweep:</c>). Of several the last one changes fastest.</summary>
/// <param name="key">Path of the key as <c>--set</c> takes it, such as <c>prune[0].keep</c>.</param>
/// <param name="values">The values; one that attributes cannot nest is a text such as <c>"[q_proj, v_proj]"</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class SweepAttribute(string key, params object?[] values) : Attribute
{
    /// <summary>Path of the key.</summary>
    public string Key => key;

    /// <summary>The values, in order.</summary>
    public IReadOnlyList<object?> Values => values;
}
