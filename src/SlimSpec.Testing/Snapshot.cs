using System.Runtime.CompilerServices;

namespace SlimSpec.Testing;

/// <summary>
/// Holds what a spec compiles to as text files beside the test: <c>await Snapshot.Verify(Tales20.Shape.Pruned);</c>. The first
/// run fails and writes <c>Class.Method.received.txt</c>; renamed to <c>.verified.txt</c> and committed, it is what later
/// runs are compared with. Files are those of Verify (github.com/VerifyTests/Verify): a project that moves there passes it the
/// texts of <see cref="SnapshotText"/>, and its files stay as they are. The class is taken to be called as its file is.
/// </summary>
public static class Snapshot
{
    /// <summary>A recipe's architecture before and after its cuts: sizes and costs layer by layer, totals, where it can be exported to.</summary>
    /// <param name="recipe">The recipe, for example <c>Tales20.Instance</c>.</param>
    /// <param name="testFile">The caller's.</param>
    /// <param name="method">The caller's.</param>
    public static SnapshotTask Verify(Recipe recipe, [CallerFilePath] string testFile = "", [CallerMemberName] string method = "") =>
        Text(() => SnapshotText.Of(recipe), testFile, method);

    /// <summary>One shape of a recipe, for example <c>Tales20.Shape.Pruned</c>, or that of a checkpoint.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="testFile">The caller's.</param>
    /// <param name="method">The caller's.</param>
    public static SnapshotTask Verify(ModelShape shape, [CallerFilePath] string testFile = "", [CallerMemberName] string method = "") =>
        Text(() => SnapshotText.Of(shape), testFile, method);

    /// <summary>Which weights are cut together, for example <c>Tales20.Instance.Pruner.Structures</c>.</summary>
    /// <param name="structures">The coupled structures.</param>
    /// <param name="testFile">The caller's.</param>
    /// <param name="method">The caller's.</param>
    public static SnapshotTask Verify(IEnumerable<CoupledStructure> structures, [CallerFilePath] string testFile = "", [CallerMemberName] string method = "") =>
        Text(() => SnapshotText.Of(structures), testFile, method);

    /// <summary>What a plan keeps: how many units of each structure and layer, and a hash over which.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="testFile">The caller's.</param>
    /// <param name="method">The caller's.</param>
    public static SnapshotTask Verify(PruningPlan plan, [CallerFilePath] string testFile = "", [CallerMemberName] string method = "") =>
        Text(() => SnapshotText.Of(plan), testFile, method);

    /// <summary>All settings of a recipe, defaults included, for example <c>Tales20.Instance.Settings</c>.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="testFile">The caller's.</param>
    /// <param name="method">The caller's.</param>
    public static SnapshotTask Verify(RecipeSettings settings, [CallerFilePath] string testFile = "", [CallerMemberName] string method = "") =>
        Text(() => SnapshotText.Of(settings), testFile, method);

    /// <summary>Any text.</summary>
    /// <param name="text">The text; line ends do not count.</param>
    /// <param name="testFile">The caller's.</param>
    /// <param name="method">The caller's.</param>
    public static SnapshotTask Verify(string text, [CallerFilePath] string testFile = "", [CallerMemberName] string method = "") =>
        Text(() => text, testFile, method);

    /// <summary>Several texts, each in a file of its own: <c>Class.Method#Name.verified.cs</c>.</summary>
    /// <param name="targets">The texts, named apart.</param>
    /// <param name="testFile">The caller's.</param>
    /// <param name="method">The caller's.</param>
    public static SnapshotTask Verify(IEnumerable<Target> targets, [CallerFilePath] string testFile = "", [CallerMemberName] string method = "") =>
        new(() => [.. targets], testFile, method);

    /// <summary>
    /// The C# that the generator made of a spec, as the compiler stores it with the debug information:
    /// <c>Class.Method#Tales20.g.verified.cs</c>. Nothing has to be switched on for it.
    /// </summary>
    /// <param name="recipe">The recipe, of the test's own project or of one it references.</param>
    /// <param name="testFile">The caller's.</param>
    /// <param name="method">The caller's.</param>
    public static SnapshotTask VerifyGeneratedCode(Recipe recipe, [CallerFilePath] string testFile = "", [CallerMemberName] string method = "") =>
        new(() => SnapshotText.GeneratedCode(recipe), testFile, method);

    private static SnapshotTask Text(Func<string> text, string testFile, string method) => new(() => [new("txt", text())], testFile, method);
}
