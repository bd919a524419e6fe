// The commands share the recipe registry, the current folder's name in messages, and torch's threads.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
