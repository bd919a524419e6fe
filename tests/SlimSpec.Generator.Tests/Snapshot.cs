using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;

namespace SlimSpec.Generator.Tests;

/// <summary>
/// Compares generated sources with files beside the test, named and laid out as Verify.SourceGenerators does:
/// <c>Class.Method#Hint.verified.cs</c>, a <c>//HintName:</c> first line, <c>\n</c> line ends, and a <c>.received.cs</c>
/// twin on mismatch, so that Verify can take over with the files as they are.
/// </summary>
internal static class Snapshot
{
    /// <summary>Set to 1 to overwrite the verified files: <c>dotnet test -e ACCEPT_SNAPSHOTS=1</c>.</summary>
    private static readonly bool Accept = Environment.GetEnvironmentVariable("ACCEPT_SNAPSHOTS") == "1";

    private static readonly UTF8Encoding Utf8WithBom = new(encoderShouldEmitUTF8Identifier: true);

    public static void Match(GeneratorDriver driver, [CallerFilePath] string testFile = "", [CallerMemberName] string method = "")
    {
        var run = driver.GetRunResult();
        run.Diagnostics.ShouldBeEmpty();
        run.Results.ShouldAllBe(result => result.Exception == null);

        var prefix = $"{Path.GetFileNameWithoutExtension(testFile)}.{method}#";
        var directory = Directory.CreateDirectory(Path.Join(Path.GetDirectoryName(testFile), "_snapshots"));
        var stale = directory.EnumerateFiles($"{prefix}*.verified.cs").Select(file => file.FullName).ToHashSet();
        var failures = new List<string>();
        foreach (var source in run.Results.SelectMany(result => result.GeneratedSources))
        {
            var verified = Path.Join(directory.FullName, $"{prefix}{Path.GetFileNameWithoutExtension(source.HintName)}.verified.cs");
            stale.Remove(verified);
            if (!Matches(verified, $"//HintName: {source.HintName}\n{source.SourceText}".ReplaceLineEndings("\n")))
            {
                failures.Add($"{verified} differs from what is generated now");
            }
        }

        failures.AddRange(stale.Select(file => $"{file} is no longer generated"));
        failures.ShouldBeEmpty();
    }

    /// <summary>Compares a text with <c>Class.Method_case.verified.txt</c>, as Verify does with a parameter.</summary>
    public static void MatchText(string text, string parameter, [CallerFilePath] string testFile = "", [CallerMemberName] string method = "")
    {
        var directory = Directory.CreateDirectory(Path.Join(Path.GetDirectoryName(testFile), "_snapshots"));
        var verified = Path.Join(directory.FullName, $"{Path.GetFileNameWithoutExtension(testFile)}.{method}_{parameter}.verified.txt");
        Matches(verified, text.ReplaceLineEndings("\n")).ShouldBeTrue($"{verified} differs from what there is now");
    }

    private static bool Matches(string verified, string actual)
    {
        var received = verified.Replace(".verified.", ".received.", StringComparison.Ordinal);
        if (Accept)
        {
            File.WriteAllText(verified, actual, Utf8WithBom);
        }

        if (File.Exists(verified) && File.ReadAllText(verified).ReplaceLineEndings("\n") == actual)
        {
            File.Delete(received);
            return true;
        }

        File.WriteAllText(received, actual, Utf8WithBom);
        return false;
    }
}
