using System.Diagnostics;

namespace SlimSpec;

public abstract partial class ExitStack
{
    private readonly ExitObservation _seen = new();
    private readonly float[] _features;
    private readonly bool _looksAtResidual;
    private readonly CosineFollower _residual = new();
    private readonly CosineFollower _attention = new();
    private readonly CosineFollower _mlp = new();
    private readonly DraftDepth? _drafting;
    private readonly WaitingRows[] _shadows;
    private long _headsBefore;
    private bool _mayLeave;
    private bool _isFirstCheck;
    private int _leftAfter;
    private int _said;

    /// <summary>What the branches of the layer before a check gave; null where the recipe's features do not look at them.</summary>
    protected virtual BranchStates? Branches => null;

    /// <summary>Fills in the recipe's features, in its order; nothing where no classifier decides.</summary>
    /// <param name="seen">What the check sees.</param>
    /// <param name="features">Where they go.</param>
    protected virtual void Describe(ExitObservation seen, Span<float> features)
    {
    }

    /// <summary>A check: asks whether the last row leaves. If it does, all rows wait or are propagated; if not, those who wait here are put in front.</summary>
    /// <param name="check">The check, from 0.</param>
    /// <param name="rows">The rows that have run the layer before it; changed to those that run the next.</param>
    /// <returns>Whether the rows left.</returns>
    protected bool Leaves(int check, ref torch.Tensor rows)
    {
        if (_drafting is { Shadows: true })
        {
            _shadows[check].Add(rows);
        }

        if (_mayLeave && Decide(check, rows))
        {
            Leave(check, rows);
            return true;
        }

        if (_waiting[check].Count > 0)
        {
            _waiting[check].Add(rows);
            rows.Dispose();
            rows = _waiting[check].Take();
            var tokens = rows.size(0);
            Enter(Model.Resume(Pass.Start + Pass.Tokens - tokens, tokens, Cache));
        }

        return false;
    }

    private void BeginToken(bool mayLeave)
    {
        (_mayLeave, _isFirstCheck, _leftAfter) = (mayLeave || Simulates, true, Settings.Mode == ExitMode.Truncate ? Settings.Layers[0] : Depth);
        if (_mayLeave)
        {
            Head.BeginToken();
            Policy.BeginToken();
        }
    }

    private bool Decide(int check, torch.Tensor rows)
    {
        if (_drafting is not null && _drafting.Check != check)
        {
            return false;
        }

        var start = Stopwatch.GetTimestamp();
        using var scope = torch.NewDisposeScope();
        var row = LastRow(rows).select(0, 0);
        var reading = Head.Read(row);
        var leaves = _drafting is null ? Ask(check, row, reading) : reading.TopProb >= Settings.Cache.MinConfidence;
        Statistics.Checks++;
        Statistics.CheckSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        Recorder?.Check(check, _features, reading, leaves);
        if (leaves && _leftAfter == Depth)
        {
            _leftAfter = Settings.Layers[check];
            _said = Settings.Head.Confirm && !_verifies && !Simulates ? Head.Confirm(row) : reading.TopId;
        }

        Statistics.FullHeads = Head.FullHeads - _headsBefore;
        return leaves && !Simulates;
    }

    private bool Ask(int check, torch.Tensor row, in LogitReading reading)
    {
        if (_isFirstCheck)
        {
            (_seen.Now, _seen.SameArgmaxRun, _isFirstCheck) = (reading, 0, false);
            _residual.Begin();
            _attention.Begin();
            _mlp.Begin();
        }

        _seen.Before = _seen.Now;
        _seen.Now = reading;
        _seen.SameArgmaxRun = reading.TopId < 0 ? 0 : reading.TopId == _seen.Before.TopId ? _seen.SameArgmaxRun + 1 : 1;
        _seen.Depth = (float)Settings.Layers[check] / Depth;
        if (_looksAtResidual)
        {
            _seen.CosPrev = _residual.Next(row);
        }

        if (Branches is { } branches)
        {
            _seen.CosAttn = _attention.Next(branches.Attention);
            _seen.CosMlp = _mlp.Next(branches.Mlp);
        }

        Describe(_seen, _features);
        return Policy.Leaves(check, _features) && reading.TopId >= 0; // logits with a NaN have no likeliest token
    }

    private void Leave(int check, torch.Tensor rows)
    {
        if (_defers)
        {
            _waiting[check].Add(rows);
        }
        else if (Settings is { Scope: ExitScope.Decode, Cache.Policy: ExitCachePolicy.Propagate })
        {
            for (var layer = Settings.Layers[check]; layer < Depth; layer++)
            {
                Model.Propagate(layer, rows, Pass, Cache);
            }
        }
    }

    // What every candidate depth would have said for the round's tokens that stayed, beside what the last layer said.
    private void CompareShadows(torch.Tensor logits, int tokens)
    {
        using var scope = torch.NewDisposeScope();
        var said = logits.argmax(1).cpu().data<long>();
        for (var check = 0; check < _shadows.Length; check++)
        {
            var early = EarlyLogits(_shadows[check].Take().narrow(0, 0, tokens)).to(torch.ScalarType.Float32);
            var ids = early.argmax(1).cpu().data<long>();
            var likely = early.softmax(-1).amax([1]).cpu().data<float>();
            for (var token = 0; token < tokens; token++)
            {
                _drafting!.Saw(check, likely[token] >= Settings.Cache.MinConfidence, ids[token] == said[token]);
            }
        }

        _drafting!.EndShadows();
    }

    private torch.Tensor EarlyLogits(torch.Tensor rows)
    {
        var (weight, bias) = Model.HeadWeight;
        return Kernels.linear(Model.HeadInput(rows), weight, bias);
    }

    // In layers, by parameters: what decoding reads. One depth alone needs no comparison.
    private static double HeadCost(ExitSettings settings, CausalLM model) => settings.Layers.Count == 1
        ? 0
        : model.HeadWeight.Weight.numel() / Enumerable.Range(0, model.Layers.Count).Average(layer => (double)model.Shape.Cost(layer, 1).Parameters);
}
