using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>How a number is written and compared.</summary>
internal enum FigureKind
{
    /// <summary>With its magnitude: <c>1.391 M</c>.</summary>
    Count,

    /// <summary>With four digits.</summary>
    Number,

    /// <summary>A share, written in per cent and compared in points.</summary>
    Share,
}

/// <summary>A number that a stage of a run came to, or that was measured of its models.</summary>
/// <param name="Name">What it is; with its unit where the kind does not say it.</param>
/// <param name="Kind">How it is written.</param>
/// <param name="Value">The number.</param>
internal sealed record Figure(string Name, FigureKind Kind, double Value)
{
    /// <summary>Its standard error; null: it has none.</summary>
    public double? Error { get; init; }

    /// <summary>On what it was measured; empty where that says nothing.</summary>
    public string Data { get; init; } = "";

    /// <summary>How it was measured.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>Whether it was measured as another one was: only then can the two be compared.</summary>
    public bool IsMeasuredAs(Figure other) => (Data, Protocol) == (other.Data, other.Protocol);

    /// <summary>The number as people read it.</summary>
    public string Text => Kind switch
    {
        FigureKind.Count => Numbers.Scaled((long)Value),
        FigureKind.Number => Numbers.Short(Value),
        _ => string.Create(CultureInfo.InvariantCulture, $"{100 * Value:0.0}{(Error is { } error ? $" +- {100 * error:0.0}" : "")} %"),
    };

    /// <summary>The difference to another one: <c>-9.8 %</c>, of shares <c>+1.2 points</c>.</summary>
    public string Change(Figure before) => Kind == FigureKind.Share
        ? string.Create(CultureInfo.InvariantCulture, $"{100 * (Value - before.Value):+0.0;-0.0;0.0} points")
        : Numbers.Change(Value, before.Value);
}
