using System.Runtime.InteropServices;
using System.Text;

namespace SlimSpec;

/// <summary>
/// Writes files and folders so that a reader sees the old or the new one, never half of it: a temporary sibling is
/// written, flushed to disk and renamed.
/// </summary>
public static partial class AtomicFile
{
    /// <summary>Writes a file; <paramref name="write"/> fills the stream.</summary>
    /// <exception cref="SlimException">The place cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = Temporary(path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SlimException($"{path}: cannot be written ({failure.Message})", failure);
        }
        finally
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }
        }
    }

    /// <summary>Writes a text file as UTF-8 without a byte order mark.</summary>
    /// <exception cref="SlimException">The place cannot be written.</exception>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>
    /// Writes a folder; <paramref name="write"/> fills the temporary one. What an older folder of that name has beside it
    /// stays, except for what <paramref name="drop"/> names.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="mayReplace">Whether an existing folder with something in it, given its path, may be written into.</param>
    /// <param name="write">Fills the folder it is given.</param>
    /// <param name="drop">Whether an entry of the older folder, given its name, goes though nothing new takes its place.</param>
    /// <exception cref="SlimException">The place cannot be written, or holds something that may not be replaced.</exception>
    public static void WriteFolder(string path, Func<string, bool> mayReplace, Action<string> write, Func<string, bool>? drop = null)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var temporary = Temporary(path);
        try
        {
            if (File.Exists(path))
            {
                throw new SlimException($"{path}: is a file, where a folder is to be written");
            }

            if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any() && !mayReplace(path))
            {
                throw new SlimException($"{path}: is not empty and was not written by SlimSpec; choose another place or empty it");
            }

            Directory.CreateDirectory(temporary);
            write(temporary);
            FlushFolder(temporary);
            Replace(path, temporary, drop ?? (_ => false));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SlimException($"{path}: cannot be written ({failure.Message})", failure);
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    // A folder cannot be renamed over another one, so the old one steps aside first.
    private static void Replace(string path, string temporary, Func<string, bool> drop)
    {
        var old = Directory.Exists(path) ? Temporary(path) : null;
        if (old is not null)
        {
            Directory.Move(path, old);
        }

        try
        {
            Directory.Move(temporary, path);
        }
        catch when (old is not null)
        {
            Directory.Move(old, path);
            throw;
        }

        if (old is not null)
        {
            foreach (var entry in Directory.EnumerateFileSystemEntries(old).ToList())
            {
                var (name, place) = (Path.GetFileName(entry), Path.Combine(path, Path.GetFileName(entry)));
                if (!drop(name) && !Path.Exists(place))
                {
                    Directory.Move(entry, place);
                }
            }

            Directory.Delete(old, recursive: true);
        }

        FlushFolder(path);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    private static string Temporary(string path) => $"{path}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp";

    // A rename is on disk only when its folder is; .NET has no call for that.
    private static void FlushFolder(string folder)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            return;
        }

        var descriptor = OpenDescriptor(folder, 0);
        if (descriptor >= 0)
        {
            _ = Fsync(descriptor);
            _ = CloseDescriptor(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDescriptor(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);
}
