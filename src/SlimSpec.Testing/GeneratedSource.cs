using System.Buffers.Binary;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;

namespace SlimSpec.Testing;

/// <summary>
/// Sources that generators made, read back from the debug information: the compiler embeds them there, because no file has
/// them (Portable PDB format, custom debug information "Embedded Source").
/// </summary>
internal static class GeneratedSource
{
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    /// <summary>The generated files that the methods of a class, and of the classes in it, are in.</summary>
    /// <exception cref="SnapshotException">There is no debug information, or it has no source of the class.</exception>
    public static IReadOnlyList<Target> Of(Type type)
    {
        var assembly = type.Assembly.Location;
        using var image = assembly.Length > 0 ? new PEReader(File.OpenRead(assembly)) : throw NoSource(type, "was compiled in memory");
        if (!image.TryOpenAssociatedPortablePdb(assembly, path => File.Exists(path) ? File.OpenRead(path) : null, out var provider, out _) || provider is null)
        {
            throw NoSource(type, $"is in {Path.GetFileName(assembly)}, which has no debug information (DebugType is portable unless a project sets it)");
        }

        using (provider)
        {
            var debug = provider.GetMetadataReader();
            var documents = Methods(image.GetMetadataReader(), (TypeDefinitionHandle)MetadataTokens.EntityHandle(type.MetadataToken))
                .Select(method => debug.GetMethodDebugInformation(method.ToDebugInformationHandle()).Document)
                .Where(document => !document.IsNil)
                .Distinct();
            var targets = documents.Select(document => Find(debug, document)).OfType<Target>().OrderBy(target => target.Name, StringComparer.Ordinal).ToList();
            return targets.Count > 0 ? targets : throw NoSource(type, "was not made by a generator");
        }
    }

    private static IEnumerable<MethodDefinitionHandle> Methods(MetadataReader metadata, TypeDefinitionHandle type)
    {
        var definition = metadata.GetTypeDefinition(type);
        return definition.GetMethods().Concat(definition.GetNestedTypes().SelectMany(nested => Methods(metadata, nested)));
    }

    private static SnapshotException NoSource(Type type, string why) => new($"There is no generated code of {type.Name}: it {why}.");

    // A project may embed its own files too (EmbedAllSources), among them the user's part of a class.
    private static Target? Find(MetadataReader debug, DocumentHandle document)
    {
        var hint = debug.GetString(debug.GetDocument(document).Name).Split('/', '\\')[^1];
        return hint.EndsWith(".g.cs", StringComparison.Ordinal) && Embedded(debug, document) is { } source
            ? Target.Generated(hint, source)
            : null;
    }

    // Four bytes of size first: 0 if what follows is plain, otherwise what a deflated text comes out at.
    private static string? Embedded(MetadataReader debug, DocumentHandle document)
    {
        foreach (var handle in debug.GetCustomDebugInformation(document))
        {
            var information = debug.GetCustomDebugInformation(handle);
            if (debug.GetGuid(information.Kind) == EmbeddedSource)
            {
                var blob = debug.GetBlobBytes(information.Value);
                using var content = new MemoryStream(blob, sizeof(int), blob.Length - sizeof(int));
                using Stream plain = BinaryPrimitives.ReadInt32LittleEndian(blob) == 0 ? content : new DeflateStream(content, CompressionMode.Decompress);
                using var reader = new StreamReader(plain, Encoding.UTF8);
                return reader.ReadToEnd();
            }
        }

        return null;
    }
}
