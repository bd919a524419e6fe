using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace SlimSpec.Torch.Tests;

/// <summary>
/// Renders the public and protected members of an assembly in the format of the TorchSharp listing:
/// "Type :: signature". A reference that may be null is marked ¿, as the listing marks only those of files with nullable annotations.
/// </summary>
internal static class ApiSurface
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    private static readonly NullabilityInfoContext Nullability = new();

    public static IEnumerable<string> Of(Assembly assembly) => assembly.GetTypes()
        .Where(t => t.IsVisible && !t.IsDefined(typeof(CompilerGeneratedAttribute)))
        .SelectMany(t => Members(t).Select(m => $"{Name(t)} :: {m}"));

    /// <summary>Whether a rendered member is a line of the listing: where we say ¿, the listing may say nothing.</summary>
    public static bool Matches(string ours, string listed)
    {
        var j = 0;
        foreach (var c in ours)
        {
            if (c == '¿')
            {
                j += j < listed.Length && listed[j] == '?' ? 1 : 0;
            }
            else if (j >= listed.Length || listed[j++] != c)
            {
                return false;
            }
        }
        return j == listed.Length;
    }

    /// <summary>A form in which a member and its line are equal.</summary>
    public static string Key(string line) => line.Replace("¿", "").Replace("?", "");

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => $"{f.Name} = {Convert.ToInt64(f.GetRawConstantValue(), CultureInfo.InvariantCulture)}");
        }
        return type.GetMembers(All).Select(m => m switch
        {
            ConstructorInfo c when Visible(c) && !c.IsStatic => $"{Access(c)} {Bare(type)}({Parameters(c)})",
            MethodInfo m1 when Visible(m1) && (!m1.IsSpecialName || m1.Name.StartsWith("op_", StringComparison.Ordinal)) => Method(m1),
            PropertyInfo p when p.GetAccessors(true).Any(Visible) => Property(p),
            FieldInfo f when f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly => Field(f),
            _ => null,
        }).OfType<string>();
    }

    private static bool Visible(MethodBase m) => m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly;

    private static string Access(MethodBase m) => m.IsPublic ? "public" : "protected";

    private static string Method(MethodInfo m)
    {
        var result = Render(m.ReturnType, new Notes(Nullability.Create(m.ReturnParameter), Names(m.ReturnParameter)));
        if (m.Name is "op_Implicit" or "op_Explicit")
        {
            return $"public static {result} {m.Name[3..].ToLowerInvariant()} operator({Parameters(m)})";
        }
        if (m.IsSpecialName)
        {
            return $"public static {result} operator {m.Name[3..]}({Parameters(m)})";
        }
        var generics = m.IsGenericMethodDefinition ? $"<{string.Join(",", m.GetGenericArguments().Select(a => a.Name))}>" : "";
        return $"{Access(m)} {Modifiers(m)}{result} {m.Name}{generics}({Parameters(m)}){Constraints(m)}";
    }

    private static string Modifiers(MethodInfo m)
    {
        if (m.IsStatic)
        {
            return "static ";
        }
        if (m.DeclaringType!.IsInterface || !m.IsVirtual)
        {
            return "";
        }
        if (m.GetBaseDefinition().DeclaringType != m.DeclaringType)
        {
            return "override ";
        }
        return m.IsAbstract ? "abstract " : m.IsFinal ? "" : "virtual ";
    }

    private static string Property(PropertyInfo p)
    {
        var shown = p.GetAccessors(true).First(Visible);
        var type = Render(p.PropertyType, new Notes(Nullability.Create(p), p.GetCustomAttribute<TupleElementNamesAttribute>()));
        var accessors = string.Concat(new[] { (p.GetMethod, "get; "), (p.SetMethod, "set; ") }.Where(a => a.Item1 is { } m && Visible(m)).Select(a => a.Item2));
        var index = p.GetIndexParameters();
        var name = index.Length > 0 ? $"this[{string.Join(", ", index.Select(Parameter))}]" : p.Name;
        return $"{Access(shown)} {Modifiers(shown)}{type} {name} {{ {accessors}}}";
    }

    private static string Field(FieldInfo f)
    {
        var type = Render(f.FieldType, new Notes(Nullability.Create(f), f.GetCustomAttribute<TupleElementNamesAttribute>()));
        var kind = f.IsLiteral ? "const " : (f.IsStatic ? "static " : "") + (f.IsInitOnly ? "readonly " : "");
        return $"{(f.IsPublic ? "public" : "protected")} {kind}{type} {f.Name}";
    }

    private static string Parameters(MethodBase m)
    {
        var extension = m.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return extension + string.Join(", ", m.GetParameters().Select(Parameter));
    }

    private static string Parameter(ParameterInfo p)
    {
        var type = p.ParameterType;
        var prefix = p.IsDefined(typeof(ParamArrayAttribute)) ? "params " : p.IsOut ? "out " : type.IsByRef ? "ref " : "";
        var text = Render(type.IsByRef ? type.GetElementType()! : type, new Notes(Nullability.Create(p), Names(p)));
        return $"{prefix}{text} {p.Name}{(p.HasDefaultValue ? $" = {Default(p)}" : "")}";
    }

    private static string Default(ParameterInfo p)
    {
        var type = Nullable.GetUnderlyingType(p.ParameterType) ?? p.ParameterType;
        return p.DefaultValue switch
        {
            null => type.IsValueType && Nullable.GetUnderlyingType(p.ParameterType) is null ? "default" : "null",
            bool b => b ? "true" : "false",
            string s => $"\"{s}\"",
            char c => $"'{c}'",
            float f => f.ToString(CultureInfo.InvariantCulture) + "f",
            var v when type.IsEnum => $"{Name(type)}.{Enum.GetName(type, v)}",
            var v => Convert.ToString(v, CultureInfo.InvariantCulture)!,
        };
    }

    private static TupleElementNamesAttribute? Names(ParameterInfo p) => p.GetCustomAttribute<TupleElementNamesAttribute>();

    private static string Constraints(MethodInfo m) => !m.IsGenericMethodDefinition ? "" : string.Concat(m.GetGenericArguments().Select(a =>
    {
        var special = a.GenericParameterAttributes & GenericParameterAttributes.SpecialConstraintMask;
        var bounds = a.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(Name).ToList();
        if (a.GetCustomAttributes().Any(x => x.GetType().Name == "IsUnmanagedAttribute"))
        {
            bounds.Insert(0, "unmanaged");
        }
        else if (special.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
        {
            bounds.Insert(0, "struct");
        }
        else if (special.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
        {
            bounds.Add("new()");
        }
        return bounds.Count > 0 ? $" where {a.Name} : {string.Join(", ", bounds)}" : "";
    }));

    /// <summary>What a declaration says beyond its type: which references may be null, and the names of tuple elements in order.</summary>
    private sealed class Notes(NullabilityInfo? info, TupleElementNamesAttribute? names)
    {
        private int next;

        public NullabilityInfo? Info => info;

        public string? NextName() => names is null ? null : names.TransformNames[next++];

        public string With(NullabilityInfo? part, Func<Notes, string> render)
        {
            var before = info;
            info = part;
            var text = render(this);
            info = before;
            return text;
        }
    }

    private static string Render(Type type, Notes notes)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return notes.With(notes.Info, n => Render(value, n)) + "?";
        }
        var mark = !type.IsValueType && notes.Info?.ReadState == NullabilityState.Nullable ? "¿" : "";
        if (type.IsArray)
        {
            return notes.With(notes.Info?.ElementType, n => Render(type.GetElementType()!, n)) + "[]" + mark;
        }
        if (!type.IsGenericType)
        {
            return Name(type) + mark;
        }
        var arguments = Own(type);
        if (type.FullName is not null && type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal))
        {
            // The names of a tuple come before those of the tuples inside it.
            var names = arguments.Select(_ => notes.NextName()).ToArray();
            return $"({string.Join(", ", arguments.Select((a, i) => notes.With(notes.Info?.GenericTypeArguments.ElementAtOrDefault(i), n => Render(a, n)) + (names[i] is { } name ? " " + name : "")))})";
        }
        var inner = string.Join(",", arguments.Select((a, i) => notes.With(notes.Info?.GenericTypeArguments.ElementAtOrDefault(i), n => Render(a, n))));
        return arguments.Length > 0 ? $"{Stem(type)}<{inner}>{mark}" : Stem(type) + mark;
    }

    private static string Bare(Type type) => type.Name.Split('`')[0];

    private static string Stem(Type type)
    {
        if (type.DeclaringType is { } outer && !type.IsGenericParameter)
        {
            return $"{Name(outer)}.{Bare(type)}";
        }
        var space = type.Namespace switch
        {
            "TorchSharp" => "",
            { } s when s.StartsWith("TorchSharp.", StringComparison.Ordinal) => s["TorchSharp.".Length..] + ".",
            _ => "",
        };
        return space + Bare(type);
    }

    private static string Name(Type type)
    {
        if (type.IsGenericParameter)
        {
            return type.Name;
        }
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }
        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[]";
        }
        var own = Own(type);
        return own.Length > 0 ? $"{Stem(type)}<{string.Join(",", own.Select(Name))}>" : Stem(type);
    }

    /// <summary>The generic arguments of a type without those of the type around it.</summary>
    private static Type[] Own(Type type) => [.. type.GetGenericArguments().Skip(type.DeclaringType?.GetGenericArguments().Length ?? 0)];

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(char)] = "char",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };
}
