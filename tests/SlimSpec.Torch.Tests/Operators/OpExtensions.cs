using System.Reflection;

namespace SlimSpec.Torch.Tests.Operators;

/// <summary>An operator is looked up at its first call: forgetting the look-up shows whether a test calls it.</summary>
internal static class OpExtensions
{
    private static readonly FieldInfo Handle = typeof(Op).GetField("handle", BindingFlags.NonPublic | BindingFlags.Instance)!;

    extension(Op op)
    {
        public bool IsResolved => (IntPtr)Handle.GetValue(op)! != 0;

        public void Forget() => Handle.SetValue(op, IntPtr.Zero);
    }
}
