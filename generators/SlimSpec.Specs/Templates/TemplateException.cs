using System;
using System.Collections.Generic;

namespace SlimSpec.Specs;

/// <summary>Why a template cannot be read, or has no value for a row.</summary>
/// <param name="message">The reason.</param>
/// <param name="at">Where in the template, from 0.</param>
/// <param name="word">A name that is not known, if that is the reason.</param>
/// <param name="known">The names that are.</param>
internal sealed class TemplateException(string message, int at, string? word = null, IReadOnlyCollection<string>? known = null) : Exception(message)
{
    /// <summary>Where in the template, from 0.</summary>
    public int At => at;

    /// <summary>A name that is not known, if that is the reason.</summary>
    public string? Word => word;

    /// <summary>The names that are known in its place.</summary>
    public IReadOnlyCollection<string> Known => known ?? [];

    /// <summary>The reason with its place as people count.</summary>
    public string Placed => $"character {at + 1}: {Message}";
}
