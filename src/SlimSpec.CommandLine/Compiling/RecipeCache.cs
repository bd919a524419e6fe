using System.Reflection;
using System.Runtime.Loader;
using System.Security.Cryptography;
using System.Text;
using SlimSpec.Generator;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>
/// Compiled recipes, one assembly a file, named by a hash over everything that went in: texts, and the versions of the
/// generator and of the library. Lies in <c>$SLIM_CACHE</c>, else in the user's cache folder (<c>$XDG_CACHE_HOME/slimspec</c>).
/// </summary>
internal static class RecipeCache
{
    /// <summary>Where the recipe of these inputs is kept.</summary>
    public static string PathOf(SpecSource spec, IEnumerable<SourceFile> inputs)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var type in new[] { typeof(RecipeCache), typeof(Recipe), typeof(torch), typeof(SpecGenerator), typeof(SpecCompiler) })
        {
            hash.AppendData(type.Module.ModuleVersionId.ToByteArray());
        }

        foreach (var input in inputs.Prepend(spec.File))
        {
            Append(hash, Path.GetFileName(input.Path));
            Append(hash, input.Text);
        }

        foreach (var (key, value) in spec.Overrides)
        {
            Append(hash, key);
            Append(hash, value);
        }

        return Path.Combine(Folder(), Convert.ToHexStringLower(hash.GetHashAndReset()) + ".dll");
    }

    /// <summary>The recipe kept at <paramref name="path"/>, or null where there is none that can be read.</summary>
    public static Recipe? Load(string path)
    {
        try
        {
            return File.Exists(path) ? RecipeCompiler.Register(new AssemblyLoadContext(path).LoadFromAssemblyPath(path)) : null;
        }
        catch (BadImageFormatException)
        {
            return null; // cut off by a full disk, say: compiled and written anew
        }
    }

    /// <summary>Keeps a compiled recipe and loads it. Where the folder cannot be written, it is only loaded.</summary>
    public static Assembly Store(string path, byte[] image)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var temporary = $"{path}.{Environment.ProcessId}.tmp";
            File.WriteAllBytes(temporary, image);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }

        return new AssemblyLoadContext(path).LoadFromStream(new MemoryStream(image));
    }

    // Each text with its length, so that no two lists of texts hash alike.
    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }

    private static string Folder()
    {
        if (Environment.GetEnvironmentVariable("SLIM_CACHE") is { Length: > 0 } chosen)
        {
            return Path.GetFullPath(chosen);
        }

        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "slimspec");
    }
}
