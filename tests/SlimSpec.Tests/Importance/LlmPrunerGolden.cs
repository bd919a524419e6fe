using System.Text.Json;
using static TorchSharp.torch;

namespace SlimSpec.Tests.Importance;

/// <summary>One run of LLM-Pruner's own code on one of the random models of the goldens.</summary>
internal sealed class LlmPrunerGolden : IDisposable
{
    private readonly JsonElement _root;
    private readonly SafetensorsFile _tensors;

    public LlmPrunerGolden(string name)
    {
        _root = TestFiles.GoldenJson($"llm-pruner-{name}/golden.json");
        _tensors = SafetensorsFile.Open(TestFiles.Golden($"llm-pruner-{name}/golden.safetensors"));
        Groups = [.. _root.GetProperty("groups").EnumerateArray().Select(Read)];
    }

    /// <summary>The calibration ids <c>[10, 64]</c>.</summary>
    public static Tensor Calibration => Tensors.Of(TestFiles.GoldenJson("llm-pruner-calibration.json").GetProperty("ids").Rows());

    /// <summary>The ids <c>[2, 20]</c> that <see cref="PrunedLogits"/> are of.</summary>
    public static Tensor InputIds => Tensors.Of(TestFiles.GoldenJson("llama-mha/golden.json").GetProperty("input_ids").Rows());

    /// <summary>Groups in the order they were cut; a second step's follow the first's.</summary>
    public IReadOnlyList<Group> Groups { get; }

    /// <summary>The cut as our spec says it.</summary>
    public WidthCut Cut
    {
        get
        {
            var range = _root.GetProperty("layers").Ids();
            var isChannelWise = _root.GetProperty("mode").GetString() == "channel";
            var importance = _root.GetProperty("importance").GetString();
            return new()
            {
                Targets = isChannelWise ? ["hidden"] : ["mlp", "attention"],
                Score = importance switch { "l1" => WidthScore.L1, "l2" => WidthScore.L2, _ => WidthScore.Taylor },
                Order = _root.GetProperty("taylor").GetString() switch
                {
                    "vectorize" => TaylorOrder.Vector,
                    "param_second" => TaylorOrder.Second,
                    "param_mix" => TaylorOrder.Mix,
                    _ => TaylorOrder.First,
                },
                // LLM-Pruner ignores its option for magnitudes and always takes the mean.
                Reduce = importance == "taylor" ? Enum.Parse<GroupReduction>(_root.GetProperty("group_reduction").GetString()!, ignoreCase: true) : GroupReduction.Mean,
                Sparsity = _root.GetProperty("ratio").GetDouble(),
                Layers = isChannelWise ? [] : [.. Enumerable.Range(range[0], range[1] - range[0])],
                Steps = _root.GetProperty("iterative_steps").GetInt32(),
            };
        }
    }

    /// <summary>Our plan and slim model for the same cut.</summary>
    public PruningResult Prune()
    {
        var model = _root.GetProperty("base").GetString()!;
        return PruningRun.Run(new CutRecipe(GoldenModels.Recipe(model), Cut), GoldenModels.Load(model), Calibration, "none", 0);
    }

    /// <summary>Our scores for the same cut, in one step.</summary>
    public IReadOnlyDictionary<(int Layer, string Unit), float[]> Score(CausalLM model, WidthCut cut)
    {
        var pruner = GoldenModels.Recipe(_root.GetProperty("base").GetString()!).Pruner;
        return UnitScores.Take(pruner, model, cut, CutPlaces.Of(pruner, model.Shape, cut), Calibration, _ => [], null).Scores;
    }

    /// <summary>Mean loss over the calibration ids before each step.</summary>
    public IReadOnlyList<double> CalibrationLosses => _root.GetProperty("calibration_losses").Doubles();

    /// <summary>Parameters before and after the cut.</summary>
    public (long Before, long After) Parameters => (_root.GetProperty("parameters_before").GetInt64(), _root.GetProperty("parameters_after").GetInt64());

    public Tensor PrunedLogits => _tensors.Load("pruned_logits");

    public void Dispose() => _tensors.Dispose();

    private Group Read(JsonElement group)
    {
        var root = group.GetProperty("root").GetString()!;
        var consecutive = group.GetProperty("consecutive").GetInt32(); // channels a unit
        using var importance = _tensors.Load(group.GetProperty("importance_key").GetString()!);
        var kept = group.GetProperty("kept").Ids();
        var isHidden = root == "model.norm";
        return new(
            isHidden ? StructuredPruner.WholeModel : int.Parse(root.Split('.')[2], System.Globalization.CultureInfo.InvariantCulture),
            isHidden ? "hidden" : root.EndsWith("gate_proj", StringComparison.Ordinal) ? "mlp" : "attention",
            importance.view(-1, consecutive).sum(1).data<float>().ToArray(),
            [.. kept.Where(channel => channel % consecutive == 0).Select(channel => channel / consecutive)]);
    }

    /// <summary>One group of one step; units are counted as the model at that step has them.</summary>
    public sealed record Group(int Layer, string Unit, float[] Scores, int[] Kept);
}
