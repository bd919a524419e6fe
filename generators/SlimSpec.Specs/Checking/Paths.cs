using System;
using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Finds files that specs name among those that are known; a pure calculation on texts.</summary>
internal static class Paths
{
    /// <summary>
    /// The file that <paramref name="path"/> means in a spec at <paramref name="spec"/>: relative to the spec's folder or to any
    /// folder above it, nearest first.
    /// </summary>
    public static ParsedFile? Find(string path, string spec, IReadOnlyList<ParsedFile> files)
    {
        foreach (var candidate in Candidates(path, spec))
        {
            if (files.FirstOrDefault(file => Normalize(file.Source.Path) == candidate) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>How the spec could write the paths of the known files: relative to its folder or, above that, to the nearest that holds them.</summary>
    public static IEnumerable<string> Relative(string spec, IReadOnlyList<ParsedFile> files)
    {
        var folders = Folders(spec).ToList();
        foreach (var path in files.Select(file => Normalize(file.Source.Path)))
        {
            var folder = folders.FirstOrDefault(above => above.Length == 0 || path.StartsWith(above + "/", StringComparison.Ordinal));
            yield return string.IsNullOrEmpty(folder) ? path : path.Substring(folder!.Length + 1);
        }
    }

    private static IEnumerable<string> Candidates(string path, string spec) =>
        IsRooted(path) ? [Normalize(path)] : Folders(spec).Select(folder => Normalize(folder.Length == 0 ? path : $"{folder}/{path}"));

    private static IEnumerable<string> Folders(string spec)
    {
        var folder = Normalize(spec);
        while (folder.LastIndexOf('/') is >= 0 and var slash)
        {
            folder = folder.Substring(0, slash);
            yield return folder;
        }

        if (!IsRooted(Normalize(spec)))
        {
            yield return "";
        }
    }

    private static bool IsRooted(string path) =>
        path.Length > 0 && (path[0] is '/' or '\\' || (path.Length > 1 && path[1] == ':'));

    /// <summary>The path with forward slashes and without <c>.</c>, <c>..</c> and empty parts.</summary>
    private static string Normalize(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Replace('\\', '/').Split('/'))
        {
            if (part == ".." && parts.Count > 0 && parts[parts.Count - 1] is not ".." and not "")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not "." && (part.Length > 0 || parts.Count == 0))
            {
                parts.Add(part);
            }
        }

        return string.Join("/", parts);
    }
}
