using System.Runtime.CompilerServices;

namespace SlimSpec.Tests;

/// <summary>The models here are so small that several threads would mostly wait for each other.</summary>
internal static class Threads
{
    [ModuleInitializer]
    internal static void UseOne() => torch.set_num_threads(1);
}
