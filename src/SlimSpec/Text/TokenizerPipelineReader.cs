using System.Text.Json;

namespace SlimSpec;

/// <summary>Reads what a <c>tokenizer.json</c> does around its model; refuses by name what is not served rather than doing something else.</summary>
internal static class TokenizerPipelineReader
{
    /// <summary>The pipeline of a tokenizer.</summary>
    public static TokenizerPipeline Read(JsonPlace root)
    {
        var pipeline = ReadDecoder(root) with { Normalizer = [.. Steps(root, "normalizer", "normalizers").SelectMany(ReadNormalizer)] };
        foreach (var step in Steps(root, "pre_tokenizer", "pretokenizers"))
        {
            if (pipeline.PreTokenizer is not null)
            {
                throw step.Wrong("only one pre-tokenizer is served");
            }

            var split = ReadPreTokenizer(step);
            pipeline = pipeline with { PreTokenizer = split, ByteLevel = split is ByteLevelPreTokenizer };
        }

        return pipeline;
    }

    /// <summary>The tokens that the post-processor puts in front of a text and behind it.</summary>
    public static (string? Bos, string? Eos) ReadTemplate(JsonPlace root)
    {
        foreach (var step in Steps(root, "post_processor", "processors"))
        {
            if (step["type"].String() != "TemplateProcessing")
            {
                continue;
            }

            var items = step.Array("single").Items().ToList();
            return (SpecialAt(0), SpecialAt(items.Count - 1));

            string? SpecialAt(int index) => index >= 0 && index < items.Count && items[index].Has("SpecialToken") ? items[index]["SpecialToken"]["id"].String() : null;
        }

        return (null, null);
    }

    private static IEnumerable<NormalizerStep> ReadNormalizer(JsonPlace step)
    {
        switch (step["type"].String())
        {
            case "Prepend":
                yield return new NormalizerStep(step["prepend"].String());
                break;
            case "Replace":
                var (from, to) = ReadReplace(step);
                yield return new NormalizerStep(null, from, to);
                break;
            default:
                throw NotServed(step, "Prepend", "Replace");
        }
    }

    private static PreTokenizer ReadPreTokenizer(JsonPlace step) => step["type"].String() switch
    {
        "ByteLevel" => new ByteLevelPreTokenizer(step.OptionalFlag("add_prefix_space") ?? true, step.OptionalFlag("use_regex") ?? true),
        "Metaspace" => new MetaspacePreTokenizer(Replacement(step), Scheme(step), step.OptionalFlag("split") ?? true),
        _ => throw NotServed(step, "ByteLevel", "Metaspace"),
    };

    private static TokenizerPipeline ReadDecoder(JsonPlace root)
    {
        var pipeline = new TokenizerPipeline();
        foreach (var step in Steps(root, "decoder", "decoders"))
        {
            pipeline = step["type"].String() switch
            {
                "Replace" => pipeline with { Replacements = [.. pipeline.Replacements, ReadReplace(step)] },
                "ByteFallback" => pipeline with { ByteFallback = true },
                "Fuse" or "ByteLevel" => pipeline,
                "Strip" => pipeline with { StripLeadingSpaces = ReadStrip(step) },
                "Metaspace" => pipeline with
                {
                    Replacements = [.. pipeline.Replacements, (Replacement(step).ToString(), " ")],
                    StripLeadingSpaces = Scheme(step) == PrependScheme.Never ? 0 : 1,
                },
                _ => throw NotServed(step, "Replace", "ByteFallback", "Fuse", "Strip", "Metaspace", "ByteLevel"),
            };
        }

        return pipeline;
    }

    // A step, or the steps of a Sequence.
    private static IEnumerable<JsonPlace> Steps(JsonPlace root, string key, string listKey)
    {
        if (!root.Has(key))
        {
            return [];
        }

        var step = root.Object(key);
        return step["type"].String() == "Sequence" ? step.Array(listKey).Items() : [step];
    }

    private static (string From, string To) ReadReplace(JsonPlace step)
    {
        var pattern = step.Object("pattern");
        if (!pattern.Has("String"))
        {
            throw pattern.Wrong("only a String pattern is served");
        }

        var from = pattern["String"].String();
        return from.Length > 0 ? (from, step["content"].String()) : throw pattern["String"].Wrong("is empty");
    }

    private static int ReadStrip(JsonPlace step) =>
        step["content"].String() == " " && step["stop"].Integer(0, int.MaxValue) == 0
            ? step["start"].Integer(0, int.MaxValue)
            : throw step.Wrong("only spaces at the start can be stripped");

    private static char Replacement(JsonPlace step) =>
        (step.OptionalString("replacement") ?? "\u2581") is [var character] ? character : throw step["replacement"].Wrong("is not one character");

    private static PrependScheme Scheme(JsonPlace step) => step.OptionalString("prepend_scheme") switch
    {
        "always" => PrependScheme.Always,
        "first" => PrependScheme.First,
        "never" => PrependScheme.Never,
        // Older files have a flag in its place.
        null => step.OptionalFlag("add_prefix_space") ?? true ? PrependScheme.Always : PrependScheme.Never,
        var other => throw step["prepend_scheme"].Wrong($"'{other}' is not one of always, first, never{NearestName.Hint(other, ["always", "first", "never"])}"),
    };

    private static SlimException NotServed(JsonPlace step, params string[] served)
    {
        var type = step["type"].String();
        return step["type"].Wrong($"'{type}' is not served; what is: {string.Join(", ", served)}{NearestName.Hint(type, served)}");
    }
}
