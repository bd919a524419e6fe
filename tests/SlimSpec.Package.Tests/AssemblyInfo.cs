// They build, each on all processors, and one changes the current folder.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
