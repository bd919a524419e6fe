using System.Diagnostics;

namespace SlimSpec;

/// <summary>Times a model with exits against its dense code: one process, the same prompts, in turns, after a warm-up.</summary>
public sealed class ExitTimer
{
    private const int WarmUpTokens = 8;

    private readonly ExitStack _exits;
    private readonly GenerationSettings _settings;
    private readonly Samples _dense = new();
    private readonly Samples _early = new();
    private readonly ExitStatistics _counted;
    private readonly List<int> _firstDifferences = [];
    private long _followed;
    private long _agreeing;
    private double _checkSeconds;

    private ExitTimer(ExitStack exits, int newTokens)
    {
        (_exits, _counted) = (exits, new ExitStatistics(exits.Model.Layers.Count));
        _settings = new() { MaxNewTokens = IsOneToken ? 1 : newTokens };
    }

    private bool IsOneToken => _exits.Settings.Scope == ExitScope.PromptLast;

    /// <summary>Measures.</summary>
    /// <param name="exits">The exits; in mode simulate nothing is gained.</param>
    /// <param name="prompts">Token ids of the prompts; at least one.</param>
    /// <param name="newTokens">Tokens to continue each by; in scope prompt_last it is one.</param>
    /// <param name="seconds">After so many seconds no further prompt is begun.</param>
    /// <param name="progress">Told after each prompt.</param>
    public static ExitTimings Measure(ExitStack exits, IReadOnlyList<int[]> prompts, int newTokens, double seconds = 60, Action<ProgressUpdate>? progress = null)
    {
        var timer = new ExitTimer(exits, newTokens);
        timer.WarmUp(prompts[0]);
        var watch = Stopwatch.StartNew();
        for (var turn = 0; turn < prompts.Count && (turn == 0 || watch.Elapsed.TotalSeconds < seconds); turn++)
        {
            timer.Take(prompts[turn], denseFirst: turn % 2 == 0);
            progress?.Invoke(new("measuring", turn + 1, prompts.Count, SecondsLeft: Math.Min(seconds, watch.Elapsed.TotalSeconds / (turn + 1) * prompts.Count) - watch.Elapsed.TotalSeconds));
        }

        return timer.Result(prompts[0]);
    }

    private void WarmUp(int[] prompt)
    {
        var few = _settings with { MaxNewTokens = Math.Min(WarmUpTokens, _settings.MaxNewTokens) };
        TextGenerator.Generate(_exits.Model, prompt, few);
        ExitGenerator.Generate(_exits, prompt, few);
    }

    private void Take(int[] prompt, bool denseFirst)
    {
        var (dense, early) = denseFirst ? (Dense(prompt), Early(prompt)) : Swap(Early(prompt), Dense(prompt));
        _counted.Add(early.Statistics);
        _checkSeconds += early.Statistics.CheckSeconds;
        Compare(prompt, dense.NewIds, early.Result.NewIds);
    }

    private static (GenerationResult Dense, ExitGeneration Early) Swap(ExitGeneration early, GenerationResult dense) => (dense, early);

    private GenerationResult Dense(int[] prompt)
    {
        _dense.Begin();
        return _dense.Add(TextGenerator.Generate(_exits.Model, prompt, _settings, _dense.Token), IsOneToken);
    }

    private ExitGeneration Early(int[] prompt)
    {
        _early.Begin();
        var generated = ExitGenerator.Generate(_exits, prompt, _settings, _early.Token);
        _early.Add(generated.Result, IsOneToken);
        return generated;
    }

    // Lossless modes say what the dense model says; what others say is asked with the dense model's text before each token.
    private void Compare(int[] prompt, IReadOnlyList<int> dense, IReadOnlyList<int> early)
    {
        var same = dense.Zip(early).TakeWhile(pair => pair.First == pair.Second).Count();
        if (same < dense.Count)
        {
            _firstDifferences.Add(same);
        }

        var isLossless = _exits.Settings.Mode.Verifies();
        if (isLossless || IsOneToken)
        {
            (_followed, _agreeing) = (_followed + Math.Min(same + 1, dense.Count), _agreeing + same);
            return;
        }

        // The first is the prompt's, which runs through every layer.
        var said = ExitGenerator.Follow(_exits, prompt, [.. dense.SkipLast(1)]).Zip(dense).Skip(1).ToList();
        (_followed, _agreeing) = (_followed + said.Count, _agreeing + said.Count(pair => pair.First == pair.Second));
    }

    private ExitTimings Result(int[] prompt)
    {
        // In the middle of the text, where a token takes what it takes on average.
        var context = Enumerable.Range(0, prompt.Length + (IsOneToken ? 0 : _settings.MaxNewTokens / 2)).Select(place => prompt[place % prompt.Length]).ToList();
        return new()
        {
            Device = _exits.Model.Device.ToString(),
            Dtype = _exits.Model.Dtype.ToString().ToLowerInvariant(),
            Threads = torch.get_num_threads(),
            Context = context.Count,
            Pieces = ExitPieceTimer.Measure(_exits, context),
            Dense = _dense.Times,
            Exits = _early.Times,
            Statistics = _counted,
            CheckShare = _checkSeconds / _early.Seconds,
            Agreement = new(_dense.Texts, _dense.Texts - _firstDifferences.Count, _firstDifferences.Count == 0 ? null : _firstDifferences.Order().ElementAt(_firstDifferences.Count / 2), _followed, _agreeing),
        };
    }

    // Times of one side's tokens.
    private sealed class Samples
    {
        private readonly List<double> _tokens = [];
        private readonly List<double> _first = [];
        private long _count;
        private long _last;

        public double Seconds { get; private set; }

        public int Texts => _first.Count;

        public DecodeTimes Times => new(_count, Seconds / _count, 1000 * Quantile.Of(_tokens, 0.5), 1000 * Quantile.Of(_tokens, 0.95), 1000 * Quantile.Of(_first, 0.5));

        public void Begin() => _last = 0;

        public bool Token(int id)
        {
            var now = Stopwatch.GetTimestamp();
            if (_last != 0)
            {
                _tokens.Add(Stopwatch.GetElapsedTime(_last, now).TotalSeconds);
            }

            _last = now;
            return true;
        }

        public GenerationResult Add(GenerationResult result, bool isOneToken)
        {
            _first.Add(result.PrefillSeconds);
            if (isOneToken)
            {
                _tokens.Add(result.PrefillSeconds);
            }

            Seconds += isOneToken ? result.PrefillSeconds : result.DecodeSeconds;
            _count += isOneToken ? 1 : result.NewIds.Count - 1;
            return result;
        }
    }
}
