namespace TorchSharp;

/// <summary>The dispose scopes of one thread and what they counted.</summary>
public class DisposeScopeManager
{
    [ThreadStatic] private static DisposeScopeManager? current;

    internal static DisposeScopeManager ThreadSingleton => current ??= new DisposeScopeManager();

    internal LifetimeStatistics Tensors { get; } = new();

    internal ThreadDisposeScopeStatistics AllStatistics { get; }

    internal DisposeScope? CurrentDisposeScope { get; private set; }

    public static ThreadDisposeScopeStatistics Statistics => ThreadSingleton.AllStatistics;

    public DisposeScopeManager() => AllStatistics = new ThreadDisposeScopeStatistics(Tensors);

    internal void Register(torch.Tensor t)
    {
        if (CurrentDisposeScope is { } scope)
        {
            Tensors.CreatedInScopeCount++;
            scope.Add(t);
        }
        else
        {
            Tensors.CreatedOutsideScopeCount++;
        }
    }

    internal DisposeScope NewDisposeScope() => CurrentDisposeScope = new DisposeScope(this);

    internal void RemoveDisposeScope(DisposeScope scope)
    {
        if (CurrentDisposeScope == scope)
        {
            CurrentDisposeScope = scope.OuterScope;
            return;
        }
        for (var s = CurrentDisposeScope; s is not null; s = s.OuterScope)
        {
            if (s.OuterScope == scope)
            {
                s.OuterScope = scope.OuterScope;
                return;
            }
        }
    }
}

/// <summary>What happened to the tensors of one thread since its start or the last reset.</summary>
public class LifetimeStatistics
{
    public long CreatedInScopeCount { get; internal set; }
    public long CreatedOutsideScopeCount { get; internal set; }
    public long DisposedInScopeCount { get; internal set; }
    public long DisposedOutsideScopeCount { get; internal set; }
    public long DetachedFromScopeCount { get; internal set; }
    public long AttachedToScopeCount { get; internal set; }
    public long ThreadTotalLiveCount => CreatedInScopeCount + CreatedOutsideScopeCount - DisposedInScopeCount - DisposedOutsideScopeCount;

    public void Reset() =>
        CreatedInScopeCount = CreatedOutsideScopeCount = DisposedInScopeCount = DisposedOutsideScopeCount = DetachedFromScopeCount = AttachedToScopeCount = 0;

    public override string ToString() =>
        $"ThreadTotalLiveCount: {ThreadTotalLiveCount}; CreatedInScope: {CreatedInScopeCount}; CreatedOutsideScope: {CreatedOutsideScopeCount}; DisposedInScope: {DisposedInScopeCount}; DisposedOutsideScope: {DisposedOutsideScopeCount}; DetachedFromScope: {DetachedFromScopeCount}; AttachedToScope: {AttachedToScopeCount}";
}

public class ThreadDisposeScopeStatistics
{
    public ThreadDisposeScopeStatistics()
        : this(new LifetimeStatistics())
    {
    }

    internal ThreadDisposeScopeStatistics(LifetimeStatistics tensors) => TensorStatistics = tensors;

    public LifetimeStatistics TensorStatistics { get; }

    public long CreatedInScopeCount => TensorStatistics.CreatedInScopeCount;
    public long CreatedOutsideScopeCount => TensorStatistics.CreatedOutsideScopeCount;
    public long DisposedInScopeCount => TensorStatistics.DisposedInScopeCount;
    public long DisposedOutsideScopeCount => TensorStatistics.DisposedOutsideScopeCount;
    public long DetachedFromScopeCount => TensorStatistics.DetachedFromScopeCount;
    public long AttachedToScopeCount => TensorStatistics.AttachedToScopeCount;
    public long ThreadTotalLiveCount => TensorStatistics.ThreadTotalLiveCount;

    public void Reset() => TensorStatistics.Reset();

    public override string ToString() => TensorStatistics.ToString();
}

public static partial class torch
{
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.NewDisposeScope();

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.ThreadSingleton.CurrentDisposeScope;

    /// <summary>Runs the expression in a scope of its own and hands its result to the scope around it.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
}
