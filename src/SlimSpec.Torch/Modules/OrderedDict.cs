using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TorchSharp.Utils;

/// <summary>A dictionary that keeps the order of insertion.</summary>
public class OrderedDict<TKey, TValue> : IEnumerable<(TKey, TValue)> where TKey : notnull
{
    private readonly List<(TKey Key, TValue Value)> items = [];
    private readonly Dictionary<TKey, TValue> values = [];

    public TValue this[TKey key]
    {
        get => values[key];
        set
        {
            if (values.ContainsKey(key))
            {
                items[Place(key)] = (key, value);
            }
            else
            {
                items.Add((key, value));
            }
            values[key] = value;
        }
    }

    public int Count => items.Count;

    public IEnumerable<TKey> keys() => items.Select(i => i.Key);

    public void Add(TKey key, TValue value)
    {
        values.Add(key, value);
        items.Add((key, value));
    }

    public bool Remove(TKey key)
    {
        if (!values.Remove(key))
        {
            return false;
        }
        items.RemoveAt(Place(key));
        return true;
    }

    public bool ContainsKey(TKey key) => values.ContainsKey(key);

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => values.TryGetValue(key, out value);

    public void Clear()
    {
        items.Clear();
        values.Clear();
    }

    public IEnumerator<(TKey, TValue)> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int Place(TKey key) => items.FindIndex(i => EqualityComparer<TKey>.Default.Equals(i.Key, key));
}
