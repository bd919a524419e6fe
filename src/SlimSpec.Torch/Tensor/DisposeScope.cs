namespace TorchSharp;

/// <summary>Disposes the tensors that its thread made while it was the innermost scope, unless they were moved out.</summary>
public sealed class DisposeScope : IDisposable
{
    private DisposeScopeManager? manager;
    private List<torch.Tensor> tensors = [];

    internal DisposeScope(DisposeScopeManager manager)
    {
        this.manager = manager;
        OuterScope = manager.CurrentDisposeScope;
    }

    internal DisposeScope? OuterScope { get; set; }

    public IReadOnlyList<IDisposable> DisposablesView
    {
        get
        {
            ObjectDisposedException.ThrowIf(manager is null, this);
            return tensors.ToArray();
        }
    }

    public int DisposablesCount
    {
        get
        {
            ObjectDisposedException.ThrowIf(manager is null, this);
            return tensors.Count;
        }
    }

    public bool Contains(IDisposable disposable) => disposable is torch.Tensor t && t.Scope == this;

    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveToOther(OuterScope, disposable);

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable =>
        MoveToOther(OuterScope, first, second);

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third) where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable =>
        MoveToOther(OuterScope, first, second, third);

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(OuterScope, disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(OuterScope, disposables);

    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        MoveOne(scope, disposable);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOther<T1, T2>(DisposeScope? scope, T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable =>
        (MoveToOther(scope, first), MoveToOther(scope, second));

    public (T1 first, T2 second, T3 third) MoveToOther<T1, T2, T3>(DisposeScope? scope, T1 first, T2 second, T3 third) where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable =>
        (MoveToOther(scope, first), MoveToOther(scope, second), MoveToOther(scope, third));

    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) => MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        foreach (var disposable in disposables)
        {
            MoveOne(scope, disposable);
        }
    }

    public T Detach<T>(T disposable) where T : IDisposable => MoveToOther(null, disposable);

    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable => MoveToOther(null, first, second);

    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third) where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable =>
        MoveToOther(null, first, second, third);

    public void Detach(params IDisposable[] disposables) => MoveToOther(null, disposables);

    public void Detach(IEnumerable<IDisposable> disposables) => MoveToOther(null, disposables);

    public void Attach(IDisposable disposable) => AttachOne(disposable);

    public void Attach(params IDisposable[] disposables) => Attach((IEnumerable<IDisposable>)disposables);

    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        var attached = disposables.ToList();
        attached.ForEach(AttachOne);
        return attached;
    }

    public void DisposeEverything() => DisposeEverythingBut(Array.Empty<IDisposable>());

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        ObjectDisposedException.ThrowIf(manager is null, this);
        var keep = inKeep.OfType<torch.Tensor>().ToHashSet(ReferenceEqualityComparer.Instance);
        var old = tensors;
        tensors = [];
        foreach (var t in old)
        {
            if (keep.Contains(t))
            {
                Add(t);
            }
        }
        foreach (var t in old)
        {
            if (!keep.Contains(t))
            {
                t.Dispose();
            }
        }
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut(new IDisposable[] { keep });
        return keep;
    }

    public (T1 first, T2 second) DisposeEverythingBut<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
    {
        DisposeEverythingBut(new IDisposable[] { first, second });
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) DisposeEverythingBut<T1, T2, T3>(T1 first, T2 second, T3 third) where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        DisposeEverythingBut(new IDisposable[] { first, second, third });
        return (first, second, third);
    }

    public void MarkAsDisposed(IDisposable disposable)
    {
        ObjectDisposedException.ThrowIf(manager is null, this);
        if (disposable is torch.Tensor t && t.Scope == this)
        {
            Remove(t);
        }
    }

    public void Dispose()
    {
        if (manager is null)
        {
            return;
        }
        var old = tensors;
        tensors = [];
        foreach (var t in old)
        {
            t.Dispose();
        }
        manager.RemoveDisposeScope(this);
        manager = null;
    }

    internal void Add(torch.Tensor t)
    {
        t.Scope = this;
        t.ScopeSlot = tensors.Count;
        tensors.Add(t);
    }

    /// <summary>Takes a tensor out: the last one takes its place, so this costs the same for any number of tensors.</summary>
    internal void Remove(torch.Tensor t)
    {
        t.Scope = null;
        var slot = t.ScopeSlot;
        if (slot >= tensors.Count || !ReferenceEquals(tensors[slot], t))
        {
            return;
        }
        var last = tensors[^1];
        tensors[slot] = last;
        last.ScopeSlot = slot;
        tensors.RemoveAt(tensors.Count - 1);
    }

    /// <summary>Puts another tensor in a tensor's place.</summary>
    internal static void Replace(torch.Tensor original, torch.Tensor replacement)
    {
        if (original.Scope is { } scope)
        {
            scope.Remove(original);
            scope.Add(replacement);
        }
    }

    private void MoveOne(DisposeScope? scope, IDisposable disposable)
    {
        ObjectDisposedException.ThrowIf(manager is null, this);
        if (disposable is not torch.Tensor t || t.Scope != this)
        {
            return;
        }
        if (scope is null)
        {
            Remove(t);
            manager.Tensors.DetachedFromScopeCount++;
        }
        else if (scope != this)
        {
            Remove(t);
            scope.Add(t);
        }
    }

    private void AttachOne(IDisposable disposable)
    {
        ObjectDisposedException.ThrowIf(manager is null, this);
        if (disposable is not torch.Tensor t)
        {
            throw new InvalidOperationException("a dispose scope holds tensors only");
        }
        if (t.Scope == this)
        {
            return;
        }
        t.Scope?.Remove(t);
        Add(t);
        manager.Tensors.AttachedToScopeCount++;
    }
}
