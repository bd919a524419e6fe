using TorchSharp.Utils;
using static TorchSharp.torch;

namespace SlimSpec.Torch.Tests;

public class ModuleTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    private sealed class Pair : nn.Module<Tensor, Tensor>
    {
        private readonly Linear first = nn.Linear(2, 3);
        [ComponentName(Name = "second")] private readonly Linear other = nn.Linear(3, 1, hasBias: false);
        private readonly Parameter scale = new(ones(1));
        private readonly Tensor shift = zeros(1);

        public Pair()
            : base("pair") => RegisterComponents();

        public override Tensor forward(Tensor input) => (other.call(first.call(input)) * scale) + shift;
    }

    private sealed class Flat : nn.Module<Tensor, Tensor, Tensor>
    {
        public Flat()
            : base("flat")
        {
            register_parameter("model.layers.0.self_attn.q_proj.weight", new Parameter(ones(2, 2)));
            register_buffer("kept", zeros(1));
            register_buffer("passing", zeros(1), persistent: false);
        }

        public Parameter Weight => get_parameter("model.layers.0.self_attn.q_proj.weight")!;

        public override Tensor forward(Tensor input1, Tensor input2) => input1.mv(input2);
    }

    [Fact]
    public void Fields_register_under_their_names()
    {
        var m = new Pair();
        m.named_parameters().Select(p => p.name).ShouldBe(["scale", "first.weight", "first.bias", "second.weight"]);
        m.named_buffers().Select(b => b.name).ShouldBe(["shift"]);
        m.named_modules().Select(c => c.name).ShouldBe(["first", "second"]);
        m.parameters(false).Count().ShouldBe(1);
        m.state_dict().Keys.ShouldBe(["scale", "first.weight", "first.bias", "second.weight", "shift"], ignoreOrder: true);
        m.get_parameter("second.weight")!.shape.ShouldBe([1, 3]);
        m.has_parameter("second.bias").ShouldBeFalse();
        m.get_buffer("shift").ShouldNotBeNull();
    }

    [Fact]
    public void Parameters_may_carry_dotted_names_and_modules_may_not()
    {
        var m = new Flat();
        m.state_dict().Keys.ShouldBe(["model.layers.0.self_attn.q_proj.weight", "kept"]);
        Should.Throw<ArgumentException>(() => m.register_module("a.b", nn.Identity()));
        Should.Throw<InvalidOperationException>(() => m.register_parameter("model.layers.0.self_attn.q_proj.weight", new Parameter(ones(1))));
        Should.Throw<ArgumentNullException>(() => m.register_parameter("x", null!));
        m.call(eye(2), ones(2)).ToDoubles().ShouldBe([1, 1]);
    }

    [Fact]
    public void A_child_can_be_replaced()
    {
        var m = new Pair();
        m.register_module("first", null!);
        m.has_parameter("first.weight").ShouldBeFalse();
        m.register_module("first", nn.Linear(2, 5));
        m.get_parameter("first.weight")!.shape.ShouldBe([5, 2]);
        Should.Throw<InvalidOperationException>(() => m.register_module("first", nn.Identity()));
    }

    [Fact]
    public void A_list_registers_what_it_holds_when_it_is_registered()
    {
        var list = nn.ModuleList(nn.Linear(1, 1), nn.Linear(1, 2));
        list.Add(nn.Linear(1, 3));
        var m = new Holder();
        m.register_module("layers", list);
        list.Add(nn.Linear(1, 4));
        m.named_children().Single().module.named_parameters().Select(p => p.name).ShouldBe(["0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias"]);
        (list.Count, list[3].weight.size(0)).ShouldBe((4, 4));
    }

    private sealed class Holder() : nn.Module("holder");

    [Fact]
    public void A_parameter_empties_what_it_is_made_of()
    {
        var data = ones(2);
        var p = new Parameter(data);
        data.IsInvalid.ShouldBeTrue();
        p.requires_grad.ShouldBeTrue();
        new Parameter(ones(2), requires_grad: false).requires_grad.ShouldBeFalse();
        ones(2).AsParameter().is_leaf.ShouldBeTrue();
    }

    [Fact]
    public void Own_parameters_made_in_a_scope_end_with_it_and_those_of_Linear_do_not()
    {
        Pair m;
        using (NewDisposeScope())
        {
            m = new Pair();
        }
        m.get_parameter("first.weight")!.IsInvalid.ShouldBeFalse();
        m.named_parameters().Select(p => p.name).ShouldNotContain("scale");
        m.Dispose();
    }

    [Fact]
    public void Moving_replaces_parameters_only_where_something_changes()
    {
        var m = new Pair();
        var before = m.get_parameter("first.weight")!;
        m.to(float32);
        m.get_parameter("first.weight").ShouldBeSameAs(before);
        m.to(float64);
        before.IsInvalid.ShouldBeTrue();
        m.parameters().ShouldAllBe(p => p.dtype == float64 && p.requires_grad);
        m.buffers().ShouldAllBe(b => b.dtype == float64);
        m.call(ones(2, float64)).dtype.ShouldBe(float64);
        m.to(META);
        m.parameters().ShouldAllBe(p => p.is_meta);
        Should.Throw<ArgumentException>(() => new Pair().to(int64));
    }

    [Fact]
    public void Moving_takes_the_gradient_along()
    {
        var m = nn.Linear(2, 1);
        m.call(ones(2)).backward();
        m.to(float64);
        m.weight.grad!.dtype.ShouldBe(float64);
        m.weight.grad!.ToDoubles().ShouldBe([1, 1]);
    }

    [Fact]
    public void Training_reaches_the_children()
    {
        var m = new Holder();
        var drop = nn.Dropout(1);
        m.register_module("drop", drop);
        m.training.ShouldBeTrue();
        drop.call(ones(3)).ToDoubles().ShouldBe([0, 0, 0]);
        m.eval();
        drop.call(ones(3)).ToDoubles().ShouldBe([1, 1, 1]);
        m.train();
        drop.training.ShouldBeTrue();
    }

    [Fact]
    public void State_passes_from_module_to_module()
    {
        var (a, b) = (new Pair(), new Pair());
        b.load_state_dict(a.state_dict());
        b.get_parameter("first.weight")!.Equals(a.get_parameter("first.weight")!).ShouldBeTrue();
        var partial = new Dictionary<string, Tensor> { ["scale"] = ones(1) };
        Should.Throw<InvalidOperationException>(() => b.load_state_dict(partial));
        b.load_state_dict(partial, strict: false).missing_keys.Count.ShouldBe(4);
    }

    [Fact]
    public void Zero_grad_takes_gradients_away_or_clears_them()
    {
        var m = nn.Linear(2, 1);
        m.call(ones(2)).backward();
        m.zero_grad(false);
        m.weight.grad!.ToDoubles().ShouldBe([0, 0]);
        m.zero_grad();
        m.weight.grad.ShouldBeNull();
    }

    [Fact]
    public void Hooks_run_around_a_call_and_not_around_forward()
    {
        var m = nn.Identity();
        var seen = new List<string>();
        var pre = m.register_forward_pre_hook((_, x) => { seen.Add("pre"); return x * 2; });
        m.register_forward_hook((_, x, y) => { seen.Add("post"); return y + 1; });
        m.register_forward_hook(_ => seen.Add("done"));
        m.call(ones(1)).ToDoubles().ShouldBe([3]);
        m.forward(ones(1)).ToDoubles().ShouldBe([1]);
        seen.ShouldBe(["pre", "post", "done"]);
        pre.remove();
        m.call(ones(1)).ToDoubles().ShouldBe([2]);
    }

    [Fact]
    public void Linear_and_layer_norm_start_as_pytorch_has_them()
    {
        manual_seed(0);
        var m = nn.Linear(100, 400);
        m.weight.abs().max().ToDouble().ShouldBe(0.1, 1e-4);
        m.bias!.abs().max().ToDouble().ShouldBe(0.1, 2e-3);
        (nn.LayerNorm(4).weight.sum().ToDouble(), nn.LayerNorm([4], bias: false).bias).ShouldBe((4, null));
        nn.LayerNorm(2, eps: 0).call(tensor(new[] { 1f, 3 })).ToDoubles().ShouldBe([-1, 1], 1e-6);
    }

    [Fact]
    public void An_embedding_gives_rows_and_trains_them()
    {
        var e = nn.Embedding(5, 3, padding_idx: 0);
        e.weight!.index_select(0, tensor(new long[] { 0 })).abs().sum().ToDouble().ShouldBe(0);
        e.call(tensor(new long[] { 0, 2, 2 })).sum().backward();
        e.weight!.grad!.sum([1]).ToDoubles().ShouldBe([0, 0, 6, 0, 0]);
        nn.Embedding_from_pretrained(ones(2, 2)).weight!.requires_grad.ShouldBeFalse();
    }

    [Fact]
    public void A_parameterless_module_takes_nothing()
    {
        Should.Throw<InvalidOperationException>(() => nn.SiLU().register_parameter("p", new Parameter(ones(1))));
        nn.SiLU().to(float64).ShouldNotBeNull();
        nn.GELU().call(ones(1)).ToDoubles()[0].ShouldBe(0.841344746, 1e-6);
        nn.ReLU(inplace: true).call(-ones(1)).ToDoubles().ShouldBe([0]);
    }

    [Fact]
    public void Disposing_a_module_disposes_its_tensors()
    {
        var m = new Pair();
        var all = m.parameters().Concat(m.buffers()).ToList();
        m.Dispose();
        all.ShouldAllBe(t => t.IsInvalid);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(100, 5)]
    public void Clipping_scales_gradients_together(double limit, double expected)
    {
        var (a, b) = (new Parameter(zeros(1)), new Parameter(zeros(1)));
        ((a * 3) + (b * 4)).backward();
        nn.utils.clip_grad_norm_([a, b, new Parameter(zeros(1))], limit).ShouldBe(5, 1e-6);
        Math.Sqrt(Math.Pow(a.grad!.ToDouble(), 2) + Math.Pow(b.grad!.ToDouble(), 2)).ShouldBe(expected, 1e-5);
        (a.grad!.ToDouble() / b.grad!.ToDouble()).ShouldBe(0.75, 1e-6);
        nn.utils.clip_grad_value_([a, b], 0.5);
        b.grad!.ToDouble().ShouldBe(0.5, 1e-6);
    }

    [Fact]
    public void Weights_are_filled_to_their_formulas()
    {
        manual_seed(0);
        var w = zeros(200, 300);
        nn.init.xavier_uniform_(w).ShouldBeSameAs(w);
        w.abs().max().ToDouble().ShouldBe(Math.Sqrt(6.0 / 500), 1e-3);
        nn.init.xavier_normal_(w).std().ToDouble().ShouldBe(Math.Sqrt(2.0 / 500), 1e-3);
        nn.init.kaiming_normal_(w, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU).std().ToDouble().ShouldBe(Math.Sqrt(2.0 / 200), 1e-3);
        nn.init.kaiming_uniform_(w).abs().max().ToDouble().ShouldBe(Math.Sqrt(6.0 / 300), 1e-3);
        nn.init.normal_(w, 1, 0.5).mean().ToDouble().ShouldBe(1, 1e-2);
        nn.init.constant_(w, 2).sum().ToDouble().ShouldBe(120000);
        nn.init.ones_(w).mean().ToDouble().ShouldBe(1);
        nn.init.zeros_(w).abs().max().ToDouble().ShouldBe(0);
        nn.init.uniform_(w, 2, 3).min().ToDouble().ShouldBe(2, 1e-3);
        nn.init.calculate_gain(nn.init.NonlinearityType.Tanh).ShouldBe(5.0 / 3);
        Should.Throw<ArgumentException>(() => nn.init.xavier_uniform_(zeros(3)));
    }
}
