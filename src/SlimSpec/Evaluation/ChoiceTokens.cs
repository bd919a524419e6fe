using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SlimSpec;

/// <summary>An item as token ids. No token is put at the start or the end, and context and continuation are tokenized apart from each other.</summary>
internal sealed class ChoiceTokens
{
    private readonly int[][] _inputs;
    private readonly int[][] _targets;

    /// <summary>Tokenizes an item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="model">Sizes of the model: what does not fit its positions is cut off at the start.</param>
    /// <param name="name">The task, for messages.</param>
    /// <exception cref="SlimException">A choice has no token, or more than the model has positions, or an id is outside the vocabulary.</exception>
    public ChoiceTokens(MultipleChoiceItem item, Tokenizer tokenizer, ModelShape model, string name)
    {
        Item = item;
        var contexts = item.Choices.Select(choice => choice.Context).Distinct().ToDictionary(text => text, text => Context(text, tokenizer, name));
        var continuations = item.Choices.Select(choice => tokenizer.Encode(choice.Continuation)).ToArray();
        var whole = item.Choices.Select((choice, number) => (int[])[.. contexts[choice.Context], .. continuations[number]]).ToArray();
        ContextTokens = [.. item.Choices.Select(choice => contexts[choice.Context].Length)];
        Check(continuations, whole, model, $"{name}: row {item.Doc}");
        _targets = continuations;
        _inputs = [.. whole.Select(ids => ids[Math.Max(0, ids.Length - 1 - model.MaxPositions)..^1])];
        Truncated = whole.Any(ids => ids.Length - 1 > model.MaxPositions);
        var shared = SharedTokens();
        Trees = shared > 0
            ? [new(_inputs[0][..shared], [.. _inputs.Select(ids => ids[shared..])])]
            : [.. _inputs.Select(ids => new TokenTree(ids, []))];
    }

    /// <summary>The item.</summary>
    public MultipleChoiceItem Item { get; }

    /// <summary>Tokens of each context, before anything is cut off.</summary>
    public IReadOnlyList<int> ContextTokens { get; }

    /// <summary>Tokens of each continuation.</summary>
    public IReadOnlyList<int> ContinuationTokens => [.. _targets.Select(ids => ids.Length)];

    /// <summary>Whether a context had to be cut.</summary>
    public bool Truncated { get; }

    /// <summary>Tokens that are fed where each choice is a sequence of its own.</summary>
    public int SequenceTokens => _inputs.Sum(ids => ids.Length);

    /// <summary>Tokens that are fed: what all choices begin with is fed once.</summary>
    public int Tokens => Trees.Sum(tree => tree.Tokens);

    /// <summary>What is fed: one tree, or where the choices have no start in common one for each of them.</summary>
    public IReadOnlyList<TokenTree> Trees { get; }

    /// <summary>First 16 hexadecimal digits of SHA-256 over everything that is fed and scored.</summary>
    public string IdsHash
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var ids in _inputs.Concat(_targets))
            {
                hash.AppendData(MemoryMarshal.AsBytes<int>([ids.Length, .. ids]));
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
        }
    }

    /// <summary>The predictions that count of a choice: where each is made, counted from the item's first token, and what should come.</summary>
    public IEnumerable<(int Row, int Target)> Predictions(int choice)
    {
        var (inputs, targets) = (_inputs[choice], _targets[choice]);
        var first = inputs.Length - targets.Length;
        return targets.Select((target, place) => (Row(choice, first + place), target));
    }

    private int Row(int choice, int position)
    {
        if (Trees.Count > 1)
        {
            return Trees.Take(choice).Sum(tree => tree.Tokens) + position;
        }

        var (trunk, branches) = (Trees[0].Trunk.Count, Trees[0].Branches);
        return position < trunk ? position : branches.Take(choice).Sum(branch => branch.Count) + position;
    }

    private int SharedTokens()
    {
        var shared = _inputs.Min(ids => ids.Length);
        foreach (var ids in _inputs)
        {
            shared = ids.AsSpan(0, shared).CommonPrefixLength(_inputs[0]);
        }

        return shared;
    }

    // What is empty is the end of a text, as in the harness.
    private static int[] Context(string text, Tokenizer tokenizer, string name) => tokenizer.Encode(text) is { Length: > 0 } ids
        ? ids
        : [tokenizer.EosId ?? tokenizer.BosId ?? throw new SlimException($"{name}: a prompt is empty, and the tokenizer has no end of a text to put in its place")];

    private static void Check(int[][] continuations, int[][] whole, ModelShape model, string name)
    {
        foreach (var (choice, ids) in continuations.Index())
        {
            if (ids.Length == 0 || ids.Length > model.MaxPositions)
            {
                throw new SlimException($"{name}: choice {choice} has {ids.Length} tokens; the model scores 1 to {model.MaxPositions}");
            }
        }

        foreach (var id in whole.SelectMany(ids => ids).Where(id => id < 0 || id >= model.VocabularySize))
        {
            throw new SlimException($"{name}: a token has id {id}, but the model knows ids 0 to {model.VocabularySize - 1}: the tokenizer belongs to another model.");
        }
    }
}
