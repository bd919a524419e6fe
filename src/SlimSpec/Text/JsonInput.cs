using System.Text;
using System.Text.Json;

namespace SlimSpec;

/// <summary>Reads JSON files of others, with messages that name the file and the key.</summary>
internal static class JsonInput
{
    // A key given twice would mean one thing here and another elsewhere.
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>Reads a file whose outermost value is an object.</summary>
    /// <exception cref="SlimException">It is missing or something else.</exception>
    public static JsonDocument Read(string path)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(ReadText(path), Options);
        }
        catch (JsonException failure)
        {
            throw new SlimException($"{path}: line {failure.LineNumber + 1}: not valid JSON ({failure.Message})", failure);
        }

        var found = document.RootElement.ValueKind;
        if (found == JsonValueKind.Object)
        {
            return document;
        }

        document.Dispose();
        throw new SlimException($"{path}: the outermost value is {Name(found)}, expected an object");
    }

    /// <summary>Reads a text file.</summary>
    /// <exception cref="SlimException">It is missing or not UTF-8.</exception>
    public static string ReadText(string path)
    {
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path));
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException failure)
        {
            throw new SlimException($"{path}: not UTF-8 text: byte {failure.Index} is part of no character", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SlimException(File.Exists(path) ? $"{path}: cannot be read ({failure.Message})" : $"{path}: there is no such file", failure);
        }
    }

    /// <summary>What kind of value it is, in words.</summary>
    public static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Null => "null",
        _ => "nothing",
    };
}
