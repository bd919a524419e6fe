using static TorchSharp.torch;

namespace SlimSpec.Tests.Exits;

/// <summary>The model's own head at every check, and a plain softmax.</summary>
internal sealed class PlainHead(CausalLM model) : ExitHead
{
    private readonly float[] _logits = new float[model.Shape.VocabularySize];

    public override ReadOnlySpan<float> LastLogits => _logits;

    public override ReadOnlySpan<int> LastIds => [];

    public override void BeginToken()
    {
    }

    public override LogitReading Read(Tensor row)
    {
        using var scope = NewDisposeScope();
        FullHeads++;
        model.HeadRows(row.unsqueeze(0)).to(ScalarType.Float32).data<float>().CopyTo(_logits);
        return Reading(_logits);
    }

    public override int Confirm(Tensor row) => Reading(_logits).TopId;

    private static LogitReading Reading(ReadOnlySpan<float> logits)
    {
        var (first, second) = (0, -1);
        for (var id = 1; id < logits.Length; id++)
        {
            if (logits[id] > logits[first])
            {
                (first, second) = (id, first);
            }
            else if (second < 0 || logits[id] > logits[second])
            {
                second = id;
            }
        }

        var (sum, weighted) = (0.0, 0.0);
        foreach (var logit in logits)
        {
            var weight = Math.Exp(logit - logits[first]);
            (sum, weighted) = (sum + weight, weighted + (weight * (logit - logits[first])));
        }

        var gap = (1 - Math.Exp(logits[second] - logits[first])) / sum;
        return new(first, (float)(1 / sum), (float)gap, logits[first] - logits[second], (float)(Math.Log(sum) - (weighted / sum)));
    }
}
