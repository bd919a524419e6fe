using static TorchSharp.torch;

namespace SlimSpec.Tests.Exits;

/// <summary>The loop of a generated stack for any model and any settings; counts the layer calls by itself, and looks after every pass.</summary>
internal sealed class LoopStack(CausalLM model, ExitSettings settings, ExitHead head, ExitPolicy policy) : ExitStack(model, settings, head, policy)
{
    public long Calls { get; private set; }

    /// <summary>Called before each layer call, with the layer and the rows that enter.</summary>
    public Action<int, Tensor>? OnLayer { get; set; }

    public static LoopStack Make(CausalLM model, ExitMode mode, ExitPolicy policy, int maxPending = 8, IReadOnlyList<int>? layers = null) =>
        new(model, SettingsOf(model, mode, layers) with { Cache = new() { MaxPending = maxPending } }, new PlainHead(model), policy);

    public static ExitSettings SettingsOf(CausalLM model, ExitMode mode, IReadOnlyList<int>? layers = null) =>
        new() { Mode = mode, Layers = layers ?? [.. Enumerable.Range(1, model.Layers.Count - 1)] };

    protected override Tensor? Climb(int layer, Tensor rows)
    {
        while (layer < (Settings.Mode == ExitMode.Truncate ? Settings.Layers[0] : Depth))
        {
            OnLayer?.Invoke(layer, rows);
            Calls++;
            rows = Ran(layer, rows, Model.DecodeLayer(layer, rows, Pass, Cache));
            var check = Settings.Layers.ToList().IndexOf(++layer);
            if (check != NoCheck && Settings.Mode != ExitMode.Truncate && Leaves(check, ref rows))
            {
                return null;
            }
        }

        return rows;
    }

    protected override void Describe(ExitObservation seen, Span<float> features)
    {
        features[0] = seen.Now.Gap;
        features[1] = seen.Now.TopProb;
    }
}
