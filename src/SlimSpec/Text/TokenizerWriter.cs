using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SlimSpec;

/// <summary>Writes a trained vocabulary as <c>tokenizer.json</c> and <c>tokenizer_config.json</c>, as Hugging Face's tokenizers and transformers read them.</summary>
public static class TokenizerWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes both files into a folder, each whole or not at all. Reading them back gives a <see cref="Tokenizer"/>.</summary>
    /// <exception cref="SlimException">The folder cannot be written.</exception>
    public static void Write(BpeVocabulary vocabulary, string folder)
    {
        var (unknown, bos, eos) = (BpeTrainer.SpecialTokens[0], BpeTrainer.SpecialTokens[1], BpeTrainer.SpecialTokens[2]);
        var tokenizer = new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. BpeTrainer.SpecialTokens.Select(AddedToken)]),
            ["normalizer"] = Sequence("normalizers", new JsonObject { ["type"] = "Prepend", ["prepend"] = Space }, Replace(" ", Space)),
            ["pre_tokenizer"] = null,
            ["post_processor"] = new JsonObject
            {
                ["type"] = "TemplateProcessing",
                ["single"] = new JsonArray(Item("SpecialToken", bos, 0), Item("Sequence", "A", 0)),
                ["pair"] = new JsonArray(Item("SpecialToken", bos, 0), Item("Sequence", "A", 0), Item("SpecialToken", bos, 1), Item("Sequence", "B", 1)),
                ["special_tokens"] = new JsonObject { [bos] = new JsonObject { ["id"] = bos, ["ids"] = new JsonArray(1), ["tokens"] = new JsonArray(bos) } },
            },
            ["decoder"] = Sequence(
                "decoders",
                Replace(Space, " "),
                new JsonObject { ["type"] = "ByteFallback" },
                new JsonObject { ["type"] = "Fuse" },
                new JsonObject { ["type"] = "Strip", ["content"] = " ", ["start"] = 1, ["stop"] = 0 }),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = unknown,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = true,
                ["byte_fallback"] = true,
                ["ignore_merges"] = false,
                ["vocab"] = new JsonObject(vocabulary.Pieces.Select((piece, id) => KeyValuePair.Create(piece, (JsonNode?)id))),
                ["merges"] = new JsonArray([.. vocabulary.Merges.Select(merge => (JsonNode)$"{merge.Left} {merge.Right}")]),
            },
        };
        var config = new JsonObject
        {
            // The class that takes tokenizer.json as it is, in every version of transformers.
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["bos_token"] = bos,
            ["eos_token"] = eos,
            ["unk_token"] = unknown,
            ["add_bos_token"] = true,
            ["clean_up_tokenization_spaces"] = false,
        };
        AtomicFile.WriteText(Path.Combine(folder, "tokenizer.json"), tokenizer.ToJsonString(Indented) + "\n");
        AtomicFile.WriteText(Path.Combine(folder, "tokenizer_config.json"), config.ToJsonString(Indented) + "\n");
    }

    private static string Space => TrainingWords.Space.ToString();

    private static JsonObject AddedToken(string content, int id) => new()
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    };

    private static JsonObject Sequence(string key, params JsonNode[] steps) => new() { ["type"] = "Sequence", [key] = new JsonArray(steps) };

    private static JsonObject Replace(string from, string to) => new() { ["type"] = "Replace", ["pattern"] = new JsonObject { ["String"] = from }, ["content"] = to };

    private static JsonObject Item(string kind, string id, int type) => new() { [kind] = new JsonObject { ["id"] = id, ["type_id"] = type } };
}
