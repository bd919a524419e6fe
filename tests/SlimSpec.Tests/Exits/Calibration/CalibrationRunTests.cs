namespace SlimSpec.Tests.Exits.Calibration;

/// <summary>Whole calibrations of tiny models: what they say of a policy is what the policy then does.</summary>
public class CalibrationRunTests
{
    private static readonly ExitCalibrationSettings Lax = new() { Dataset = new("none.txt"), NumPrompts = 20, MaxNewTokens = 12, TargetAgreement = 0.2 };

    [Theory]
    [InlineData(ExitHeadPolicy.Full)]
    [InlineData(ExitHeadPolicy.Shortlist)]
    [InlineData(ExitHeadPolicy.Lowrank)]
    public void A_deferring_policy_does_with_the_dense_models_text_what_the_recording_says(ExitHeadPolicy head)
    {
        using var model = GoldenModels.Load(ExitsVerified.Instance, "llama-gqa");
        var settings = ExitsVerified.Instance.Settings.Exits! with { Head = new() { Policy = head, Rank = 12, Shortlist = 40 }, Calibrate = Lax };
        var recipe = ToyRecordings.With(settings);
        var prompts = RandomIds.Rows(20, 6);

        var file = ExitCalibration.Run(recipe, model, prompts, "0123");

        using var factors = file.Factors;
        factors?.Rank.ShouldBe(12);
        (factors is null).ShouldBe(head != ExitHeadPolicy.Lowrank);
        (file.Report.ShortlistRecall is null).ShouldBe(head == ExitHeadPolicy.Full);
        file.Report.ShortlistRecall?.ShouldBeInRange(0.1, 1);
        ShouldDoAsReported(recipe, model, prompts, file);
    }

    [Fact]
    public void A_propagating_policy_is_certified_by_what_it_does_on_the_model()
    {
        using var model = GoldenModels.Load(ExitsPropagate.Instance, "llama-mha");
        var recipe = ToyRecordings.With(ExitsPropagate.Instance, ExitsPropagate.Instance.Settings.Exits! with { Calibrate = Lax with { TargetAgreement = 0.05 } });
        var prompts = RandomIds.Rows(20, 6);

        var file = ExitCalibration.Run(recipe, model, prompts, "0123");

        file.Report.ClosedLoop.ShouldBeTrue();
        file.Certificate.Certified.ShouldBeTrue();
        ShouldDoAsReported(recipe, model, prompts, file);
    }

    [Fact]
    public void Of_a_prompts_last_position_one_token_a_document_is_recorded()
    {
        using var model = GoldenModels.Load(ExitsPrompt.Instance, "gpt2");
        var recipe = ToyRecordings.With(ExitsPrompt.Instance, ExitsPrompt.Instance.Settings.Exits! with { Calibrate = Lax, Mode = ExitMode.Simulate });
        var prompts = RandomIds.Rows(50, 5);

        var file = ExitCalibration.Run(recipe, model, prompts, "0123");

        file.Report.Tokens.ShouldBe([20, 10, 20]);
        file.Report.Histogram.Sum().ShouldBe(20);
    }

    [Fact]
    public void Too_few_prompts_and_recipes_without_a_classifier_are_refused()
    {
        using var model = GoldenModels.Load(ExitsVerified.Instance, "llama-gqa");

        Should.Throw<SlimException>(() => ExitCalibration.Run(ExitsVerified.Instance, model, RandomIds.Rows(4, 6), "0123")).Message
            .ShouldBe("exits-verified.slim.yaml: exits: calibrate: 4 prompts are too few to fit, tune and certify with; it takes at least 5");
        Should.Throw<SlimException>(() => ExitCalibration.Run(ExitsTruncate.Instance, model, [], "0123")).Message
            .ShouldBe("exits-truncate.slim.yaml: exits: there is nothing to calibrate in mode truncate");
        Should.Throw<SlimException>(() => ExitCalibration.Run(Stories3M.Instance, model, [], "0123")).Message
            .ShouldBe("stories-3m.slim.yaml: exits: there is nothing to calibrate; the spec has no exits");
    }

    private static void ShouldDoAsReported(Recipe recipe, CausalLM model, int[][] prompts, ExitsFile file)
    {
        using var head = ExitHeads.Create(model, recipe.Settings.Exits!, file.Factors);
        using var stack = recipe.CreateExits(model, head, file.CreatePolicy());
        var histogram = new long[model.Layers.Count + 1];
        var errors = 0;
        foreach (var prompt in DocumentParts.Divide(prompts, Lax.Seed).Certify)
        {
            var text = TextGenerator.Generate(model, prompt, new() { MaxNewTokens = Lax.MaxNewTokens }).NewIds;
            var said = ExitGenerator.Follow(stack, prompt, [.. text.SkipLast(1)]);
            errors += said.Zip(text).Count(pair => pair.First != pair.Second);
            for (var layers = 0; layers < histogram.Length; layers++)
            {
                histogram[layers] += stack.Statistics.ExitsAfter[layers];
            }
        }

        file.Certificate.Exits.ShouldBeGreaterThan(0);
        histogram.ShouldBe(file.Report.Histogram);
        // Copied keys and values also change what some tokens say that run every layer.
        file.Report.Agreement.ShouldBe(1 - ((double)errors / file.Certificate.Tokens), 1e-12);
        (errors - file.Certificate.Errors).ShouldBeInRange(0, file.Report.ClosedLoop ? 10 : 0);
    }
}
