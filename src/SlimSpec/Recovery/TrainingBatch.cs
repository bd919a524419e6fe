namespace SlimSpec;

/// <summary>Some examples as tensors: what the model reads, and what is to be said where.</summary>
internal sealed class TrainingBatch
{
    private TrainingBatch(int[] examples, torch.Tensor inputs, torch.Tensor? places, torch.Tensor targets, int tokens) =>
        (Examples, Inputs, Places, Targets, Tokens) = (examples, inputs, places, targets, tokens);

    /// <summary>The examples, by their numbers in the data.</summary>
    public int[] Examples { get; }

    /// <summary>Token ids <c>[batch, tokens]</c>, int64; shorter examples are padded on the right.</summary>
    public torch.Tensor Inputs { get; }

    /// <summary>The places that are scored, counted through the rows of <see cref="Inputs"/>, <c>[scored]</c>, int64; null: all of them.</summary>
    public torch.Tensor? Places { get; }

    /// <summary>The token, or the class, to be said at each of the places, <c>[scored]</c>, int64.</summary>
    public torch.Tensor Targets { get; }

    /// <summary>Tokens read, padding left out.</summary>
    public int Tokens { get; }

    /// <summary>Number of places that are scored.</summary>
    public long Scored => Targets.numel();

    /// <summary>What a teacher's head reads at these places, <c>[scored, hidden]</c>, where there is a teacher.</summary>
    public torch.Tensor? TeacherRows { get; set; }

    /// <summary>Makes a batch; its tensors are for the caller's scope.</summary>
    /// <param name="data">All examples: texts, or classifications.</param>
    /// <param name="examples">Those of the batch.</param>
    /// <param name="device">Where the model is.</param>
    public static TrainingBatch Of(IReadOnlyList<TrainingExample> data, int[] examples, torch.Device device)
    {
        var (places, targets) = (new List<long>(), new List<long>());
        var lengths = examples.Select(example => InputLength(data[example])).ToArray();
        var width = lengths.Max();
        var inputs = new long[examples.Length * width];
        for (var row = 0; row < examples.Length; row++)
        {
            var example = data[examples[row]];
            for (var t = 0; t < lengths[row]; t++)
            {
                inputs[(row * width) + t] = example.Ids[t];
            }

            foreach (var (place, target) in Scores(example))
            {
                places.Add((row * width) + place);
                targets.Add(target);
            }
        }

        return new(
            examples,
            torch.tensor(inputs, [examples.Length, width], device: device),
            places.Count == inputs.Length ? null : torch.tensor(places.ToArray(), [places.Count], device: device),
            torch.tensor(targets.ToArray(), [targets.Count], device: device),
            lengths.Sum());
    }

    /// <summary>The places of an example that are scored, from 0, with the token or class to be said there.</summary>
    public static IEnumerable<(int Place, int Target)> Scores(TrainingExample example) => example.Label >= 0
        ? [(example.Ids.Length - 1, example.Label)]
        : Enumerable.Range(example.FirstTarget, Math.Max(0, example.Ids.Length - example.FirstTarget))
            .Where(token => !example.Ignored.Any(range => token >= range.Start.GetOffset(example.Ids.Length) && token < range.End.GetOffset(example.Ids.Length)))
            .Select(token => (token - 1, example.Ids[token]));

    /// <summary>Refuses examples that a model cannot be trained with.</summary>
    /// <param name="data">The examples.</param>
    /// <param name="vocabularySize">Token ids that the model knows.</param>
    /// <exception cref="SlimException">There is none, or one is too short or holds an unknown id.</exception>
    public static void Check(IReadOnlyList<TrainingExample> data, int vocabularySize)
    {
        if (data.Count == 0)
        {
            throw new SlimException("The training data has no sequence: the text is shorter than max_seq_length tokens.");
        }

        for (var i = 0; i < data.Count; i++)
        {
            var least = data[i].Label >= 0 ? 1 : 2;
            if (data[i].Ids.Length < least)
            {
                throw new SlimException($"Training sequence {i} has {data[i].Ids.Length} tokens; it takes {(least == 1 ? "one to classify" : "two to predict one")}.");
            }

            foreach (var id in data[i].Ids)
            {
                if (id < 0 || id >= vocabularySize)
                {
                    throw new SlimException($"Training sequence {i} holds token id {id}, but the model knows ids 0 to {vocabularySize - 1}: the tokenizer belongs to another model.");
                }
            }
        }
    }

    /// <summary>The rows of what the head reads that are scored, <c>[scored, hidden]</c>.</summary>
    /// <param name="hidden">The last layer's output, <c>[batch, tokens, hidden]</c>.</param>
    public torch.Tensor Rows(torch.Tensor hidden)
    {
        var rows = hidden.reshape(-1, hidden.size(-1));
        return Places is null ? rows : rows.index_select(0, Places);
    }

    // The last token of a text is only said.
    private static int InputLength(TrainingExample example) => example.Label >= 0 ? example.Ids.Length : example.Ids.Length - 1;
}
