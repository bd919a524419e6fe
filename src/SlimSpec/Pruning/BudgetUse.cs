namespace SlimSpec;

/// <summary>One constraint of a recipe and what a model takes of it.</summary>
/// <param name="Name">The key under <c>constraints:</c>.</param>
/// <param name="Limit">What it may be at most.</param>
/// <param name="Value">What it is.</param>
public sealed record BudgetUse(string Name, double Limit, double Value)
{
    private const double BytesPerMb = 1 << 20;

    /// <summary>Whether the model is within it.</summary>
    public bool IsMet => Value <= Limit;

    /// <summary>The constraints that a spec sets, on a model of these sizes.</summary>
    public static IReadOnlyList<BudgetUse> Of(PruningConstraints? constraints, ModelShape shape)
    {
        if (constraints is null)
        {
            return [];
        }

        var bytes = constraints.Dtype == "float32" ? 4 : 2;
        var cached = (double)shape.CacheElementsPerToken * constraints.SequenceLen * constraints.BatchSize;
        (string Name, double? Limit, double Value)[] all =
        [
            ("params", constraints.Params, shape.Parameters),
            ("macs", constraints.Macs, shape.MultiplyAccumulates(ShapeTable.MacsTokens)),
            ("memory_mb", constraints.MemoryMb, shape.Parameters * bytes / BytesPerMb),
            ("kv_cache_mb", constraints.KvCacheMb, cached * bytes / BytesPerMb),
        ];
        return [.. all.Where(each => each.Limit is not null).Select(each => new BudgetUse(each.Name, each.Limit!.Value, each.Value))];
    }
}
