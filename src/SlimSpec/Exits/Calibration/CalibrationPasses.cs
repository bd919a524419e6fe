namespace SlimSpec;

/// <summary>The model's part of a calibration: what it says after prompts, with every layer and check run, or as a policy lets it.</summary>
/// <param name="recipe">The recipe.</param>
/// <param name="model">The model; adapters must be merged.</param>
/// <param name="stopIds">Tokens that end a text.</param>
/// <param name="progress">Is told of each document.</param>
internal sealed class CalibrationPasses(Recipe recipe, CausalLM model, IReadOnlyCollection<int> stopIds, Action<ProgressUpdate>? progress)
{
    private const int MostStates = 8192;

    private readonly ExitSettings _settings = recipe.Settings.Exits!;

    /// <summary>Fits a head of low rank to what the head reads at the first check of the dense model's own text.</summary>
    public LowRankFactors FitHead(IReadOnlyList<int[]> prompts)
    {
        var source = HeadSource.Of(model, _settings.FinalNorm);
        using var head = new StateCollector(source, MostStates);
        using var stack = Stack(head, ExitPolicy.Never);
        Each("states", prompts, prompt => Generate(stack, prompt));
        using var states = head.Stack();
        return LowRankFit.Fit(source.Weight, source.Bias, states, _settings.Head.Rank, _settings.Calibrate!.Seed);
    }

    /// <summary>Records the checks of the dense model's own text after each prompt.</summary>
    public List<ExitDocument> Record(IReadOnlyList<int[]> prompts, LowRankFactors? factors)
    {
        // Verified modes draft what the shortlist says; what is emitted in the others is the whole head's word where the recipe asks for it.
        var confirms = _settings.Head is { Confirm: true, Policy: not ExitHeadPolicy.Full } && _settings.Mode != ExitMode.AdaptiveVerified;
        using var head = new RecordedHead(ExitHeads.Create(model, _settings, factors), confirms);
        using var stack = Stack(head, ExitPolicy.Never);
        var recorder = new DocumentRecorder(head, _settings.Layers.Count, _settings.Features.Count);
        stack.Recorder = recorder;
        var documents = new List<ExitDocument>();
        Each("recording", prompts, prompt =>
        {
            var ids = Generate(stack, prompt);
            documents.Add(recorder.Take(prompt, _settings.Scope == ExitScope.PromptLast ? [] : [.. ids.SkipLast(1)]));
        });
        return documents;
    }

    /// <summary>Feeds the dense model's text to a policy whose exits change what later tokens see.</summary>
    public PolicyOutcome CloseLoop(IReadOnlyList<ExitDocument> documents, FittedClassifier classifier, LowRankFactors? factors)
    {
        using var head = ExitHeads.Create(model, _settings, factors);
        using var stack = Stack(head, new FittedExits(classifier));
        stack.Simulates = false;
        var recorder = new ExitCounter(_settings.Layers, model.Layers.Count);
        stack.Recorder = recorder;
        foreach (var document in documents)
        {
            recorder.Begin(document.Final);
            ExitGenerator.Follow(stack, document.Prompt, document.Fed);
        }

        return recorder.Outcome;
    }

    private ExitStack Stack(ExitHead head, ExitPolicy policy)
    {
        var stack = recipe.CreateExits(model, head, policy);
        stack.Simulates = true;
        return stack;
    }

    private IReadOnlyList<int> Generate(ExitStack stack, int[] prompt) =>
        ExitGenerator.Generate(stack, prompt, new() { MaxNewTokens = _settings.Calibrate!.MaxNewTokens, StopIds = stopIds }).Result.NewIds;

    private void Each(string stage, IReadOnlyList<int[]> prompts, Action<int[]> action)
    {
        for (var done = 0; done < prompts.Count; done++)
        {
            action(prompts[done]);
            progress?.Invoke(new(stage, done + 1, prompts.Count));
        }
    }

    /// <summary>Counts the exits of a stack, and those that say something else than the dense model.</summary>
    private sealed class ExitCounter(IReadOnlyList<int> checks, int depth) : ExitRecorder
    {
        private int[] _expected = [];
        private int _token;

        public PolicyOutcome Outcome { get; } = new(checks, depth);

        public void Begin(int[] expected)
        {
            (_expected, _token) = (expected, 0);
            Outcome.BeginDocument();
        }

        public override void Check(int check, ReadOnlySpan<float> features, in LogitReading reading, bool leaves)
        {
        }

        public override void Token(int finalId, int layers)
        {
            Outcome.Count(checks.ToList().IndexOf(layers), finalId != _expected[_token]);
            _token++;
        }
    }
}
