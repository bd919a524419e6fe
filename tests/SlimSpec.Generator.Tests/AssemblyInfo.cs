// Tensor work from several threads at once would start one OpenMP team per thread.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
