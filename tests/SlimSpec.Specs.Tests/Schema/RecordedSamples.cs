using System.Reflection;

namespace SlimSpec.Specs.Tests;

/// <summary>A file that a test has compiled, and what is wrong with it.</summary>
internal sealed record Sample(SourceFile File, IReadOnlyList<Problem> Problems);

/// <summary>
/// Every file that the theories of this assembly compile with their inline texts, taken by running them once more. Theories
/// over seeds make their files at random and are left out.
/// </summary>
internal static class RecordedSamples
{
    private static readonly AsyncLocal<List<Sample>?> Recording = new();

    public static IReadOnlyList<Sample> Record()
    {
        Recording.Value = [];
        var theories = typeof(RecordedSamples).Assembly.GetTypes().Where(type => type.IsPublic)
            .SelectMany(type => type.GetMethods()).Where(method => method.GetCustomAttributes<InlineDataAttribute>().Any());
        foreach (var theory in theories)
        {
            foreach (var row in theory.GetCustomAttributes<InlineDataAttribute>().SelectMany(data => data.GetData(theory)).Where(row => row.OfType<string>().Any()))
            {
                var rest = theory.GetParameters().Skip(row.Length).Select(_ => Type.Missing);
                theory.Invoke(Activator.CreateInstance(theory.DeclaringType!), BindingFlags.OptionalParamBinding, null, [.. row, .. rest], null);
            }
        }

        var samples = Recording.Value;
        Recording.Value = null;
        return samples;
    }

    /// <summary>Called by what tests compile with: a file, and the problems of all files.</summary>
    public static void Add(SourceFile file, IEnumerable<Problem> problems) => Recording.Value?.Add(new(file, [.. problems.Where(problem => problem.At.File == file.Path)]));
}
