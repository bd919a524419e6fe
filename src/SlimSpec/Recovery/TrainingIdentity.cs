using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SlimSpec;

/// <summary>Everything that a training follows from, in words: what is the same comes to the same weights.</summary>
internal static class TrainingIdentity
{
    private static readonly JsonSerializerOptions Compact = new(RunFolder.Json) { WriteIndented = false };

    /// <summary>What computes: another build may come to other bits.</summary>
    public static string Build { get; } = $"slimspec {typeof(TrainingIdentity).Module.ModuleVersionId}, torch {torch.__version__}";

    /// <summary>The identity of a recovery step, before its first optimizer step.</summary>
    /// <param name="model">The model it starts from.</param>
    /// <param name="step">The step. Where its data and its teacher lie does not count, what they are does.</param>
    /// <param name="data">The data.</param>
    /// <param name="head">The classifier it starts from, if any.</param>
    /// <param name="teacher">What tells its teacher from others, if it has one.</param>
    public static string Of(CausalLM model, RecoveryStep step, TrainingSet data, ClassificationHead? head, string? teacher)
    {
        var settings = step with { Dataset = new(""), Task = null, SaveSteps = 0 };
        settings = settings is DistillRecovery distillation ? distillation with { Teacher = null } : settings;
        return string.Join(
            '\n',
            Build,
            $"step {step.GetType().Name} {JsonSerializer.Serialize(settings, step.GetType(), Compact)}",
            $"model {OfWeights(model)}, {model.Dtype} on {model.Device}",
            $"classifier {OfHead(head)}",
            $"data {Hash(stream => Write(stream, data))}",
            $"teacher {teacher ?? "none"}",
            "");
    }

    /// <summary>A hash over all weights of a model, which need not be in memory.</summary>
    public static string OfWeights(CausalLM model) => Hash(stream =>
    {
        using var weights = new WeightCursor(model);
        foreach (var tensor in model.Tensors)
        {
            using var scope = torch.NewDisposeScope();
            stream.Write(Encoding.UTF8.GetBytes($"{tensor.Name} [{string.Join(", ", tensor.Shape)}]\n"));
            SafetensorsWriter.WriteValues(stream, weights.Value(tensor), model.Dtype);
        }
    });

    /// <summary>A hash over the weights of a classifier, if there is one.</summary>
    public static string OfHead(ClassificationHead? head) => head is null ? "none" : Hash(stream => SafetensorsWriter.WriteValues(stream, head.Weight, head.Weight.dtype));

    /// <summary>A hash over what is written.</summary>
    public static string Hash(Action<Stream> write)
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            write(stream);
        }

        return Convert.ToHexStringLower(hash.Hash!);
    }

    private static void Write(Stream stream, TrainingSet data)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        foreach (var name in data.Classes)
        {
            writer.Write(name);
        }

        foreach (var token in data.LabelTokens)
        {
            writer.Write(token);
        }

        Write(writer, data.Training);
        Write(writer, data.Validation);
    }

    /// <summary>Writes examples for a hash.</summary>
    public static void Write(BinaryWriter writer, IReadOnlyList<TrainingExample> examples)
    {
        writer.Write(examples.Count);
        foreach (var example in examples)
        {
            writer.Write(example.Ids.Length);
            writer.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(example.Ids));
            writer.Write(example.Label);
            foreach (var (place, _) in TrainingBatch.Scores(example))
            {
                writer.Write(place);
            }

            writer.Write(-1);
        }
    }
}
