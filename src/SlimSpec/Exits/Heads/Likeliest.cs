using System.Numerics;

namespace SlimSpec;

/// <summary>Finds the likeliest of many tokens on the host; of equal ones the lower ids. Reuses its buffers.</summary>
/// <param name="count">How many.</param>
internal sealed class Likeliest(int count)
{
    private static readonly int Lanes = Vector<float>.Count;

    // A binary heap whose root is the least of those kept so far.
    private readonly float[] _logits = new float[count];
    private readonly int[] _ids = new int[count];
    private int _kept;

    /// <summary>The ids of the likeliest, ascending; NaN counts as unlikelier than everything.</summary>
    /// <param name="logits">By id; at least as many as are looked for.</param>
    public ReadOnlySpan<int> Find(ReadOnlySpan<float> logits)
    {
        _kept = 0;
        var id = 0;
        for (; id < count; id++)
        {
            Add(float.IsNaN(logits[id]) ? float.NegativeInfinity : logits[id], id);
        }

        // Nearly every later part of the vocabulary holds nothing likelier than the least kept.
        for (; id <= logits.Length - Lanes; id += Lanes)
        {
            if (Vector.GreaterThanAny(new Vector<float>(logits[id..]), new Vector<float>(_logits[0])))
            {
                for (var i = id; i < id + Lanes; i++)
                {
                    Offer(logits[i], i);
                }
            }
        }

        for (; id < logits.Length; id++)
        {
            Offer(logits[id], id);
        }

        Array.Sort(_ids);
        return _ids;
    }

    private bool IsLess(int left, int right) => _logits[left] < _logits[right] || (_logits[left] == _logits[right] && _ids[left] > _ids[right]);

    private void Add(float logit, int id)
    {
        var place = _kept++;
        (_logits[place], _ids[place]) = (logit, id);
        while (place > 0 && IsLess(place, (place - 1) / 2))
        {
            Swap(place, (place - 1) / 2);
            place = (place - 1) / 2;
        }
    }

    // Ids come ascending, so that an equal one is never better than what is there.
    private void Offer(float logit, int id)
    {
        if (!(logit > _logits[0]))
        {
            return;
        }

        (_logits[0], _ids[0]) = (logit, id);
        var place = 0;
        while (true)
        {
            var child = (2 * place) + 1;
            if (child >= count)
            {
                return;
            }

            if (child + 1 < count && IsLess(child + 1, child))
            {
                child++;
            }

            if (!IsLess(child, place))
            {
                return;
            }

            Swap(place, child);
            place = child;
        }
    }

    private void Swap(int a, int b) => (_logits[a], _ids[a], _logits[b], _ids[b]) = (_logits[b], _ids[b], _logits[a], _ids[a]);
}
