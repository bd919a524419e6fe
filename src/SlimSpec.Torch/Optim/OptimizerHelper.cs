using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What the optimizers have in common: states by parameter, the step's scope, saving and loading.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    protected OptimizerOptions _defaults = null!;

    /// <summary>By the parameter's native handle: an optimizer does not follow a parameter that is replaced.</summary>
    protected OrderedDict<IntPtr, OptimizerState> _state = [];

    public OptimizerHelper()
    {
    }

    /// <summary>Runs the closure with gradients, then the body for each group without, in a scope of its own.</summary>
    protected Tensor? _step<T>(Action<T> body, Func<Tensor>? loss_closure = null) where T : ParamGroup
    {
        Tensor? loss = null;
        if (loss_closure is not null)
        {
            using var grads = enable_grad();
            loss = loss_closure();
        }
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        foreach (var group in _parameter_groups)
        {
            body((T)group);
        }
        return loss;
    }

    private protected void AddGroup(ParamGroup group, Func<Parameter, OptimizerState> makeState)
    {
        group.Parameters = group.Parameters.ToList();
        group.Options.LearningRate ??= _defaults.LearningRate;
        group.Options.InitialLearningRate = group.Options.LearningRate!.Value;
        _parameter_groups.Add(group);
        foreach (var p in group.Parameters)
        {
            var state = makeState(p);
            state.Initialize(group.Options);
            _state[p.Handle] = state;
        }
    }

    public virtual StateDictionary state_dict()
    {
        var result = new StateDictionary();
        foreach (var group in _parameter_groups)
        {
            result.Options.Add(group.Options);
            var places = new List<int>();
            foreach (var p in group.Parameters)
            {
                places.Add(result.State.Count);
                result.State.Add(_state[p.Handle]);
            }
            result.StateIndexRef.Add(places);
        }
        return result;
    }

    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var mine = this.state_dict();
        CheckCounts(mine, state_dict.Options.Count, state_dict.State.Count);
        foreach (var (target, source) in mine.Options.Zip(state_dict.Options).Where(p => p.First != p.Second))
        {
            target.LoadStateDict(source);
        }
        foreach (var (target, source) in mine.State.Zip(state_dict.State).Where(p => p.First != p.Second))
        {
            target.LoadStateDict(source);
        }
    }

    public void save_state_dict(string location)
    {
        using var stream = File.Create(location);
        using var writer = new BinaryWriter(stream);
        save_state_dict(writer);
    }

    public void save_state_dict(BinaryWriter writer)
    {
        var mine = state_dict();
        writer.Write(GetType().Name);
        writer.Write7BitEncodedInt64(mine.Options.Count);
        writer.Write7BitEncodedInt64(mine.State.Count);
        mine.Options.ForEach(o => o.SaveStateDict(writer));
        mine.State.ForEach(s => s.SaveStateDict(writer));
    }

    public void load_state_dict(string location)
    {
        using var stream = File.OpenRead(location);
        using var reader = new BinaryReader(stream);
        load_state_dict(reader);
    }

    public void load_state_dict(BinaryReader reader)
    {
        var kind = reader.ReadString();
        if (kind != GetType().Name)
        {
            throw new InvalidDataException($"Mismatched optimizer type: expected '{GetType().Name}', but found '{kind}' in the loaded stream.");
        }
        var mine = state_dict();
        CheckCounts(mine, reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());
        mine.Options.ForEach(o => o.LoadStateDict(reader));
        mine.State.ForEach(s => s.LoadStateDict(reader));
    }

    public void to(Device device)
    {
        foreach (var (_, state) in _state)
        {
            state.to(device);
        }
    }

    private protected void DisposeStates()
    {
        foreach (var (_, state) in _state)
        {
            (state as IDisposable)?.Dispose();
        }
        _state.Clear();
    }

    private static void CheckCounts(StateDictionary mine, long groups, long states)
    {
        if (groups != mine.Options.Count)
        {
            throw new ArgumentException("Invalid optimizer state -- different number of parameter groups.");
        }
        if (states != mine.State.Count)
        {
            throw new ArgumentException("Invalid optimizer state -- different number of states.");
        }
    }
}
