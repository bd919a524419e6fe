using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // What a module holds, by name.
        public partial class Module
        {
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                Named<Parameter>(_internal_params, m => m.named_parameters(true), recurse);

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            /// <summary>Persistent buffers; the others are never listed.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
                Named(_internal_buffers.Where(b => b.Item2.Item2).Select(b => (b.Item1, b.Item2.Item1)), m => m.named_buffers(true, include_nonpersistent), recurse);

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(b => b.buffer);

            public virtual IEnumerable<(string name, Module module)> named_children() => _internal_submodules;

            public virtual IEnumerable<Module> children() => named_children().Select(c => c.module);

            /// <summary>All modules below this one, itself not counted.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in _internal_submodules)
                {
                    yield return child;
                }
                foreach (var (childName, child) in _internal_submodules)
                {
                    foreach (var (n, m) in child.named_modules())
                    {
                        yield return ($"{childName}.{n}", m);
                    }
                }
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            public virtual Parameter? get_parameter(string target)
            {
                ArgumentNullException.ThrowIfNull(target);
                return _internal_params.TryGetValue(target, out var p) ? p : Below(target, (m, rest) => m.get_parameter(rest));
            }

            public virtual Tensor? get_buffer(string target)
            {
                ArgumentNullException.ThrowIfNull(target);
                return _internal_buffers.TryGetValue(target, out var b) ? b.Item1 : Below(target, (m, rest) => m.get_buffer(rest));
            }

            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                var start = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach (var (n, p) in named_parameters())
                {
                    destination.TryAdd(start + n, p);
                }
                foreach (var (n, b) in named_buffers(include_nonpersistent: false))
                {
                    destination.TryAdd(start + n, b);
                }
                foreach (var (n, m) in _internal_submodules)
                {
                    m.state_dict(destination, start + n);
                }
                return destination;
            }

            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var target = state_dict();
                bool Wanted(string key) => skip?.Contains(key) != true;
                var unexpected = source.Keys.Where(k => Wanted(k) && !target.ContainsKey(k)).ToList();
                var missing = target.Keys.Where(k => Wanted(k) && !source.ContainsKey(k)).ToList();
                if (strict && (missing.Count > 0 || unexpected.Count > 0))
                {
                    throw new InvalidOperationException("The loaded state_dict is not identical to the target dictionary.");
                }
                using var quiet = no_grad();
                foreach (var (key, value) in source)
                {
                    if (Wanted(key) && target.TryGetValue(key, out var mine))
                    {
                        mine.copy_(value);
                    }
                }
                return (missing, unexpected);
            }

            private IEnumerable<(string, T)> Named<T>(IEnumerable<(string, T)> own, Func<Module, IEnumerable<(string, T)>> below, bool recurse) where T : Tensor
            {
                var seen = new HashSet<IntPtr>();
                foreach (var (n, t) in own)
                {
                    if (!t.IsInvalid && seen.Add(t.Handle))
                    {
                        yield return (n, t);
                    }
                }
                if (!recurse)
                {
                    yield break;
                }
                foreach (var (childName, child) in _internal_submodules)
                {
                    foreach (var (n, t) in below(child))
                    {
                        if (seen.Add(t.Handle))
                        {
                            yield return ($"{childName}.{n}", t);
                        }
                    }
                }
            }

            private T? Below<T>(string target, Func<Module, string, T?> get) where T : class
            {
                var dot = target.IndexOf('.', StringComparison.Ordinal);
                return dot > 0 && _internal_submodules.TryGetValue(target[..dot], out var child) ? get(child, target[(dot + 1)..]) : null;
            }
        }
    }
}
