using System.Text.Json;

namespace SlimSpec;

/// <summary>Reads <c>tokenizer.json</c> (the format of Hugging Face's tokenizers library) and the older pair <c>vocab.json</c> and <c>merges.txt</c>.</summary>
internal static class TokenizerFile
{
    private static readonly string[] UsualBos = ["<s>", "<|begin_of_text|>", "<bos>", "<|endoftext|>"];
    private static readonly string[] UsualEos = ["</s>", "<|end_of_text|>", "<eos>", "<|endoftext|>"];

    /// <summary>Reads a <c>tokenizer.json</c>, and <c>tokenizer_config.json</c> beside it where there is one.</summary>
    public static Tokenizer Read(string path)
    {
        using var document = JsonInput.Read(path);
        var root = new JsonPlace(path, "", document.RootElement);
        var added = ReadAddedTokens(root);
        var pipeline = TokenizerPipelineReader.Read(root);
        var model = ReadModel(root.Object("model"), added);
        var (bosContent, eosContent, addBos) = ReadConfig(Path.Combine(Path.GetDirectoryName(path) ?? "", "tokenizer_config.json"));
        var (bosTemplate, eosTemplate) = TokenizerPipelineReader.ReadTemplate(root);
        return new Tokenizer(model, pipeline, added)
        {
            BosId = Find(bosContent) ?? Find(bosTemplate) ?? UsualBos.Select(Find).FirstOrDefault(id => id is not null),
            EosId = Find(eosContent) ?? Find(eosTemplate) ?? UsualEos.Select(Find).FirstOrDefault(id => id is not null),
            AddsBos = addBos ?? bosTemplate is not null,
        };

        int? Find(string? content) =>
            content is null ? null
            : added.Find(token => token.Content == content) is { } token ? token.Id
            : model.Ids.TryGetValue(content, out var id) ? id
            : null;
    }

    /// <summary>Reads GPT-2's form: byte-level, no beginning-of-sequence token added.</summary>
    public static Tokenizer ReadVocabularyAndMerges(string vocabularyPath, string mergesPath)
    {
        using var document = JsonInput.Read(vocabularyPath);
        var ids = ReadVocabulary(new JsonPlace(vocabularyPath, "", document.RootElement));
        var lines = JsonInput.ReadText(mergesPath).Split('\n');
        var merges = new List<(int, int, int)>(lines.Length);
        for (var line = 0; line < lines.Length; line++)
        {
            var merge = lines[line].TrimEnd('\r');
            if (merge.Length > 0 && !(line == 0 && merge.StartsWith("#version", StringComparison.Ordinal)))
            {
                merges.Add(ResolveMerge($"{mergesPath}: line {line + 1}", merge.Split(' '), ids));
            }
        }

        var special = ids.TryGetValue("<|endoftext|>", out var endOfText) ? new AddedToken(endOfText, "<|endoftext|>", Special: true) : null;
        var pipeline = new TokenizerPipeline { PreTokenizer = new ByteLevelPreTokenizer(AddPrefixSpace: false, UseRegex: true), ByteLevel = true };
        return new Tokenizer(new BpeModel(ids, merges), pipeline, special is null ? [] : [special]) { BosId = special?.Id, EosId = special?.Id };
    }

    private static BpeModel ReadModel(JsonPlace model, List<AddedToken> added)
    {
        var type = model.OptionalString("type") ?? "BPE";
        if (type != "BPE")
        {
            throw model["type"].Wrong($"'{type}' is not served; the only kind is BPE");
        }

        foreach (var key in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (!string.IsNullOrEmpty(model.OptionalString(key)))
            {
                throw model[key].Wrong("is not served");
            }
        }

        var ids = ReadVocabulary(model.Object("vocab"));
        var merges = model.Array("merges").Items().Select(item => ResolveMerge(item.Place, MergeParts(item), ids)).ToList();
        var unknown = model.OptionalString("unk_token");
        int? unknownId = unknown is null ? null
            : ids.TryGetValue(unknown, out var id) ? id
            : added.Find(token => token.Content == unknown)?.Id ?? throw model["unk_token"].Wrong($"'{unknown}' is not in the vocabulary");
        return new BpeModel(ids, merges)
        {
            UnknownId = unknownId,
            FuseUnknown = model.OptionalFlag("fuse_unk") ?? false,
            IgnoreMerges = model.OptionalFlag("ignore_merges") ?? false,
            ByteIds = model.OptionalFlag("byte_fallback") ?? false ? ByteIds(ids) : null,
        };
    }

    // The library spells in bytes only where it can; a vocabulary without all of them never does.
    private static int[]? ByteIds(Dictionary<string, int> ids)
    {
        var bytes = new int[256];
        for (var value = 0; value < bytes.Length; value++)
        {
            if (!ids.TryGetValue(BytePiece.Name(value), out bytes[value]))
            {
                return null;
            }
        }

        return bytes;
    }

    private static Dictionary<string, int> ReadVocabulary(JsonPlace vocabulary)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var pieces = new Dictionary<int, string>();
        foreach (var (piece, value) in vocabulary.Properties())
        {
            var id = value.Integer(0, int.MaxValue - 1);
            ids.Add(piece, id);
            if (!pieces.TryAdd(id, piece))
            {
                throw value.Wrong($"id {id} is also that of '{pieces[id]}'");
            }
        }

        return ids.Count > 0 ? ids : throw vocabulary.Wrong("there are no pieces");
    }

    private static string[] MergeParts(JsonPlace merge) => merge.Element.ValueKind == JsonValueKind.Array
        ? [.. merge.Items().Select(part => part.String())]
        : merge.String().Split(' ');

    private static (int Left, int Right, int Result) ResolveMerge(string place, string[] parts, Dictionary<string, int> ids)
    {
        if (parts is not [{ Length: > 0 } left, { Length: > 0 } right])
        {
            throw new SlimException($"{place}: '{string.Join(' ', parts)}' is not a merge of two pieces");
        }

        return (Id(left), Id(right), Id(left + right));

        int Id(string piece) => ids.TryGetValue(piece, out var id) ? id : throw new SlimException($"{place}: '{left} {right}' needs the piece '{piece}', which is not in the vocabulary");
    }

    private static List<AddedToken> ReadAddedTokens(JsonPlace root)
    {
        var tokens = new List<AddedToken>();
        foreach (var item in root.OptionalArray("added_tokens"))
        {
            var token = new AddedToken(
                item["id"].Integer(0, int.MaxValue - 1),
                item["content"].String(),
                item.OptionalFlag("special") ?? false,
                item.OptionalFlag("lstrip") ?? false,
                item.OptionalFlag("rstrip") ?? false);
            if (item.OptionalFlag("single_word") ?? false)
            {
                throw item["single_word"].Wrong("is not served");
            }

            if (token.Content.Length == 0 || tokens.Exists(other => other.Id == token.Id || other.Content == token.Content))
            {
                throw item.Wrong($"'{token.Content}' ({token.Id}) is empty or comes twice");
            }

            tokens.Add(token);
        }

        return tokens;
    }

    private static (string? Bos, string? Eos, bool? AddBos) ReadConfig(string path)
    {
        if (!File.Exists(path))
        {
            return default;
        }

        using var document = JsonInput.Read(path);
        var root = new JsonPlace(path, "", document.RootElement);
        return (Content("bos_token"), Content("eos_token"), root.OptionalFlag("add_bos_token"));

        // Written as a string or as a token object.
        string? Content(string key) => root.Has(key) && root[key].Element.ValueKind == JsonValueKind.Object ? root[key]["content"].String() : root.OptionalString(key);
    }
}
