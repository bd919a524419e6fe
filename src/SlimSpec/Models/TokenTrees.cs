namespace SlimSpec;

/// <summary>Sequences that begin alike: the tokens that they share, and how each goes on.</summary>
/// <param name="Trunk">The tokens at the start of all of them.</param>
/// <param name="Branches">What follows in each; none for the trunk alone.</param>
public sealed record TokenTree(IReadOnlyList<int> Trunk, IReadOnlyList<IReadOnlyList<int>> Branches)
{
    /// <summary>Tokens of trunk and branches.</summary>
    public int Tokens => Trunk.Count + Branches.Sum(branch => branch.Count);

    /// <summary>Tokens of the longest sequence.</summary>
    public int Depth => Trunk.Count + Branches.Select(branch => branch.Count).DefaultIfEmpty().Max();
}

/// <summary>
/// Trees of tokens, one behind the other in one row, so that a pass computes each token once and pads nothing: a token stands where it
/// stands in its sequence, and attends to the trunk and the branch it is in, up to itself (tree attention; Miao et al. 2024, SpecInfer).
/// </summary>
/// <param name="trees">The trees. Their tokens are plain text to a model that reads prompts in both directions.</param>
public sealed class TokenTrees(IReadOnlyList<TokenTree> trees) : IDisposable
{
    private readonly Dictionary<int, torch.Tensor> _masks = [];

    /// <summary>Tokens of all trees.</summary>
    public int Tokens { get; } = trees.Sum(tree => tree.Tokens);

    /// <summary>Tokens of the longest sequence.</summary>
    public int Depth { get; } = trees.Select(tree => tree.Depth).DefaultIfEmpty().Max();

    /// <summary>The trees' tokens, <c>[1, tokens]</c>, int64.</summary>
    public torch.Tensor InputIds(torch.Device device)
    {
        long[] ids = [.. trees.SelectMany(tree => tree.Branches.Aggregate(tree.Trunk.AsEnumerable(), Enumerable.Concat)).Select(id => (long)id)];
        return torch.tensor(ids, [1, Tokens], device: device);
    }

    /// <summary>Where each token stands in its sequence, <c>[tokens]</c>, int64.</summary>
    public torch.Tensor Positions(torch.Device device) => torch.tensor([.. trees.SelectMany(Positions)], device: device);

    /// <summary>Attention within the trees; arguments and result as those of <see cref="Kernels.attention"/>, for a batch of one.</summary>
    internal torch.Tensor Attention(torch.Tensor q, torch.Tensor k, torch.Tensor v, long window, torch.Tensor? slopes)
    {
        // The layout in which heads are put together again.
        var result = torch.empty([1, q.size(2), q.size(1), v.size(3)], dtype: q.dtype, device: q.device).transpose(1, 2);
        long start = 0;
        for (var tree = 0; tree < trees.Count; tree++)
        {
            using var scope = torch.NewDisposeScope();
            var tokens = trees[tree].Tokens;
            torch.Tensor Part(torch.Tensor heads) => heads.narrow(2, start, tokens);
            var plain = trees[tree].Branches.Count == 0 && slopes is null && (window == 0 || window >= tokens);
            var bias = plain ? null : Bias(tree, q, window, slopes);
            Part(result).copy_(Kernels.Attend(Part(q), Part(k), Part(v), bias));
            start += tokens;
        }

        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var mask in _masks.Values)
        {
            mask.Dispose();
        }
    }

    private static IEnumerable<long> Positions(TokenTree tree) =>
        tree.Branches.Aggregate(Enumerable.Range(0, tree.Trunk.Count), (places, branch) => places.Concat(Enumerable.Range(tree.Trunk.Count, branch.Count))).Select(place => (long)place);

    // Added to the scores, [1, 1 or heads, tokens, tokens]. All layers have the same where nothing of their own comes in.
    private torch.Tensor Bias(int tree, torch.Tensor q, long window, torch.Tensor? slopes)
    {
        if (slopes is not null)
        {
            return Kernels.Bias(q, Distances(tree, q.device), Hidden(tree, q.device), window, slopes);
        }

        if (!_masks.TryGetValue(tree, out var mask))
        {
            mask = Kernels.Bias(q, Distances(tree, q.device), Hidden(tree, q.device), window, slopes).DetachFromDisposeScope();
            _masks.Add(tree, mask);
        }

        return mask;
    }

    // How far a key stands behind a row, [tokens, tokens].
    private torch.Tensor Distances(int tree, torch.Device device)
    {
        var positions = torch.tensor([.. Positions(trees[tree])], device: device);
        return positions - positions.unsqueeze(1);
    }

    // The keys that a row does not see: those behind it, and those of other branches.
    private torch.Tensor Hidden(int tree, torch.Device device)
    {
        var (trunk, branches) = (trees[tree].Trunk.Count, trees[tree].Branches);
        var branch = torch.tensor(
            [.. Enumerable.Repeat(0L, trunk), .. branches.SelectMany((tokens, number) => Enumerable.Repeat(number + 1L, tokens.Count))], device: device);
        var places = torch.arange(trees[tree].Tokens, dtype: torch.ScalarType.Int64, device: device);
        var foreign = branch.ne(branch.unsqueeze(1)) * branch.ne(0); // and
        return places.gt(places.unsqueeze(1)) + foreign; // or
    }
}
