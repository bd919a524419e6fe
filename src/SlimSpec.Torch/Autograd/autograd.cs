namespace TorchSharp;

public static partial class torch
{
    public static class autograd
    {
        /// <summary>Gradients of the outputs by the inputs, without touching any <c>grad</c>.</summary>
        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var found = new IntPtr[inputs.Count];
            unsafe
            {
                fixed (IntPtr* y = Handles(outputs), x = Handles(inputs), g = Handles(grad_outputs), o = found)
                {
                    NativeMethods.Check(NativeMethods.st_autograd_grad(y, outputs.Count, x, inputs.Count, g, grad_outputs?.Count ?? 0, retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, o));
                }
            }
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return Array.ConvertAll(found, h => h == 0 ? null! : new Tensor(h));
        }

        public static void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            unsafe
            {
                fixed (IntPtr* y = Handles(tensors), g = Handles(grad_tensors), x = Handles(inputs))
                {
                    NativeMethods.Check(NativeMethods.st_backward(y, tensors.Count, g, grad_tensors?.Count ?? 0, retain_graph is { } r ? r ? 1 : 0 : -1, create_graph ? 1 : 0, x, inputs?.Count ?? 0));
                }
            }
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        private static IntPtr[] Handles(IList<Tensor>? tensors)
        {
            if (tensors is null)
            {
                return [];
            }
            var handles = new IntPtr[tensors.Count];
            for (var i = 0; i < handles.Length; i++)
            {
                handles[i] = tensors[i].Handle;
            }
            return handles;
        }
    }

    /// <summary>Sets the thread's grad mode until disposed.</summary>
    private sealed class GradMode : IDisposable
    {
        private readonly int before = NativeMethods.st_grad_enabled();

        public GradMode(bool on) => NativeMethods.st_set_grad_enabled(on ? 1 : 0);

        public void Dispose() => NativeMethods.st_set_grad_enabled(before);
    }

    private sealed class InferenceMode(bool on) : IDisposable
    {
        private IntPtr guard = NativeMethods.st_inference_enter(on ? 1 : 0);

        public void Dispose()
        {
            NativeMethods.st_inference_leave(guard);
            guard = 0;
        }
    }

    public static IDisposable no_grad() => new GradMode(false);
    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);
    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);
    public static bool is_grad_enabled() => NativeMethods.st_grad_enabled() != 0;
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);
    public static bool is_inference_mode_enabled() => NativeMethods.st_inference_enabled() != 0;
}
