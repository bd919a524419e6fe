namespace SlimSpec;

/// <summary>Puts several examples one behind the other into a sequence.</summary>
internal static class ExamplePacking
{
    /// <summary>
    /// Packs examples in an order drawn by a seed, each into the first sequence that has room for all of it. What is no target in an example is none in
    /// its sequence; its first token, behind the one before it, is none either.
    /// </summary>
    /// <param name="examples">Examples of text, none longer than a sequence.</param>
    /// <param name="length">Tokens a sequence at most.</param>
    /// <param name="seed">Seed of the order.</param>
    public static List<TrainingExample> Pack(IReadOnlyList<TrainingExample> examples, int length, int seed)
    {
        int[] order = [.. Enumerable.Range(0, examples.Count)];
        new SeededRandom(seed, DataStreams.Packing).Shuffle<int>(order);
        var shortest = examples.Min(example => example.Ids.Length);
        var (packed, open) = (new List<TrainingExample>(), new List<Sequence>());
        foreach (var example in order.Select(number => examples[number]))
        {
            var sequence = open.Find(sequence => sequence.Length + example.Ids.Length <= length);
            if (sequence is null)
            {
                open.Add(sequence = new());
            }

            sequence.Add(example);
            if (sequence.Length + shortest > length)
            {
                open.Remove(sequence);
                packed.Add(sequence.ToExample());
            }
        }

        return [.. packed, .. open.Select(sequence => sequence.ToExample())];
    }

    private sealed class Sequence
    {
        private readonly List<TrainingExample> _examples = [];

        public int Length { get; private set; }

        public void Add(TrainingExample example)
        {
            _examples.Add(example);
            Length += example.Ids.Length;
        }

        public TrainingExample ToExample()
        {
            var ignored = new List<Range>();
            var start = _examples[0].Ids.Length;
            foreach (var example in _examples.Skip(1))
            {
                ignored.Add(start..(start + example.FirstTarget));
                start += example.Ids.Length;
            }

            return new([.. _examples.SelectMany(example => example.Ids)], _examples[0].FirstTarget) { Ignored = ignored };
        }
    }
}
