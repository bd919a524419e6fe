using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>One of <c>constraints:</c>: at most so much of something.</summary>
/// <param name="Key">How the spec calls it.</param>
/// <param name="Most">The budget.</param>
/// <param name="Place">Where it is written.</param>
/// <param name="Measure">What a model costs of it.</param>
internal sealed record Budget(string Key, double Most, Place Place, Func<ModelCost, double> Measure)
{
    /// <summary>Tokens over which multiply-accumulates are counted.</summary>
    public const int Tokens = 64;

    private const double Megabyte = 1 << 20;

    /// <summary>Whether it counts the cache, which only attention fills.</summary>
    public bool IsOfCache => Key == ConstraintKeys.KvCacheMb.Name;

    /// <summary>Whether a section has none, not even a wrong one.</summary>
    public static bool AreAbsent(Section constraints) =>
        new[] { ConstraintKeys.Params, ConstraintKeys.Macs, ConstraintKeys.MemoryMb, ConstraintKeys.KvCacheMb }.All(key => constraints.Get(key).State == FieldState.Absent);

    /// <summary>The budgets of a section, in the order of the language.</summary>
    public static IReadOnlyList<Budget> Of(Section constraints)
    {
        var bytes = constraints.Get(ConstraintKeys.Dtype).Value == "float32" ? 4 : 2;
        var tokens = (double)constraints.Get(ConstraintKeys.BatchSize).Value * constraints.Get(ConstraintKeys.SequenceLen).Value;
        var all = new List<Budget>();
        Add(ConstraintKeys.Params, cost => cost.Parameters);
        Add(ConstraintKeys.Macs, cost => cost.MultiplyAccumulates);
        Add(ConstraintKeys.MemoryMb, cost => cost.Parameters * (double)bytes / Megabyte);
        Add(ConstraintKeys.KvCacheMb, cost => cost.CacheElementsPerToken * tokens * bytes / Megabyte);
        return all;

        void Add(Key<double> key, Func<ModelCost, double> measure)
        {
            if (constraints.Get(key) is { IsWritten: true } field)
            {
                all.Add(new(key.Name, field.Value, field.Place, measure));
            }
        }
    }

    /// <summary>Whether a model keeps to it.</summary>
    public bool IsMet(ModelCost cost) => Measure(cost) <= Most;

    /// <summary>What a model costs, so rounded that it would do as a budget.</summary>
    public string Text(ModelCost cost)
    {
        var value = Measure(cost);
        return (value == Math.Floor(value) ? value : Math.Ceiling(value * 1000) / 1000).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The section as the model keeps it.</summary>
    public static ConstraintsModel Model(Section constraints)
    {
        double? Written(Key<double> key) => constraints.Get(key) is { IsWritten: true } field ? field.Value : null;
        return new(
            (long?)Written(ConstraintKeys.Params),
            (long?)Written(ConstraintKeys.Macs),
            Written(ConstraintKeys.MemoryMb),
            Written(ConstraintKeys.KvCacheMb),
            constraints.Get(ConstraintKeys.Dtype).Value,
            constraints.Get(ConstraintKeys.BatchSize).Value,
            constraints.Get(ConstraintKeys.SequenceLen).Value);
    }
}
