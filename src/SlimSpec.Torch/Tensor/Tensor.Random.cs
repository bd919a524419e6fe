namespace TorchSharp;

public static partial class torch
{
    // Filling in place: random numbers, constants, copies.
    public partial class Tensor
    {
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) => Ops.normal_.Do(this, mean, std, generator);
        public Tensor uniform_(double from, double to, Generator? generator = null) => Ops.uniform_.Do(this, from, to, generator);
        public Tensor exponential_(double lambda = 1, Generator? generator = null) => Ops.exponential_.Do(this, lambda, generator);
        public Tensor log_normal_(double mean = 0, double std = 1, Generator? generator = null) => Ops.log_normal_.Do(this, mean, std, generator);
        public Tensor cauchy_(double median = 0, double sigma = 1, Generator? generator = null) => Ops.cauchy_.Do(this, median, sigma, generator);
        public Tensor bernoulli(Generator? generator = null) => Ops.bernoulli.Call(this, generator);
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Ops.bernoulli__float.Do(this, p, generator);
        public Tensor bernoulli_(Tensor p, Generator? generator = null) => Ops.bernoulli__Tensor.Do(this, p, generator);
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) => Ops.multinomial.Call(this, num_samples, replacement, generator);
        public Tensor random_(double from, double to, Generator? generator = null) => Ops.random__from.Do(this, (long)from, (long)to, generator);
        public Tensor fill_(Scalar value) => Ops.fill__Scalar.Do(this, value);
        public Tensor zero_() => Ops.zero_.Do(this);
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Ops.copy_.Do(this, source, nonBlocking);
        public Tensor set_(Tensor source) => Ops.set__source_Tensor.Do(this, source);
    }

    public static Tensor bernoulli(Tensor input, Generator? generator = null) => input.bernoulli(generator);
    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null) => input.multinomial(num_samples, replacement, generator);
}
