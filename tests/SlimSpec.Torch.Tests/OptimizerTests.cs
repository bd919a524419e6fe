using static TorchSharp.torch;

namespace SlimSpec.Torch.Tests;

public sealed class OptimizerTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    private static readonly double[] Gradients = [0.5, -1, 0.25, 2, -0.125];

    private static Parameter Start() => new(tensor(new[] { 1.0 }));

    private static void Give(Parameter p, double gradient) => p.grad = tensor(new[] { gradient });

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(0.1, false, false)]
    [InlineData(0.1, true, false)]
    [InlineData(0, false, true)]
    public void AdamW_makes_the_steps_of_the_paper(double decay, bool amsgrad, bool maximize)
    {
        const double Lr = 0.1, Beta1 = 0.8, Beta2 = 0.9, Eps = 1e-6;
        var p = Start();
        using var optimizer = optim.AdamW([p], Lr, Beta1, Beta2, Eps, decay, amsgrad, maximize);
        double w = 1, m = 0, v = 0, most = 0;
        for (var t = 1; t <= Gradients.Length; t++)
        {
            Give(p, Gradients[t - 1]);
            optimizer.step();

            var g = maximize ? -Gradients[t - 1] : Gradients[t - 1];
            w -= Lr * decay * w;
            m = (Beta1 * m) + ((1 - Beta1) * g);
            v = (Beta2 * v) + ((1 - Beta2) * g * g);
            most = Math.Max(most, v);
            var vHat = (amsgrad ? most : v) / (1 - Math.Pow(Beta2, t));
            w -= Lr * (m / (1 - Math.Pow(Beta1, t))) / (Math.Sqrt(vHat) + Eps);
            p.ToDoubles()[0].ShouldBe(w, 1e-12);
        }
        var state = (AdamW.State)optimizer.state_dict().State.Single();
        (state.step, state.exp_avg.ToDoubles()[0], state.exp_avg_sq.ToDoubles()[0]).ShouldBe((5, m, v));
    }

    [Fact]
    public void AdamW_has_TorchSharps_defaults()
    {
        var o = ((AdamW.ParamGroup)optim.AdamW([Start()]).ParamGroups.Single()).Options;
        (o.LearningRate, o.beta1, o.beta2, o.eps, o.weight_decay, o.amsgrad, o.maximize).ShouldBe((0.001, 0.9, 0.999, 1e-8, 0, false, false));
        Should.Throw<ArgumentException>(() => optim.AdamW([Start()], lr: -1));
        Should.Throw<ArgumentException>(() => optim.AdamW([Start()], beta1: 1));
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0.9, 0, false)]
    [InlineData(0.9, 0.1, true)]
    public void SGD_makes_the_steps_of_the_formula(double momentum, double decay, bool nesterov)
    {
        var p = Start();
        using var optimizer = optim.SGD([p], 0.1, momentum, 0, decay, nesterov);
        double w = 1, buffer = 0;
        for (var t = 0; t < Gradients.Length; t++)
        {
            Give(p, Gradients[t]);
            optimizer.step();

            var g = Gradients[t] + (decay * w);
            buffer = t == 0 ? g : (momentum * buffer) + g;
            w -= 0.1 * (momentum == 0 ? g : nesterov ? g + (momentum * buffer) : buffer);
            p.ToDoubles()[0].ShouldBe(w, 1e-12);
        }
    }

    [Fact]
    public void Groups_have_their_own_settings()
    {
        var (a, b) = (Start(), Start());
        using var optimizer = optim.AdamW(
            [new AdamW.ParamGroup { Parameters = [a], Options = new AdamW.Options { LearningRate = 0.5 } }, new AdamW.ParamGroup { Parameters = [b] }],
            lr: 0.1);
        Give(a, 1);
        Give(b, 1);
        optimizer.step();
        a.ToDoubles()[0].ShouldBe(0.5, 1e-6);
        b.ToDoubles()[0].ShouldBe(0.9, 1e-6);
        optimizer.parameters().ShouldBe([a, b]);
    }

    [Fact]
    public void A_parameter_without_gradient_stays()
    {
        var (a, b) = (Start(), Start());
        using var optimizer = optim.AdamW([a, b], weight_decay: 0.5);
        Give(a, 1);
        optimizer.step();
        b.ToDoubles()[0].ShouldBe(1);
        ((AdamW.State)optimizer.state_dict().State[1]).step.ShouldBe(0);
        optimizer.zero_grad();
        a.grad!.ToDoubles().ShouldBe([0]);
        b.grad.ShouldBeNull();
    }

    [Fact]
    public void The_closure_runs_with_gradients_and_its_loss_comes_back()
    {
        var p = Start();
        using var optimizer = optim.SGD([p], 0.1);
        Tensor Closure()
        {
            var loss = p.pow(2).sum();
            loss.backward();
            return loss;
        }

        using (no_grad())
        {
            optimizer.step(Closure)!.ToDouble().ShouldBe(1);
        }
        p.ToDoubles()[0].ShouldBe(0.8, 1e-12);
    }

    [Fact]
    public void State_made_in_a_scope_outlives_it()
    {
        var p = Start();
        AdamW optimizer;
        using (NewDisposeScope())
        {
            optimizer = optim.AdamW([p]);
            Give(p, 1);
            optimizer.step();
        }
        Give(p, 1);
        optimizer.step();
        ((AdamW.State)optimizer.state_dict().State.Single()).step.ShouldBe(2);
        var first = ((AdamW.State)optimizer.state_dict().State.Single()).exp_avg;
        optimizer.Dispose();
        first.IsInvalid.ShouldBeTrue();
    }

    [Fact]
    public void An_optimizer_goes_on_from_its_saved_state()
    {
        var (a, b) = (Start(), Start());
        var file = new MemoryStream();
        using var whole = optim.AdamW([a], 0.1, amsgrad: true);
        using var resumed = optim.AdamW([b], 0.7, amsgrad: true);
        Give(a, 0.5);
        whole.step();
        using var writer = new BinaryWriter(file);
        whole.save_state_dict(writer);
        file.Position = 0;
        resumed.load_state_dict(new BinaryReader(file));
        using (no_grad())
        {
            b.copy_(a);
        }
        Give(a, -1);
        Give(b, -1);
        whole.step();
        resumed.step();
        b.ToDoubles().ShouldBe(a.ToDoubles());

        using var third = optim.AdamW([Start()], amsgrad: true);
        third.load_state_dict(whole.state_dict());
        third.state_dict().State[0].ApproximatelyEquals(whole.state_dict().State[0]).ShouldBeTrue();
        file.Position = 0;
        Should.Throw<InvalidDataException>(() => optim.SGD([Start()], 1).load_state_dict(new BinaryReader(file)));
    }

    [Fact]
    public void A_replaced_parameter_is_not_followed()
    {
        var m = nn.Linear(2, 1);
        using var optimizer = optim.AdamW(m.parameters());
        m.to(float64);
        Should.Throw<Exception>(() => optimizer.step());
    }
}
