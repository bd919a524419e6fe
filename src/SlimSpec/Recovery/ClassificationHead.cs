using TorchSharp.Modules;

namespace SlimSpec;

/// <summary>
/// A linear classifier that reads what the language model's last linear reads, in place of that linear, at the last token:
/// <c>score</c> of Hugging Face's <c>*ForSequenceClassification</c>.
/// </summary>
public sealed class ClassificationHead : IDisposable
{
    private const double StandardDeviation = 0.02;

    // Tells its random numbers from those of data order, adapters and dropout.
    private const long Stream = 1L << 40;

    internal ClassificationHead(torch.Tensor weight, IReadOnlyList<string> classes)
    {
        Weight = new Parameter(weight.detach(), requires_grad: false);
        Weight.DetachFromDisposeScope();
        Classes = classes;
    }

    /// <summary>One row a class, <c>[classes, width]</c>; there is no bias. Float32 beside a model of 16 bits, else of the model's dtype.</summary>
    public Parameter Weight { get; }

    /// <summary>The classes, in the order of the rows.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Makes a classifier with random weights from N(0, 0.02^2).</summary>
    /// <param name="model">The model in front of it.</param>
    /// <param name="classes">The classes.</param>
    /// <param name="seed">The same seed gives the same weights.</param>
    /// <exception cref="SlimException">No recovery step of the model's recipe trains a classifier.</exception>
    public static ClassificationHead Create(CausalLM model, IReadOnlyList<string> classes, int seed)
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var random = new SeededRandom(seed, Stream);
        var width = WidthFor(model);
        var values = new float[classes.Count * width];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(StandardDeviation * random.NextNormal());
        }

        return new(torch.tensor(values, [classes.Count, width]).to(WeightRoles.DtypeBeside(model.Dtype)).to(model.Device), classes);
    }

    /// <summary>Logits <c>[..., classes]</c>.</summary>
    /// <param name="features">What <see cref="CausalLM.HeadFeatures"/> gives, <c>[..., width]</c>.</param>
    public torch.Tensor Logits(torch.Tensor features) => torch.nn.functional.linear(features.to(Weight.dtype), Weight);

    /// <inheritdoc/>
    public void Dispose() => Weight.Dispose();

    /// <summary>Features that a model gives a classifier.</summary>
    /// <exception cref="SlimException">No recovery step of the model's recipe trains a classifier.</exception>
    internal static long WidthFor(CausalLM model)
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        using var held = model.UseHead();
        try
        {
            return model.HeadFeatures(torch.zeros([1, 1, model.Shape.HiddenSize], dtype: model.Dtype, device: model.Device)).size(-1);
        }
        catch (NotSupportedException failure)
        {
            throw new SlimException("The recipe was compiled without a classifier: none of its recovery steps has the objective p_cls or cls.", failure);
        }
    }
}
