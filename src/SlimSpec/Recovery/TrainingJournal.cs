using System.Globalization;
using System.Text;
using System.Text.Json;
using TorchSharp.Modules;

namespace SlimSpec;

/// <summary>
/// Checkpoints of a training, so that one that was killed goes on where it was and comes to the same weights. There is one at a
/// time: a folder <c>step-N</c> with the weights, the optimizer's state and what is known so far, which is there whole or not at
/// all. The best weights are beside it, in a file of their own that is written when they change.
/// </summary>
/// <param name="folder">A folder of its own; made when first written to.</param>
/// <param name="identity">Everything that the training follows from, in words: another's checkpoint is never taken up.</param>
internal sealed class TrainingJournal(string folder, string identity)
{
    private const string IdentityFile = "identity.txt";
    private const string StateFile = "state.json";
    private const string WeightsFile = "weights.safetensors";
    private const string OptimizerFile = "optimizer.bin";
    private const string StepPrefix = "step-";
    private const string BestPrefix = "best-";

    /// <summary>Puts a training where it was left; what another one left is removed.</summary>
    /// <param name="loop">The training, at its beginning.</param>
    /// <param name="parameters">What is trained.</param>
    /// <param name="best">Gets the best weights so far.</param>
    /// <returns>Whether there was a checkpoint.</returns>
    /// <exception cref="SlimException">The checkpoint is damaged, or the place cannot be written.</exception>
    public bool Resume(TrainingLoop loop, TrainableParameters parameters, BestWeights best)
    {
        var file = Path.Combine(folder, IdentityFile);
        if (!File.Exists(file) || File.ReadAllText(file) != identity)
        {
            RemoveAllBut();
            AtomicFile.WriteText(file, identity);
        }

        if (Entries(StepPrefix).Where(IsWhole).Order(StringComparer.Ordinal).LastOrDefault() is not { } checkpoint)
        {
            return false;
        }

        try
        {
            Read(checkpoint, loop, parameters, best);
            return true;
        }
        catch (Exception damaged) when (damaged is IOException or UnauthorizedAccessException or JsonException or InvalidDataException or ArgumentException or SlimException)
        {
            throw new SlimException($"{checkpoint}: this checkpoint of a training cannot be read ({damaged.Message}); delete {folder} to train from the start", damaged);
        }
    }

    /// <summary>Writes a checkpoint; the one before goes.</summary>
    /// <param name="loop">The training, between two steps.</param>
    /// <param name="parameters">What is trained.</param>
    /// <param name="best">The best weights so far.</param>
    /// <exception cref="SlimException">The place cannot be written.</exception>
    public void Save(TrainingLoop loop, TrainableParameters parameters, BestWeights best)
    {
        var state = loop.State;
        if (state.BestStep > 0 && !File.Exists(BestFile(state)))
        {
            WriteWeights(BestFile(state), best.Values);
        }

        var checkpoint = Path.Combine(folder, Numbered(StepPrefix, state.Step));
        AtomicFile.WriteFolder(checkpoint, _ => true, place =>
        {
            WriteWeights(Path.Combine(place, WeightsFile), parameters.All);
            AtomicFile.Write(Path.Combine(place, OptimizerFile), stream =>
            {
                using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
                loop.Optimizer.save_state_dict(writer);
            });
            AtomicFile.WriteText(Path.Combine(place, StateFile), JsonSerializer.Serialize(state, RunFolder.Json));
        });
        RemoveAllBut(checkpoint, BestFile(state));
    }

    private void Read(string checkpoint, TrainingLoop loop, TrainableParameters parameters, BestWeights best)
    {
        loop.State = JsonSerializer.Deserialize<TrainingState>(File.ReadAllBytes(Path.Combine(checkpoint, StateFile)), RunFolder.Json)!;
        ReadWeights(Path.Combine(checkpoint, WeightsFile), parameters.All);
        using var reader = new BinaryReader(File.OpenRead(Path.Combine(checkpoint, OptimizerFile)));
        loop.Optimizer.load_state_dict(reader);
        if (loop.State.BestStep > 0)
        {
            best.Keep();
            ReadWeights(BestFile(loop.State), best.Values);
        }
    }

    private static string Numbered(string prefix, int step) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{step:00000000}");

    private static void WriteWeights(string path, IReadOnlyList<torch.Tensor> tensors) =>
        SafetensorsWriter.Write(path, [.. tensors.Select((tensor, number) => (NameOf(number), tensor))]);

    private static void ReadWeights(string path, IReadOnlyList<torch.Tensor> tensors)
    {
        using var file = SafetensorsFile.Open(path);
        for (var number = 0; number < tensors.Count; number++)
        {
            file.CopyTo(NameOf(number), tensors[number]);
        }
    }

    private static string NameOf(int number) => number.ToString("000000", CultureInfo.InvariantCulture);

    private string BestFile(TrainingState state) => Path.Combine(folder, $"{Numbered(BestPrefix, state.BestStep)}.safetensors");

    private static bool IsWhole(string entry) => Path.GetFileName(entry.AsSpan())[StepPrefix.Length..].IndexOfAnyExceptInRange('0', '9') < 0;

    // What is there under a name of ours, half-written things that a kill left included.
    private string[] Entries(string prefix) => Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder, $"{prefix}*") : [];

    private void RemoveAllBut(params string[] kept)
    {
        foreach (var entry in Entries(StepPrefix).Concat(Entries(BestPrefix)).Except(kept))
        {
            if (Directory.Exists(entry))
            {
                Directory.Delete(entry, recursive: true);
            }
            else
            {
                File.Delete(entry);
            }
        }
    }
}
