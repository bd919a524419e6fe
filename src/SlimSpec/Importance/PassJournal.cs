namespace SlimSpec;

/// <summary>What a <see cref="ScoringJournal"/> says of one pass of the samples through the layers. Without a journal nothing is kept.</summary>
/// <param name="journal">The journal, if any.</param>
/// <param name="pass">The pass, for example <c>backward</c>: a scoring may take several.</param>
/// <param name="device">Where the samples' states belong.</param>
internal sealed class PassJournal(ScoringJournal? journal, string pass, torch.Device device)
{
    /// <summary>The last of some layers whose input has been kept, by its place in the list; -1: none.</summary>
    public int LastInput(IReadOnlyList<int> layers) => journal is null ? -1 : layers.ToList().FindLastIndex(layer => Has(Input(layer)));

    /// <summary>Whether there is an entry.</summary>
    public bool Has(string entry) => journal?.Has(Name(entry)) ?? false;

    /// <summary>Keeps tensors, one a micro batch or otherwise in order.</summary>
    public void Keep(string entry, IEnumerable<torch.Tensor> tensors) => journal?.Write(Name(entry), tensors);

    /// <summary>The tensors that were kept, in the caller's scope.</summary>
    public torch.Tensor[] Recall(string entry) =>
        journal is null ? throw new InvalidOperationException("Nothing was kept.") : [.. journal.Read(Name(entry), device).Select(tensor => tensor.Value)];

    /// <summary>Forgets what is needed no more.</summary>
    public void Drop(string entry) => journal?.Drop(Name(entry));

    /// <summary>The entry of what goes into a layer, one tensor a micro batch.</summary>
    public static string Input(int layer) => $"input-{layer}";

    private string Name(string entry) => $"{pass}-{entry}";
}
