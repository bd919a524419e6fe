using static TorchSharp.torch;

namespace SlimSpec.Torch.Tests;

public class ScopeTests
{
    [Fact]
    public void A_scope_disposes_what_was_made_in_it()
    {
        Tensor inside, before = ones(2);
        using (NewDisposeScope())
        {
            inside = before + 1;
        }
        inside.IsInvalid.ShouldBeTrue();
        before.IsInvalid.ShouldBeFalse();
        before.Dispose();
    }

    [Fact]
    public void A_scope_disposes_when_an_exception_leaves_it()
    {
        Tensor? inside = null;
        Should.Throw<InvalidOperationException>(() =>
        {
            using var scope = NewDisposeScope();
            inside = ones(2);
            throw new InvalidOperationException();
        });
        inside!.IsInvalid.ShouldBeTrue();
    }

    [Fact]
    public void Moving_out_hands_a_tensor_to_the_scope_around()
    {
        using var outer = NewDisposeScope();
        Tensor kept;
        using (var inner = NewDisposeScope())
        {
            kept = inner.MoveToOuter(ones(2));
        }
        kept.IsInvalid.ShouldBeFalse();
        outer.Contains(kept).ShouldBeTrue();
        outer.DisposeEverything();
        kept.IsInvalid.ShouldBeTrue();
    }

    [Fact]
    public void Moving_out_of_the_outermost_scope_detaches()
    {
        Tensor kept;
        using (NewDisposeScope())
        {
            kept = ones(2).MoveToOuterDisposeScope();
        }
        kept.IsInvalid.ShouldBeFalse();
        kept.Dispose();
    }

    [Fact]
    public void A_detached_tensor_outlives_all_scopes()
    {
        Tensor kept;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                kept = ones(2).DetachFromDisposeScope();
            }
        }
        kept.IsInvalid.ShouldBeFalse();
        kept.Dispose();
    }

    [Fact]
    public void An_attached_tensor_ends_with_the_scope()
    {
        var t = ones(2);
        using (var scope = NewDisposeScope())
        {
            scope.Attach(t);
        }
        t.IsInvalid.ShouldBeTrue();
    }

    [Fact]
    public void Dispose_everything_but_keeps_the_named_ones_in_the_scope()
    {
        using var scope = NewDisposeScope();
        var (a, b, c) = (ones(1), ones(2), ones(3));
        scope.DisposeEverythingBut(b);
        (a.IsInvalid, b.IsInvalid, c.IsInvalid).ShouldBe((true, false, true));
        scope.DisposablesCount.ShouldBe(1);
    }

    [Fact]
    public void An_early_dispose_leaves_the_others_in_the_scope()
    {
        var tensors = new List<Tensor>();
        using (var scope = NewDisposeScope())
        {
            for (var i = 0; i < 10; i++)
            {
                tensors.Add(ones(1));
            }
            tensors[0].Dispose();
            tensors[5].Dispose();
            tensors[9].Dispose();
            scope.DisposablesCount.ShouldBe(7);
        }
        tensors.ShouldAllBe(t => t.IsInvalid);
    }

    [Fact]
    public void Scopes_may_end_out_of_order()
    {
        var outer = NewDisposeScope();
        var inner = NewDisposeScope();
        outer.Dispose();
        var t = ones(1);
        inner.Contains(t).ShouldBeTrue();
        inner.Dispose();
        t.IsInvalid.ShouldBeTrue();
        CurrentDisposeScope.ShouldBeNull();
    }

    [Fact]
    public void A_scope_is_of_its_thread()
    {
        Tensor? other = null;
        using (NewDisposeScope())
        {
            var thread = new Thread(() => other = ones(2));
            thread.Start();
            thread.Join();
        }
        other!.IsInvalid.ShouldBeFalse();
        other.Dispose();
    }

    [Fact]
    public void Statistics_count_what_lives()
    {
        var statistics = DisposeScopeManager.Statistics.TensorStatistics;
        statistics.Reset();
        var outside = ones(1);
        using (NewDisposeScope())
        {
            var a = ones(1);
            a.DetachFromDisposeScope().Dispose();
            _ = ones(1) + 1;
            statistics.ThreadTotalLiveCount.ShouldBe(3);
        }
        outside.Dispose();
        statistics.ThreadTotalLiveCount.ShouldBe(0);
        (statistics.CreatedInScopeCount, statistics.CreatedOutsideScopeCount, statistics.DetachedFromScopeCount).ShouldBe((3, 1, 1));
    }

    [Fact]
    public void The_count_of_all_tensors_follows_making_and_disposing()
    {
        var before = Tensor.TotalCount;
        var t = ones(1);
        Tensor.TotalCount.ShouldBe(before + 1);
        t.Dispose();
        Tensor.TotalCount.ShouldBe(before);
        Tensor.PeakCount.ShouldBeGreaterThan(before);
    }

    [Fact]
    public void A_wrapped_expression_keeps_its_result_only()
    {
        using var scope = NewDisposeScope();
        var result = WrappedTensorDisposeScope(() => ones(2) + 1);
        scope.DisposablesCount.ShouldBe(1);
        result.ToDoubles().ShouldBe([2, 2]);
    }

    [Fact]
    public void A_tensor_put_in_place_of_another_takes_its_scope()
    {
        Parameter p;
        using (var scope = NewDisposeScope())
        {
            var data = ones(2);
            p = new Parameter(data);
            data.IsInvalid.ShouldBeTrue();
            scope.DisposablesView.Single().ShouldBeSameAs(p);
        }
        p.IsInvalid.ShouldBeTrue();
    }
}
