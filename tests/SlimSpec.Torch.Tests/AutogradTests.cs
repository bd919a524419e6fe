using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SlimSpec.Torch.Tests;

public class AutogradTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Backward_fills_grad_and_adds_to_it()
    {
        var x = tensor(new[] { 1.0, 2, 3 }, requires_grad: true);
        x.grad.ShouldBeNull();
        x.pow(2).sum().backward();
        x.grad!.ToDoubles().ShouldBe([2, 4, 6]);
        x.mul(10).sum().backward();
        x.grad!.ToDoubles().ShouldBe([12, 14, 16]);
        x.grad = null;
        x.grad.ShouldBeNull();
        x.grad = ones(3, float64);
        x.grad!.ToDoubles().ShouldBe([1, 1, 1]);
    }

    [Fact]
    public void Backward_of_a_vector_takes_its_gradient()
    {
        var x = tensor(new[] { 1.0, 2 }, requires_grad: true);
        x.mul(3).backward([tensor(new[] { 1.0, 10 })]);
        x.grad!.ToDoubles().ShouldBe([3, 30]);
        Should.Throw<ExternalException>(() => x.mul(3).backward()).Message.ShouldContain("scalar outputs");
    }

    [Fact]
    public void Backward_into_named_inputs_leaves_the_others()
    {
        var (x, y) = (tensor(2.0, requires_grad: true), tensor(5.0, requires_grad: true));
        (x * y).backward(inputs: [x]);
        x.grad!.ToDouble().ShouldBe(5);
        y.grad.ShouldBeNull();
    }

    [Fact]
    public void A_graph_is_gone_after_backward_unless_kept()
    {
        var x = tensor(3.0, requires_grad: true);
        var y = x.pow(2);
        y.backward(retain_graph: true);
        y.backward();
        x.grad!.ToDouble().ShouldBe(12);
        Should.Throw<ExternalException>(() => y.backward()).Message.ShouldContain("second time");
    }

    [Fact]
    public void Autograd_grad_leaves_grad_alone()
    {
        var (x, y, z) = (tensor(2.0, requires_grad: true), tensor(5.0, requires_grad: true), tensor(1.0, requires_grad: true));
        var g = autograd.grad([x * y], [x, y]);
        (g[0].ToDouble(), g[1].ToDouble()).ShouldBe((5, 2));
        x.grad.ShouldBeNull();
        autograd.grad([x * y], [x], [tensor(10.0)])[0].ToDouble().ShouldBe(50);
        Should.Throw<ExternalException>(() => autograd.grad([x * y], [z]));
        autograd.grad([x * y], [z], allow_unused: true)[0].ShouldBeNull();
    }

    [Fact]
    public void Gradients_of_gradients()
    {
        var x = tensor(3.0, requires_grad: true);
        var first = autograd.grad([x.pow(3)], [x], create_graph: true)[0];
        autograd.grad([first], [x])[0].ToDouble().ShouldBe(18);
    }

    [Fact]
    public void No_grad_records_nothing_until_disposed()
    {
        var x = ones(2, requires_grad: true);
        using (no_grad())
        {
            is_grad_enabled().ShouldBeFalse();
            (x * 2).requires_grad.ShouldBeFalse();
            using (enable_grad())
            {
                (x * 2).requires_grad.ShouldBeTrue();
            }
            is_grad_enabled().ShouldBeFalse();
        }
        is_grad_enabled().ShouldBeTrue();
        using (set_grad_enabled(false))
        {
            is_grad_enabled().ShouldBeFalse();
        }
        (x * 2).requires_grad.ShouldBeTrue();
    }

    [Fact]
    public void Grad_mode_is_of_the_thread()
    {
        var other = false;
        using (no_grad())
        {
            var thread = new Thread(() => other = is_grad_enabled());
            thread.Start();
            thread.Join();
        }
        other.ShouldBeTrue();
    }

    [Fact]
    public void Inference_tensors_stay_out_of_graphs()
    {
        var x = ones(2, requires_grad: true);
        Tensor made;
        using (inference_mode())
        {
            is_inference_mode_enabled().ShouldBeTrue();
            made = ones(2);
        }
        is_inference_mode_enabled().ShouldBeFalse();
        Should.Throw<ExternalException>(() => (x * made).sum().backward()).Message.ShouldContain("Inference tensors");
    }

    [Fact]
    public void A_view_of_a_leaf_cannot_be_changed_in_place()
    {
        var x = ones(2, requires_grad: true);
        Should.Throw<ExternalException>(() => x.add_(1));
        using (no_grad())
        {
            x.add_(1);
        }
        x.detach().ToDoubles().ShouldBe([2, 2]);
    }

    [Fact]
    public void Retained_gradients_of_results()
    {
        var x = tensor(2.0, requires_grad: true);
        var y = x * 3;
        y.is_leaf.ShouldBeFalse();
        y.retain_grad();
        y.pow(2).backward();
        y.grad!.ToDouble().ShouldBe(12);
    }

    /// <summary>Each function's gradient beside the central difference of the function itself.</summary>
    [Theory]
    [InlineData("silu")]
    [InlineData("gelu")]
    [InlineData("layer_norm")]
    [InlineData("cross_entropy")]
    [InlineData("attention")]
    [InlineData("embedding")]
    [InlineData("kl_div")]
    public void Gradients_agree_with_differences(string name)
    {
        manual_seed(3);
        var other = randn([3, 4], float64);
        var labels = tensor(new long[] { 2, 0, 1 });
        Func<Tensor, Tensor> f = name switch
        {
            "silu" => t => nn.functional.silu(t),
            "gelu" => t => nn.functional.gelu(t),
            "layer_norm" => t => nn.functional.layer_norm(t, [4], ones(4, float64), zeros(4, float64)) * other,
            "cross_entropy" => t => nn.functional.cross_entropy(t, labels),
            "attention" => t => nn.functional.scaled_dot_product_attention(t.view(1, 1, 3, 4), other.view(1, 1, 3, 4), t.view(1, 1, 3, 4), null, 0, true),
            "embedding" => t => t.index_select(0, labels) * other,
            _ => t => nn.functional.kl_div(t.log_softmax(-1), other.log_softmax(-1), true, nn.Reduction.Sum),
        };
        var x = randn([3, 4], float64);
        x.requires_grad = true;
        f(x).sum().backward();
        var slope = x.grad!.ToDoubles();
        using var quiet = no_grad();
        for (var i = 0; i < 12; i++)
        {
            const double Step = 1e-5;
            var (up, down) = (x.detach().clone(), x.detach().clone());
            up.data<double>()[i / 4, i % 4] += Step;
            down.data<double>()[i / 4, i % 4] -= Step;
            slope[i].ShouldBe((f(up).sum() - f(down).sum()).ToDouble() / (2 * Step), 1e-6);
        }
    }
}
