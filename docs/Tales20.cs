using SlimSpec;

namespace Stories;

/// <summary>Cuts the embedded story model by 20 % of the heads and MLP channels of its inner layers, then recovers with LoRA.</summary>
[SlimRecipe]
[Model(Architecture = "llama", Checkpoint = "models/tales", Config = "models/tales/config.json")]
[Calibration(Dataset = Stories, Split = ":10%", NumSamples = 10, MaxSeqLength = 64)]
[CutWidth(Targets = ["mlp", "attention"], Score = WidthScore.Taylor, Order = TaylorOrder.First, Sparsity = 0.20, ProtectFirst = 1, ProtectLast = 1)]
[RecoverLora(LoraR = 8, LoraAlpha = 16, Dataset = Stories, Split = "10%:", MaxSeqLength = 128, LearningRate = 1e-3, NumEpochs = 2, MicroBatchSize = 8)]
[Evaluate(Dataset = "data/tales.txt", Window = 128)]
public partial class Tales20
{
    private const string Stories = "data/tales-recovery.txt";
}
