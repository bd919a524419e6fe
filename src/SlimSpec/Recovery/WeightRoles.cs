namespace SlimSpec;

/// <summary>Which of a model's weights have a part that recovery asks for by name.</summary>
internal static class WeightRoles
{
    private const string Weight = ".weight";
    private const string Bias = ".bias";

    /// <summary>Weights and biases of norms: the vectors that scale, and those that belong to them.</summary>
    public static IEnumerable<WeightLeaf> Norms(CausalLM model)
    {
        var vectors = model.Leaves.Where(leaf => leaf.Leaf.dim() == 1).ToList();
        var scaling = vectors.Select(NameOf).Where(name => name.EndsWith(Weight, StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        return vectors.Where(leaf => scaling.Contains(NameOf(leaf)) || scaling.Contains(WeightOfBias(NameOf(leaf))));
    }

    /// <summary>The language model's last linear: its matrix, which is the embedding where they are tied, and its bias, if any.</summary>
    public static IEnumerable<WeightLeaf> Head(CausalLM model)
    {
        var matrices = model.OuterLeaves.Where(leaf => leaf.Leaf.dim() == 2).ToList();
        var norms = Norms(model).ToHashSet();
        return
        [
            model.TiedHead ? matrices.First(leaf => leaf.Leaf.size(0) == model.Shape.VocabularySize) : matrices[^1],
            .. model.OuterLeaves.Where(leaf => leaf.Leaf.dim() == 1 && !norms.Contains(leaf)),
        ];
    }

    /// <summary>The dtype of weights that are trained beside a model's: in 16 bits an optimizer's small steps would be rounded away.</summary>
    public static torch.ScalarType DtypeBeside(torch.ScalarType model) =>
        model is torch.ScalarType.Float16 or torch.ScalarType.BFloat16 ? torch.ScalarType.Float32 : model;

    private static string NameOf(WeightLeaf leaf) => leaf.Tensors[0].Name;

    private static string WeightOfBias(string name) => name.EndsWith(Bias, StringComparison.Ordinal) ? name[..^Bias.Length] + Weight : name;
}
