using static TorchSharp.torch;

namespace SlimSpec.Tests.Importance;

/// <summary>Scores by activations against their formulas over all activations at once, in float64, for every family and unit.</summary>
public sealed class ActivationScoresTests : IDisposable
{
    private const int Samples = 3;
    private const int TokensEach = 9;

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string, string> LayerUnits => GoldenModels.UnitsWhere((_, structure) => !structure.IsWholeModel);

    public static TheoryData<string, string> ModelUnits => GoldenModels.UnitsWhere((_, structure) => structure.IsWholeModel);

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(LayerUnits))]
    public void A_unit_of_a_layer_has_the_score_of_what_reads_it(string golden, string unit)
    {
        using var model = CutModels.Load(golden, ScalarType.Float64);
        var structure = UnitScores.Structure(CutModels.Recipe(golden).Pruner, unit);
        var ids = Ids(golden);
        var layers = Observe(model, ids);
        foreach (var score in new[] { WidthScore.Wanda, WidthScore.Flap, WidthScore.Activation })
        {
            var scored = Score(golden, model, new() { Targets = [unit], Score = score, Sparsity = 0.5, Layers = [.. Enumerable.Range(0, layers.Count)] }, ids);
            for (var layer = 0; layer < layers.Count; layer++)
            {
                var (weight, x) = Readers(model.Layers[layer], layers[layer], structure).ShouldHaveSingleItem();
                var units = scored[(layer, unit)].Length;
                var channels = Channels(score, weight, x).reshape(units, -1);
                var expected = (score == WidthScore.Activation ? channels.square().sum([1]).sqrt()
                    : score == WidthScore.Flap && structure.ChannelsPerUnit > 1 ? channels.square().sum([1])
                    : channels.sum([1])).data<double>().ToArray();
                ShouldAgree(scored[(layer, unit)], expected, $"{golden} {unit} {score} {layer}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(ModelUnits))]
    public void A_channel_of_the_residual_stream_has_the_sum_over_what_reads_it(string golden, string unit)
    {
        using var model = CutModels.Load(golden, ScalarType.Float64);
        var structure = UnitScores.Structure(CutModels.Recipe(golden).Pruner, unit);
        var ids = Ids(golden);
        var layers = Observe(model, ids);
        foreach (var score in new[] { WidthScore.Wanda, WidthScore.Flap, WidthScore.Activation })
        {
            var readers = layers.SelectMany((inputs, layer) => Readers(model.Layers[layer], inputs, structure)).ToList();
            var counted = score == WidthScore.Activation ? readers.DistinctBy(reader => reader.Input.Handle) : readers;
            var expected = counted.Select(reader => Channels(score, reader.Weight, reader.Input)).Aggregate((sum, next) => sum + next).data<double>().ToArray();
            var scored = Score(golden, model, new() { Targets = [unit], Score = score, Sparsity = 0.5, Layers = [] }, ids);
            ShouldAgree(scored[(StructuredPruner.WholeModel, unit)], expected, $"{golden} {score}");
        }
    }

    [Fact]
    public void Channels_that_never_change_are_average_in_a_layer_where_none_does()
    {
        var shape = LlamaMha.Shape.Dense.Layers[0];
        using var block = new LlamaMha.Block(0, shape, ScalarType.Float32, CPU);
        using var noGradients = no_grad();
        block.DownProj.Value.normal_();
        using var statistics = new ActivationStatistics(new HashSet<string> { block.DownProj.Name }, CPU);
        statistics.Input(ones(2, 3, shape.Ffn), block.DownProj);
        var scores = LlamaMha.WidthPruner.ScoreMlp(block, new FlapScores(statistics, heads: false, standardized: true));
        scores.data<double>().ToArray().ShouldAllBe(score => score == 0);
    }

    [Fact]
    public void Nothing_is_left_behind_and_data_is_asked_for()
    {
        using var model = CutModels.Load("llama-gqa");
        using var ids = RandomLlama.Ids(3, 6);
        var cut = new WidthCut { Targets = ["mlp", "attention"], Score = WidthScore.Flap, Compensate = Compensation.Bias, Sparsity = 0.5, Layers = [1, 2] };
        Score("llama-gqa", model, cut, ids);
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        Score("llama-gqa", model, cut, ids);
        Score("llama-gqa", model, cut with { Targets = ["hidden"], Layers = [], Compensate = Compensation.None }, ids);
        DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount.ShouldBe(before);
        Should.Throw<SlimException>(() => Score("llama-gqa", model, cut, null)).Message.ShouldContain("score: flap needs calibration");
        Should.Throw<SlimException>(() => Score("llama-gqa", model, cut with { Score = WidthScore.L1 }, null)).Message.ShouldContain("compensate: bias needs calibration");
    }

    // [in]
    private static Tensor Channels(WidthScore score, NamedWeight weight, Tensor x)
    {
        using var noGradients = no_grad();
        var rows = x.flatten(0, 1);
        return score switch
        {
            WidthScore.Wanda => weight.Value.abs().mean([0]) * (rows.square().sum([0]) / x.size(0)).sqrt(),
            WidthScore.Flap => (rows - rows.mean([0])).square().sum([0]) / (rows.size(0) - 1) * weight.Value.square().sum([0]),
            _ => x.abs().mean([1]).square().sum([0]).sqrt(),
        };
    }

    // The linears of a layer that read channels of the structure, and what they read.
    private static IEnumerable<(NamedWeight Weight, Tensor Input)> Readers(DecoderLayer layer, Dictionary<string, Tensor> inputs, CoupledStructure structure) =>
        from member in structure.Members
        where member is { InLayer: true, Axis: 1 }
        from weight in layer.Weights
        where weight.Name.EndsWith($".{member.Weight}", StringComparison.Ordinal)
        select (weight, inputs[weight.Name]);

    // By layer, what each weight reads: all samples at once.
    private static List<Dictionary<string, Tensor>> Observe(CausalLM model, Tensor ids)
    {
        using var noGradients = no_grad();
        using var pass = model.Begin(ids);
        var hidden = model.Embed(ids, pass);
        var layers = new List<Dictionary<string, Tensor>>();
        foreach (var layer in model.Layers)
        {
            var recorder = new Recorder();
            hidden = model.Observe(layer, hidden, pass, recorder);
            layers.Add(recorder.Inputs);
        }

        return layers;
    }

    private static IReadOnlyDictionary<(int Layer, string Unit), float[]> Score(string golden, CausalLM model, WidthCut cut, Tensor? ids)
    {
        var pruner = CutModels.Recipe(golden).Pruner;
        return UnitScores.Take(pruner, model, cut, CutPlaces.Of(pruner, model.Shape, cut), ids, _ => [], null).Scores;
    }

    private static void ShouldAgree(float[] actual, double[] expected, string what)
    {
        actual.Length.ShouldBe(expected.Length);
        for (var unit = 0; unit < expected.Length; unit++)
        {
            ((double)actual[unit]).ShouldBe(expected[unit], 1e-6 * (expected[unit] + 1e-9), what); // a channel behind ReLU may be dead
        }
    }

    private static Tensor Ids(string golden) =>
        Tensors.Of([.. TestFiles.GoldenJson($"{golden}/golden.json").GetProperty("input_ids").Rows().SelectMany(row => row.Chunk(TokensEach)).Where(row => row.Length == TokensEach).Take(Samples)]);

    private sealed class Recorder : ActivationObserver
    {
        public Dictionary<string, Tensor> Inputs { get; } = [];

        public override void Input(Tensor input, params ReadOnlySpan<NamedWeight> readers)
        {
            var copy = input.clone().DetachFromDisposeScope();
            foreach (var reader in readers)
            {
                Inputs[reader.Name] = copy;
            }
        }
    }
}
