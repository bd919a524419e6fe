using SlimSpec.Tests.Families;
using static TorchSharp.torch;

namespace SlimSpec.Tests.Streaming;

/// <summary>A model that is read from its checkpoint layer by layer does, bit for bit, what it does in memory.</summary>
public sealed class StreamedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Families => GoldenModels.Names;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Families))]
    public void Its_perplexity_is_the_same(string family)
    {
        using var dense = GoldenModels.Load(family);
        using var streamed = Open(family);
        ShouldMeasureAlike(family, streamed, dense);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Its_logits_are_the_same(string family)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var dense = GoldenModels.Load(family);
        using var streamed = Open(family);
        Tensors.LargestDifference(LayerSteps.Forward(streamed, Samples(family)), dense.forward(Samples(family))).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Calibrated_cuts_keep_the_same_and_give_the_same_files(string family) =>
        ShouldCutAlike(family, Cut(family) with { Order = TaylorOrder.Mix });

    [Theory]
    [MemberData(nameof(Families))]
    public void A_cut_in_steps_scores_the_slim_model_anew(string family) => ShouldCutAlike(family, Cut(family) with { Order = TaylorOrder.First, Steps = 2 });

    [Theory]
    [MemberData(nameof(Families))]
    public void Cuts_through_the_whole_model_are_the_same(string family) => ShouldCutAlike(
        family,
        Cut(family) with { Targets = ["hidden"], Order = TaylorOrder.Vector, Sparsity = 0.2 },
        Cut(family) with { Targets = ["hidden"], Score = WidthScore.L2, Sparsity = 0.2 },
        Cut(family) with { Score = WidthScore.Random });

    [Theory]
    [MemberData(nameof(Families))]
    public void Branches_can_go_and_biases_make_up_for_channels(string family) => ShouldCutAlike(family, CutModels.Recipe(family));

    [Theory]
    [MemberData(nameof(Families))]
    public void Layers_and_hidden_channels_can_go(string family)
    {
        var recipe = GoldenModels.Recipe(family);
        var selection = new Selection
        {
            Units = new Dictionary<(int, string), int[]> { [(StructuredPruner.WholeModel, "hidden")] = [.. Enumerable.Range(1, recipe.Dense.HiddenSize - 2)] },
            Layers = [.. Enumerable.Range(0, recipe.Dense.LayerCount).Where(layer => layer != 1)],
        };
        using var dense = ModelSurgery.Cut(recipe, GoldenModels.Load(family), selection);
        using var streamed = ModelSurgery.Cut(recipe, Open(family), selection);
        ShouldMeasureAlike(family, streamed, dense);
        ShouldSaveAlike(family, recipe, streamed, dense, selection.Layers);
    }

    [Fact]
    public void Weights_are_in_memory_while_they_are_leased()
    {
        using var model = Open("qwen2-gqa-tied");
        model.Leaves.ShouldAllBe(leaf => !leaf.IsLoaded);
        using (model.Use(1))
        {
            using (model.Use(1))
            {
                Loaded(model).ShouldBe(model.Layers[1].Leaves);
            }

            Loaded(model).ShouldBe(model.Layers[1].Leaves);
        }

        using (model.UseHead())
        {
            Loaded(model).ShouldBe(model.OuterLeaves, "the head is the embedding");
            using (model.UseEmbedding())
            {
            }

            Loaded(model).ShouldBe(model.OuterLeaves);
        }

        model.Leaves.ShouldAllBe(leaf => !leaf.IsLoaded);
    }

    [Fact]
    public void One_layer_is_in_memory_at_a_time()
    {
        using var streamed = Open("llama-mha");
        var resident = new HashSet<int>();
        LayerwiseBackward.Run(
            streamed, Samples("llama-mha"), new(Enumerable.Range(0, streamed.Layers.Count).ToHashSet(), _ => true, GradientStatistics.Mean), (_, _) => { },
            _ => resident.Add(streamed.Layers.Count(layer => layer.Leaves[0].IsLoaded)));
        resident.ShouldBe([1]);
        streamed.Leaves.ShouldAllBe(leaf => !leaf.IsLoaded);
    }

    [Fact]
    public void A_pass_reads_the_weights_once_and_a_backward_pass_those_of_the_layers_again()
    {
        using var streamed = Open("llama-mha");
        var outer = 4 * streamed.OuterLeaves.Sum(leaf => leaf.Leaf.numel());
        var layers = 4 * streamed.Layers.Sum(layer => layer.Leaves.Sum(leaf => leaf.Leaf.numel()));
        LayerwiseBackward.Run(streamed, Samples("llama-mha"), new(new HashSet<int> { 0 }, _ => true, GradientStatistics.Mean), (_, _) => { });
        streamed.Stream!.BytesRead.ShouldBe(outer + (2 * layers));
    }

    [Fact]
    public void Many_windows_go_through_a_layer_before_the_next_one_is_read()
    {
        using var streamed = Open("llama-mha");
        var ids = RandomIds.Rows(1, 4096)[0];
        var updates = new List<ProgressUpdate>();
        Perplexity.Measure(streamed, ids, 16, "random", progress: updates.Add);
        streamed.Stream!.BytesRead.ShouldBe(4 * streamed.Shape.Parameters);
        updates.Select(update => update.Done).ShouldBeInOrder();
        updates[^1].Done.ShouldBe(256);
    }

    [Fact]
    public void A_checkpoint_of_another_model_is_refused_before_anything_is_read()
    {
        Directory.CreateDirectory(_folder["broken"]);
        File.Copy(TestFiles.Golden("llama-mha/config.json"), _folder["broken/config.json"]);
        using (var file = SafetensorsFile.Open(TestFiles.Golden("llama-mha/model.safetensors")))
        {
            SafetensorsWriter.Write(_folder["broken/model.safetensors"], [.. file.Names.Skip(1).Select(name => (name, file.Load(name)))]);
        }

        using var folder = HuggingFaceFolder.Open(_folder["broken"]);
        Should.Throw<SlimException>(() => folder.OpenStream(GoldenModels.Recipe("llama-mha"), ScalarType.Float32, CPU)).Message.ShouldContain("is missing");
    }

    private static CausalLM Open(string family)
    {
        using var folder = HuggingFaceFolder.Open(TestFiles.Golden(family));
        return folder.OpenStream(GoldenModels.Recipe(family), ScalarType.Float32, CPU);
    }

    private static IEnumerable<WeightLeaf> Loaded(CausalLM model) => model.Leaves.Where(leaf => leaf.IsLoaded);

    private static Tensor Samples(string family) => new FamilyGolden(family).Ids;

    private static WidthCut Cut(string family)
    {
        var recipe = GoldenModels.Recipe(family);
        return new()
        {
            Targets = [.. recipe.Pruner.Structures.Where(structure => structure is { IsWholeModel: false, Within: null }).Select(structure => structure.Unit)],
            Score = WidthScore.Taylor,
            Sparsity = 0.5,
            Layers = [.. Enumerable.Range(1, recipe.Dense.LayerCount - 1)],
        };
    }

    private void ShouldCutAlike(string family, params WidthCut[] cuts) => ShouldCutAlike(family, new CutRecipe(GoldenModels.Recipe(family), cuts));

    private void ShouldCutAlike(string family, Recipe recipe)
    {
        using var samples = Samples(family);
        using var folder = HuggingFaceFolder.Open(TestFiles.Golden(family));
        var whole = recipe.CreateModel(recipe.Dense, ScalarType.Float32, CPU);
        folder.LoadInto(whole);
        var inMemory = PruningRun.Run(recipe, whole, samples, "none", 0);
        var inParts = PruningRun.Run(recipe, folder.OpenStream(recipe, ScalarType.Float32, CPU), samples, "none", 0);
        using var dense = inMemory.Model;
        using var streamed = inParts.Model;
        PlanFile.ToJson(inParts.Plan).ShouldBe(PlanFile.ToJson(inMemory.Plan));
        streamed.Stream.ShouldNotBeNull();
        ShouldMeasureAlike(family, streamed, dense);
        ShouldSaveAlike(family, recipe, streamed, dense);
        streamed.Leaves.ShouldAllBe(leaf => !leaf.IsLoaded);
    }

    private static void ShouldMeasureAlike(string family, CausalLM streamed, CausalLM dense)
    {
        using var ids = Samples(family);
        int[] text = [.. ids.flatten().data<long>().ToArray().Select(id => (int)id)];
        Perplexity.Measure(streamed, text, 20, "golden").WindowNll.ShouldBe(Perplexity.Measure(dense, text, 20, "golden").WindowNll);
    }

    private void ShouldSaveAlike(string family, Recipe recipe, CausalLM streamed, CausalLM dense, IReadOnlyList<int>? layers = null)
    {
        using var source = HuggingFaceFolder.Open(TestFiles.Golden(family));
        HuggingFaceFolder.Save(dense, recipe, source, _folder["dense"], shardBytes: 100_000, layers: layers);
        HuggingFaceFolder.Save(streamed, recipe, source, _folder["streamed"], shardBytes: 100_000, layers: layers);
        var files = Directory.GetFiles(_folder["dense"]).Select(Path.GetFileName).Order().ToArray();
        Directory.GetFiles(_folder["streamed"]).Select(Path.GetFileName).Order().ShouldBe(files);
        foreach (var file in files)
        {
            File.ReadAllBytes(_folder[$"streamed/{file}"]).ShouldBe(File.ReadAllBytes(_folder[$"dense/{file}"]), file);
        }
    }
}
