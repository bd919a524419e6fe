using System.Reflection;

namespace SlimSpec.Testing;

/// <summary>The test method that asks for a snapshot, as reflection knows it.</summary>
internal static class TestMethod
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    /// <summary>Names of a test method's parameters.</summary>
    /// <exception cref="SnapshotException">There is no such method, or it has another number of parameters.</exception>
    public static IReadOnlyList<string> ParameterNames(Assembly assembly, string typeName, string method, int count)
    {
        var candidates = assembly.GetTypes().Where(type => FullName(type) == typeName).SelectMany(type => type.GetMethods(All)).Where(each => each.Name == method).ToList();
        var found = candidates.FirstOrDefault(each => each.GetParameters().Length == count);
        return found is not null
            ? [.. found.GetParameters().Select(parameter => parameter.Name!)]
            : throw new SnapshotException(candidates.Count == 0
                ? $"UseParameters looks for the test method {typeName}.{method} in {assembly.GetName().Name} to know its parameters' names, and there is none: name the class with UseTypeName first, or the case with UseTextForParameters."
                : $"{typeName}.{method} has {candidates[0].GetParameters().Length} parameters, and UseParameters was given {count}.");
    }

    private static string FullName(Type type) => type.DeclaringType is { } outer ? $"{FullName(outer)}.{type.Name}" : type.Name;
}
