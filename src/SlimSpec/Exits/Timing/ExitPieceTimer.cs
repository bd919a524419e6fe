using System.Diagnostics;

namespace SlimSpec;

/// <summary>Times the pieces that decoding a token with exits is made of, one after the other in turns.</summary>
internal sealed class ExitPieceTimer
{
    private const int FewestTurns = 15;
    private const int MostTurns = 400;
    private const double Seconds = 0.5;

    private readonly ExitStack _exits;
    private readonly float[] _features;

    private ExitPieceTimer(ExitStack exits) => (_exits, _features) = (exits, new float[exits.Settings.Features.Count]);

    private CausalLM Model => _exits.Model;

    /// <summary>The median times.</summary>
    /// <param name="exits">The exits.</param>
    /// <param name="context">The tokens that are held already; in scope prompt_last those of the pass.</param>
    public static ExitPieces Measure(ExitStack exits, IReadOnlyList<int> context)
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return new ExitPieceTimer(exits).Measure(context);
    }

    private ExitPieces Measure(IReadOnlyList<int> context)
    {
        var ids = torch.tensor([.. context.Select(id => (long)id)], [1, context.Count], device: Model.Device);
        using var cache = Model.CreateCache(capacity: context.Count + 1);
        Model.Prefill(ids, cache).Dispose();
        var states = States(ids);
        var layers = _exits.Settings.Scope == ExitScope.PromptLast ? Layers(cache, 0, states[0].select(0, 0)) : Layers(cache, cache.Length, Row(states[0]));
        var (head, check) = (Row(states[^1]), Row(states[_exits.Settings.Layers[0]]).view(-1));
        Action[] pieces = [layers, () => Model.HeadRows(head).Dispose(), () => Check(check, isFirst: true), () => Check(check, isFirst: false)];
        var times = Turns(pieces);
        return new(Median(times[0]) / Model.Layers.Count, Median(times[1]), Median(times[2]), Median(times[3]));
    }

    // The residual stream behind so many layers, [1, tokens, hidden].
    private List<torch.Tensor> States(torch.Tensor ids)
    {
        List<torch.Tensor> states = [.. LayerSteps.Embed(Model, [ids])];
        for (var layer = 0; layer < Model.Layers.Count; layer++)
        {
            states.Add(LayerSteps.Run(Model, layer, ids, states[^1]));
        }

        return states;
    }

    private static torch.Tensor Row(torch.Tensor state) => state.select(1, state.size(1) - 1).contiguous();

    private Action Layers(KeyValueCache cache, long start, torch.Tensor embedded) => () =>
    {
        using var turn = torch.NewDisposeScope();
        using var pass = Model.Resume(start, embedded.size(0), cache);
        var rows = embedded;
        for (var layer = 0; layer < Model.Layers.Count; layer++)
        {
            rows = Model.DecodeLayer(layer, rows, pass, cache);
        }
    };

    private void Check(torch.Tensor row, bool isFirst)
    {
        if (isFirst)
        {
            _exits.Head.BeginToken();
            _exits.Policy.BeginToken();
        }

        _exits.Head.Read(row);
        _exits.Policy.Leaves(isFirst ? 0 : Math.Min(1, _exits.Settings.Layers.Count - 1), _features);
    }

    // Turns until time is up; the first tenth warms up.
    private List<double>[] Turns(Action[] pieces)
    {
        var times = pieces.Select(_ => new List<double>(MostTurns)).ToArray();
        var watch = Stopwatch.StartNew();
        for (var turn = 0; turn < MostTurns && (turn < FewestTurns || watch.Elapsed.TotalSeconds < Seconds); turn++)
        {
            for (var piece = 0; piece < pieces.Length; piece++)
            {
                var start = Stopwatch.GetTimestamp();
                pieces[piece]();
                Finish();
                times[piece].Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        return [.. times.Select(all => all[(all.Count / 10)..])];
    }

    private void Finish()
    {
        if (Model.Device.type == DeviceType.CUDA)
        {
            torch.cuda.synchronize(Model.Device);
        }
    }

    private static double Median(List<double> times) => Quantile.Of(times, 0.5);
}
