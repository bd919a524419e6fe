// Tensors live in one engine with one thread count and one random state.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
