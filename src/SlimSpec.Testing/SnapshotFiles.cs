using System.Collections.Concurrent;
using System.Text;

namespace SlimSpec.Testing;

/// <summary>
/// The files of one snapshot, as Verify keeps them: <c>PREFIX.verified.txt</c> is what was accepted, <c>PREFIX.received.txt</c>
/// what is there now and differs; further texts are <c>PREFIX#Name</c>. UTF-8 with byte order mark, <c>\n</c> line ends.
/// </summary>
internal sealed class SnapshotFiles(string directory, string prefix)
{
    private static readonly UTF8Encoding Utf8WithBom = new(encoderShouldEmitUTF8Identifier: true);
    private static readonly ConcurrentDictionary<string, bool> Used = new();

    /// <summary>Set to 1 to accept all that differs: <c>dotnet test -e ACCEPT_SNAPSHOTS=1</c>.</summary>
    internal static string AcceptVariable => "ACCEPT_SNAPSHOTS";

    /// <summary>Compares the texts with the accepted ones.</summary>
    /// <exception cref="SnapshotException">They differ, one is new, or one is no longer made.</exception>
    public async Task CompareAsync(IReadOnlyList<Target> targets)
    {
        if (!Used.TryAdd(Path.Join(directory, prefix), true))
        {
            throw new SnapshotException($"{prefix} is the name of two snapshots of this run: tell them apart with UseParameters, UseTextForParameters or UseMethodName.");
        }

        Directory.CreateDirectory(directory);
        foreach (var received in Existing("received"))
        {
            File.Delete(received);
        }

        var accept = Environment.GetEnvironmentVariable(AcceptVariable) == "1";
        var abandoned = Existing("verified").ToHashSet();
        var failures = new List<string>();
        foreach (var target in targets)
        {
            var verified = PathOf(target, "verified");
            abandoned.Remove(verified);
            if (await CompareAsync(target, verified, accept) is { } failure)
            {
                failures.Add(failure);
            }
        }

        foreach (var file in abandoned)
        {
            if (accept)
            {
                File.Delete(file);
            }
            else
            {
                failures.Add($"{Path.GetFileName(file)} is no longer made.\n\nto accept: rm \"{file}\"");
            }
        }

        if (failures.Count > 0)
        {
            throw new SnapshotException($"{string.Join("\n\n", failures)}\nor all at once: dotnet test -e {AcceptVariable}=1");
        }
    }

    // Null if the text is what was accepted.
    private async Task<string?> CompareAsync(Target target, string verified, bool accept)
    {
        var now = target.Data.ReplaceLineEndings("\n");
        var before = File.Exists(verified) ? (await File.ReadAllTextAsync(verified)).ReplaceLineEndings("\n") : null;
        if (now == before)
        {
            return null;
        }

        if (accept)
        {
            await File.WriteAllTextAsync(verified, now, Utf8WithBom);
            return null;
        }

        var received = PathOf(target, "received");
        await File.WriteAllTextAsync(received, now, Utf8WithBom);
        var what = before is null ? "is new" : "differs from what was accepted (- accepted, + now)";
        return $"{Path.GetFileName(verified)} {what}:\n\n{LineDiff.Of(before ?? "", now)}\nto accept: mv \"{received}\" \"{verified}\"";
    }

    private string PathOf(Target target, string kind) => Path.Join(directory, $"{prefix}{(target.Name is { } name ? "#" + name : "")}.{kind}.{target.Extension}");

    // The prefix itself or a named text of it, and not a longer method's files.
    private IEnumerable<string> Existing(string kind) => Directory.EnumerateFiles(directory).Where(file =>
        Path.GetFileName(file) is var name
        && (name.StartsWith($"{prefix}.{kind}.", StringComparison.Ordinal)
            || (name.StartsWith(prefix + "#", StringComparison.Ordinal) && name.Contains($".{kind}.", StringComparison.Ordinal))));
}
