global using Shouldly;
global using Xunit;

// Some tests change the process's culture or environment.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
