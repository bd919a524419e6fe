using System.Text.Json;

namespace SlimSpec.Tests.Families;

/// <summary>What transformers computes for a tiny random model of a family: <c>goldens/NAME</c>.</summary>
internal sealed class FamilyGolden
{
    private readonly JsonElement _root;

    public FamilyGolden(string name)
    {
        Name = name;
        _root = TestFiles.GoldenJson($"{name}/golden.json");
    }

    public string Name { get; }

    /// <summary>Token ids <c>[2, 20]</c>.</summary>
    public torch.Tensor Ids => Tensors.Of(_root.GetProperty("input_ids").Rows());

    /// <summary>Targets <c>[2, 20]</c>, not yet shifted: the ids themselves, unless the family has its own.</summary>
    public torch.Tensor Labels => Find("labels") is { } labels ? Tensors.Of(labels.Rows()) : Ids;

    public double Loss => _root.GetProperty("loss").GetDouble();

    /// <summary>Per weight: the gradient's norm, and its projection on a fixed pattern, which sees transposes and permutations.</summary>
    public IReadOnlyDictionary<string, (double Norm, double Projection)> Gradients => _root.GetProperty("grads").EnumerateObject().ToDictionary(
        weight => weight.Name,
        weight => (weight.Value.GetProperty("l2").GetDouble(), weight.Value.GetProperty("proj").GetDouble()));

    /// <summary>A part of the JSON document that not all families have, or null.</summary>
    public JsonElement? Find(string part) => _root.TryGetProperty(part, out var value) ? value : null;

    /// <summary>A tensor of <c>golden.safetensors</c>.</summary>
    public torch.Tensor Tensor(string name)
    {
        using var file = SafetensorsFile.Open(TestFiles.Golden($"{Name}/golden.safetensors"));
        return file.Load(name);
    }

    /// <summary>Mean cross-entropy of predicting each label from the tokens before it.</summary>
    public static torch.Tensor NextTokenLoss(torch.Tensor logits, torch.Tensor labels) =>
        SlimSpec.Loss.Mean(logits.narrow(1, 0, logits.size(1) - 1), labels.narrow(1, 1, labels.size(1) - 1));

    /// <summary>The golden's weighting of a gradient: the sum over its elements in row order of g[i] * cos(0.1 i + 0.5).</summary>
    public static double Project(torch.Tensor gradient)
    {
        using var scope = torch.NewDisposeScope();
        var flat = gradient.to(torch.ScalarType.Float64).flatten();
        return (flat * (torch.arange(flat.numel(), dtype: torch.ScalarType.Float64) * 0.1 + 0.5).cos()).sum().item<double>();
    }
}
