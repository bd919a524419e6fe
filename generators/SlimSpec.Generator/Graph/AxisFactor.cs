namespace SlimSpec.Generator.Graph;

/// <summary>One factor of an axis: an axis <c>[kv_heads, head_dim]</c> has two. Factors that must keep equal indices are unified.</summary>
internal sealed class AxisFactor(string dimension)
{
    private AxisFactor? _unifiedWith;
    private AxisFactor? _group;

    public string Dimension => Root == this ? dimension : Root.Dimension;

    public AxisFactor Root => _unifiedWith is null ? this : _unifiedWith.Root;

    /// <summary>The factor whose units this one's are grouped under (query heads under KV heads), if any.</summary>
    public AxisFactor? Group => Root._group?.Root;

    public void Unify(AxisFactor other)
    {
        var (mine, theirs) = (Root, other.Root);
        if (mine != theirs)
        {
            mine._unifiedWith = theirs;
            theirs._group ??= mine._group;
        }
    }

    public void GroupUnder(AxisFactor parent)
    {
        if (Root != parent.Root)
        {
            Root._group = parent.Root;
        }
    }
}
