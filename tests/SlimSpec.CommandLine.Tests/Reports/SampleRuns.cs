namespace SlimSpec.CommandLine.Tests;

/// <summary>Runs with figures that tests can count on.</summary>
internal static class SampleRuns
{
    private static readonly EvaluationProtocol Wiki = new(PerplexityProtocol.LlmPruner, "data/wiki.txt", 0.5, 1, 128, 40, 5080, "float32");
    private static readonly ChoiceProtocol Boolq = new("boolq", "boolq.jsonl", 100, 0, MultipleChoiceMetric.Acc, 0.5, "float32");
    private static readonly ChoiceProtocol Piqa = new("piqa", "piqa.jsonl", 200, 5, MultipleChoiceMetric.Acc, 0.5, "float32");

    /// <summary>A run that cut a quarter of the parameters and has everything that a page can show. Its names are no valid XML unless they are escaped.</summary>
    public static RunRecord Record() => new()
    {
        Recipe = "A<b>&\"c\"",
        SpecFile = "sample.slim.yaml",
        RecipeHash = "abc",
        Architecture = "llama",
        Layers = 4,
        Set = ["prune[0].sparsity=0.25"],
        Checkpoint = "models/sample",
        Command = "slim run sample.slim.yaml --set 'prune[0].sparsity=0.25'",
        Device = "cpu",
        Dtype = "float32",
        Settings = new() { Prune = [new WidthCut { Targets = ["mlp"], Sparsity = 0.25, Layers = [1, 2] }], Recover = [new LoraRecovery { Dataset = new("a.json"), LoraTargetModules = [] }] },
        MacsTokens = 64,
        Structures = [new("mlp", "ffn", [new("mlp.gate_proj.weight", 0, "1"), new("mlp.down_proj.weight", 1, "1")])],
        Evaluations = [Wiki, Wiki with { Window = 2048, Windows = 2, TokensScored = 4094 }],
        Choices = [Boolq, Piqa],
        Task = new("trec", RecoveryObjective.PCls, "trec.label", 250, 6, 0.19, 0.84),
        Recovery = [new("lora", RecoveryObjective.Lm, 5000, 100, 3, 900, 3.2, 2.9, 3, null, false, 4.5, new(120, 20, ["a.json(3): no text"], 0, 0))],
        Constraints = [new("params", 800_000, 1_000_000, 750_000)],
        Cost = new("cpu", "float32", 2, 5, 32, [Model("dense", 1_000_000, 0.020), Model("recovered", 750_000, 0.016)]),
        Exits = new(ExitMode.Adaptive, ExitScope.Decode, 4, 3.1, 3.2, 1.2, 1.1, Enabled: true) { Simulated = new(100, [0, 0, 40, 10, 50], 3.1, 0.99), Measured = new(80, [0, 0, 30, 4, 46], 3.2, 1) },
        Exports = [new(ExportFormat.Gguf, ExportDtype.Q8_0, "export/sample.gguf", 1_234_567, "needs llama.cpp from b4000")],
        Warnings = ["recovery data has lines of wiki.txt"],
        Stages =
        [
            Stage("dense", 1_000_000, 20, 0.7, 0.6, 0.8),
            Stage("pruned", 750_000, 25, 0.5, 0.55, 0.5),
            Stage("recovered", 750_000, 22, 0.6, 0.6, 0.75),
        ],
        Finished = DateTime.UnixEpoch,
    };

    /// <summary>What lies in its folder.</summary>
    public static RunContents Contents(RunRecord? record = null) => new("runs/sample", record ?? Record(), Plan(), Steps("recovered", 3), "spec: 1 # <&>\n");

    /// <summary>A plan for 4 layers: the last went, the two in the middle keep 6 of 8 units.</summary>
    public static PruningPlan Plan() => new()
    {
        Origin = new("Sample", "abc", "def", 0),
        Versions = PruningPlan.CurrentVersions,
        Layers = [new(DepthCut.Block, [0, 1, 2], [null, null, null, 0.1f])],
        Groups = [Group(1, [0, 1, 2, 3, 4, 5]), Group(2, [2, 3, 4, 5, 6, 7])],
    };

    /// <summary>Steps with falling losses, the last one validated.</summary>
    public static IReadOnlyList<LoggedStep> Steps(string stage, int count) => [.. Enumerable.Range(1, count).Select(step => new LoggedStep(stage, new()
    {
        Step = step,
        Loss = 3.0 / step,
        GradNorm = 1,
        LearningRate = 1e-4,
        Tokens = 300 * step,
        TokensPerSecond = 100,
        Seconds = step,
        ValidationLoss = step == count ? 2.5 : null,
    }))];

    private static PlanGroup Group(int layer, int[] kept) => new(layer, "mlp", kept, new float[8]);

    private static StageRecord Stage(string name, long parameters, double perplexity, double boolq, double piqa, double accuracy) => new()
    {
        Name = name,
        Parameters = parameters,
        Macs = 64 * parameters,
        Perplexities = [perplexity, perplexity / 2],
        Choices = [new("boolq", [new(MultipleChoiceMetric.Acc, boolq, 0.05)]), new("piqa", [new(MultipleChoiceMetric.Acc, piqa, 0.03), new(MultipleChoiceMetric.AccNorm, piqa - 0.1, 0.03)])],
        Task = new(accuracy, 0.02, accuracy - 0.1),
        Seconds = 2,
        PeakRssMb = 100,
    };

    private static ModelCostRecord Model(string name, long parameters, double seconds) => new(
        name, parameters, 4 * parameters, 512, [Latency(1, 128, seconds), Latency(8, 512, 10 * seconds)]);

    private static LatencyRecord Latency(int batch, int prompt, double seconds) => new(
        batch, prompt, 1000, new(seconds, seconds * 0.9, seconds * 1.2), new(seconds / 10, seconds / 11, seconds / 9), 300);
}
