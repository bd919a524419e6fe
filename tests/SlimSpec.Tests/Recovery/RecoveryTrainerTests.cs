namespace SlimSpec.Tests.Recovery;

public sealed class RecoveryTrainerTests : IDisposable
{
    private static readonly FullRecovery Full = new() { Dataset = new("none"), LearningRate = 3e-3, MaxSteps = 40, MicroBatchSize = 6, Seed = 1 };
    private static readonly PartialRecovery Partial = new() { Dataset = new("none"), LearningRate = 1e-2, MaxSteps = 2, MicroBatchSize = 2 };
    private static readonly LoraRecovery Lora = new()
    {
        Dataset = new("none"),
        LearningRate = 1e-2,
        MaxSteps = 40,
        MicroBatchSize = 6,
        LoraTargetModules = ["q_proj", "v_proj", "down_proj"],
    };

    private readonly CausalLM _model = GoldenModels.Load(ClassifiedLlama.Instance, "llama-mha");

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_prompted_model_learns_to_answer_with_label_words()
    {
        var data = ToyTask.Data();
        var outcome = Train(Full with { Objective = RecoveryObjective.PromptLm }, data);
        outcome.Head.ShouldBeNull();
        outcome.Summary.LastLoss.ShouldBeLessThan(0.1 * outcome.Summary.FirstLoss);
        ToyTask.Accuracy(new(_model, data.LabelTokens), ToyTask.Examples(30, seed: 2)).ShouldBeGreaterThan(0.9);
    }

    [Theory]
    [InlineData(RecoveryObjective.PCls)]
    [InlineData(RecoveryObjective.Cls)]
    public void A_classifier_is_trained_with_the_model(RecoveryObjective objective)
    {
        var outcome = Train(Full with { Objective = objective }, ToyTask.Data());
        using var head = outcome.Head.ShouldNotBeNull();
        head.Classes.ShouldBe(ToyTask.Classes);
        head.Weight.shape.ShouldBe([3, 64]);
        head.Weight.requires_grad.ShouldBeFalse();
        ToyTask.Accuracy(new(_model, head), ToyTask.Examples(30, seed: 2)).ShouldBeGreaterThan(0.9);
    }

    [Fact]
    public void A_classifier_is_trained_with_adapters_that_are_saved_and_merged()
    {
        using var folder = new TemporaryFolder();
        var outcome = Train(Lora with { Objective = RecoveryObjective.PCls }, ToyTask.Data(), new() { AdapterFolder = folder["adapter"] });
        using var head = outcome.Head.ShouldNotBeNull();
        outcome.Summary.TrainableParameters.ShouldBe((3 * 64) + (4 * 8 * (64 + 64 + 64 + 64 + 172 + 64)));
        ToyTask.Accuracy(new(_model, head), ToyTask.Examples(30, seed: 2)).ShouldBeGreaterThan(0.7);
        File.Exists(folder["adapter/adapter_model.safetensors"]).ShouldBeTrue();
        _model.Layers.SelectMany(layer => layer.LoraTargets).ShouldAllBe(target => target.Adapter == null);
    }

    [Fact]
    public void The_loss_of_a_prompt_is_over_the_label_words_alone_behind_its_last_token()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        var data = ToyTask.Data(4);
        var batch = TrainingBatch.Of(data.Training, [0, 1, 2, 3], torch.CPU);
        var loss = new TrainingLoss(_model, Readout.Labels(data.LabelTokens)).Sum(batch).item<float>();
        ((double)loss).ShouldBe(
            data.Training.Sum(example =>
            {
                var logits = _model.forward(Tensors.Of([example.Ids]))[0][example.Ids.Length - 1].to(torch.ScalarType.Float64).data<double>().ToArray();
                var words = data.LabelTokens.Select(token => logits[token]).ToArray();
                return Math.Log(words.Sum(Math.Exp)) - words[example.Label];
            }),
            1e-4);
    }

    [Fact]
    public void A_classifier_says_the_same_of_padded_texts()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        using var head = ClassificationHead.Create(_model, ToyTask.Classes, 3);
        var examples = ToyTask.Examples(4);
        var batch = TrainingBatch.Of(examples, [0, 1, 2, 3], torch.CPU);
        var classifier = new TaskClassifier(_model, head);
        var together = classifier.Logits(batch.Inputs, torch.tensor(examples.Select(example => example.Ids.Length - 1L).ToArray()));
        var apart = torch.cat([.. examples.Select(example => classifier.Logits(Tensors.Of([example.Ids]), torch.tensor(new[] { example.Ids.Length - 1L })))], 0);
        Tensors.LargestDifference(together, apart).ShouldBeLessThan(1e-5);
        together.shape.ShouldBe([4, 3]);
    }

    [Fact]
    public void A_new_classifier_is_normal_and_follows_from_the_seed()
    {
        using var scope = torch.NewDisposeScope();
        string[] classes = [.. Enumerable.Range(0, 100).Select(number => $"{number}")];
        using var head = ClassificationHead.Create(_model, classes, 3);
        using var again = ClassificationHead.Create(_model, classes, 3);
        using var other = ClassificationHead.Create(_model, classes, 4);
        ((double)head.Weight.detach().square().mean().sqrt().item<float>()).ShouldBe(0.02, 0.001);
        again.Weight.bytes.ToArray().ShouldBe(head.Weight.bytes.ToArray());
        other.Weight.bytes.ToArray().ShouldNotBe(head.Weight.bytes.ToArray());
    }

    [Fact]
    public void Gradients_of_the_classifier_agree_with_finite_differences()
    {
        using var model = GoldenModels.Load(ClassifiedLlama.Instance, "llama-mha", torch.ScalarType.Float64);
        using var head = ClassificationHead.Create(model, ToyTask.Classes, 3);
        using var scope = torch.NewDisposeScope();
        var batch = TrainingBatch.Of(ToyTask.Examples(3), [0, 1, 2], torch.CPU);
        using var trained = TrainedWeights.All(model, head);
        FiniteDifferences.Check(() => new TrainingLoss(model, Readout.Classes(head)).Sum(batch), [head.Weight, model.Leaves.Last().Leaf, model.OuterLeaves[1].Leaf]);
    }

    [Fact]
    public void The_linear_whose_place_a_classifier_takes_is_not_trained()
    {
        var before = _model.OuterLeaves[^1].Leaf.bytes.ToArray();
        var outcome = Train(Full with { Objective = RecoveryObjective.Cls, MaxSteps = 2, WeightDecay = 0.1 }, ToyTask.Data());
        outcome.Head!.Dispose();
        outcome.Summary.TrainableParameters.ShouldBe(_model.Shape.Parameters - (256 * 64) + (3 * 64));
        _model.OuterLeaves[^1].Leaf.bytes.ToArray().ShouldBe(before);
    }

    [Fact]
    public void A_classifier_goes_on_where_another_step_left_it()
    {
        using var head = Train(Full with { Objective = RecoveryObjective.Cls }, ToyTask.Data()).Head.ShouldNotBeNull();
        var again = Train(Partial with { Objective = RecoveryObjective.Cls }, ToyTask.Data(), new() { Head = head });
        again.Head.ShouldBeSameAs(head);
        again.Summary.FirstLoss.ShouldBeLessThan(0.2);
        Should.Throw<SlimException>(() => Train(Partial with { Objective = RecoveryObjective.Cls }, ToyTask.Data() with { Classes = ["a", "b"] }, new() { Head = head }))
            .Message.ShouldContain("left, right, straight");
    }

    public static TheoryData<string, PartialRecovery, string[]> Parts => new()
    {
        { "a layer", Partial with { Layers = [1], Head = false }, ["model.layers.1."] },
        { "the last layers and the head", Partial with { LastLayers = 2 }, ["model.layers.2.", "model.layers.3.", "lm_head.weight"] },
        { "the norms", Partial with { Norms = true, Head = false }, ["norm"] },
        { "the head", Partial, ["lm_head.weight"] },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public void Only_what_is_named_is_trained(string part, PartialRecovery step, string[] names)
    {
        var before = _model.Weights.ToDictionary(weight => weight.Name, weight => weight.Value.bytes.ToArray());
        Train(step, new([.. RandomIds.Rows(4, 12).Select(ids => new TrainingExample(ids))], []));
        foreach (var weight in _model.Weights)
        {
            weight.Value.bytes.ToArray().SequenceEqual(before[weight.Name]).ShouldBe(!names.Any(weight.Name.Contains), $"{weight.Name}, {part}");
        }
    }

    [Fact]
    public void A_part_that_is_not_there_is_named()
    {
        var data = new TrainingSet([new([1, 2, 3])], []);
        Should.Throw<SlimException>(() => Train(Partial with { Layers = [4] }, data)).Message.ShouldBe("layers: there is no layer 4; the model has 4, counted from 0");
        Should.Throw<SlimException>(() => Train(Partial with { Head = false }, data)).Message.ShouldContain("trains nothing");
    }

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Norms_and_head_of_every_family_are_known(string golden)
    {
        var recipe = GoldenModels.Recipe(golden);
        using var model = recipe.CreateModel(recipe.Dense, torch.ScalarType.Float32, torch.META);
        string[] norms = ["norm", "ln_", ".ln"];
        foreach (var leaf in WeightRoles.Norms(model))
        {
            norms.ShouldContain(name => leaf.Tensors[0].Name.Contains(name), leaf.Tensors[0].Name);
        }

        WeightRoles.Norms(model).Count(leaf => leaf.Tensors[0].Name.EndsWith(".weight", StringComparison.Ordinal))
            .ShouldBe(model.Weights.Count(weight => weight.Value.dim() == 1 && weight.Name.EndsWith(".weight", StringComparison.Ordinal)));
        string[] heads = model.TiedHead ? ["embed", "wte"] : ["lm_head", "embed_out", "output_layer"];
        var head = WeightRoles.Head(model).Select(leaf => leaf.Tensors[0].Name).ToList();
        heads.ShouldContain(name => head[0].Contains(name), head[0]);
        head.Skip(1).ShouldAllBe(name => name == "lm_head.bias");
    }

    private RecoveryOutcome Train(RecoveryStep step, TrainingSet data, RecoveryContext? context = null) => RecoveryTrainer.Train(_model, step, data, context ?? new());
}
