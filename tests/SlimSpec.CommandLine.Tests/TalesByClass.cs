namespace SlimSpec.CommandLine.Tests;

/// <summary>A recipe in C#, compiled by this project's own build.</summary>
[SlimRecipe]
[Model(Architecture = "llama", Checkpoint = "models/tales", Config = "models/tales/config.json")]
[ModelKey("rms_norm_eps", 1e-5)]
[CutWidth(Targets = ["mlp"], Score = WidthScore.L1, Sparsity = 0.5, Layers = "1..2")]
[CutWidth(Targets = ["attention"], Score = WidthScore.L2, Sparsity = 0.25, ProtectFirst = 1)]
[Evaluate(Dataset = "data/tales.txt", Window = 64, Limit = 2)]
internal partial class TalesByClass;
