namespace SlimSpec;

/// <summary>A tokenizer as GGUF has it, such that llama.cpp gives the same ids.</summary>
internal static class GgufTokenizer
{
    private const string Space = "\u2581";

    // llama.cpp's kinds of tokens.
    private enum Kind
    {
        Normal = 1,
        Unknown = 2,
        Control = 3,
        UserDefined = 4,
        Unused = 5,
        Byte = 6,
    }

    /// <summary>Adds the tokenizer's keys.</summary>
    /// <param name="metadata">Where to.</param>
    /// <param name="tokenizer">The tokenizer; null: the folder has none.</param>
    /// <param name="vocabulary">Number of ids that the model has.</param>
    /// <returns>What a reader of the file must know; null: nothing.</returns>
    /// <exception cref="SlimException">llama.cpp has no such tokenizer.</exception>
    public static string? Write(GgufMetadata metadata, Tokenizer? tokenizer, int vocabulary)
    {
        if (tokenizer is null)
        {
            metadata.Add("tokenizer.ggml.model", "none");
            return "without a tokenizer, since the checkpoint has none";
        }

        if (tokenizer.VocabularySize > vocabulary)
        {
            throw new SlimException($"the tokenizer has {tokenizer.VocabularySize} tokens, but the model {vocabulary} ids: llama.cpp needs as many ids as tokens; use the model's own tokenizer");
        }

        var note = tokenizer.Pipeline.ByteLevel ? WriteByteLevel(metadata, tokenizer) : WriteSentencePiece(metadata, tokenizer, vocabulary);
        metadata.Add("tokenizer.ggml.tokens", [.. Enumerable.Range(0, vocabulary).Select(id => tokenizer.Piece(id) ?? $"[PAD{id}]")]);
        metadata.Add("tokenizer.ggml.token_type", [.. Enumerable.Range(0, vocabulary).Select(id => (int)KindOf(tokenizer, id))]);
        AddId(metadata, "bos", tokenizer.BosId);
        AddId(metadata, "eos", tokenizer.EosId);
        AddId(metadata, "unknown", tokenizer.Model.UnknownId);
        metadata.Add("tokenizer.ggml.add_bos_token", tokenizer.AddsBos);
        metadata.Add("tokenizer.ggml.add_eos_token", false);
        return note;
    }

    // GPT-2's: merges of pieces in the alphabet of bytes.
    private static string? WriteByteLevel(GgufMetadata metadata, Tokenizer tokenizer)
    {
        if (tokenizer.Pipeline is not { PreTokenizer: ByteLevelPreTokenizer { AddPrefixSpace: false, UseRegex: true }, Normalizer.Count: 0 } || tokenizer.Model.IgnoreMerges)
        {
            throw new SlimException("llama.cpp has GPT-2's byte-level tokenizer without a prefix space, a normalizer or ignore_merges; this one has other settings");
        }

        metadata.Add("tokenizer.ggml.model", "gpt2");
        metadata.Add("tokenizer.ggml.pre", "gpt-2");
        metadata.Add("tokenizer.ggml.merges", [.. tokenizer.Model.Merges.Select(merge => $"{tokenizer.Piece(merge.Left)} {tokenizer.Piece(merge.Right)}")]);
        return null;
    }

    // SentencePiece's, as in LLaMA: pieces with scores; of two neighbours whose piece scores highest are merged first.
    private static string? WriteSentencePiece(GgufMetadata metadata, Tokenizer tokenizer, int vocabulary)
    {
        var (normalizer, words) = (tokenizer.Pipeline.Normalizer, tokenizer.Pipeline.PreTokenizer as MetaspacePreTokenizer);
        var replaces = words?.Replacement.ToString() == Space || normalizer.Any(step => step is { Prefix: null, From: " ", To: Space });
        if (!replaces || normalizer.Any(step => step is not ({ Prefix: Space } or { Prefix: null, From: " ", To: Space })) || tokenizer.Model.ByteIds is null || tokenizer.Model.IgnoreMerges)
        {
            throw new SlimException("llama.cpp has SentencePiece's tokenizer with spaces as U+2581 and byte pieces, without further normalization or ignore_merges; this one has other settings");
        }

        metadata.Add("tokenizer.ggml.model", "llama");
        metadata.Add("tokenizer.ggml.pre", "default");
        metadata.Add("tokenizer.ggml.add_space_prefix", words is null ? normalizer.Any(step => step.Prefix is not null) : words.Prepend != PrependScheme.Never);
        metadata.Add("tokenizer.ggml.scores", Scores(tokenizer, vocabulary));
        return Deviation(tokenizer);
    }

    // The earlier a piece can be merged, the higher; bytes and control tokens 0, as SentencePiece has them.
    private static float[] Scores(Tokenizer tokenizer, int vocabulary)
    {
        var order = new Dictionary<int, int>();
        foreach (var merge in tokenizer.Model.Merges)
        {
            order.TryAdd(merge.Result, order.Count);
        }

        var scores = new float[vocabulary];
        for (var id = 0; id < vocabulary; id++)
        {
            if (KindOf(tokenizer, id) == Kind.Normal)
            {
                order.TryAdd(id, order.Count);
                scores[id] = -order[id];
            }
        }

        return scores;
    }

    // SentencePiece merges whatever gives a piece, the best piece first; merges by rank may know fewer pairs, or rank one piece's apart.
    private static string? Deviation(Tokenizer tokenizer)
    {
        var pairs = 0;
        foreach (var (piece, id) in tokenizer.Model.Ids.Where(entry => KindOf(tokenizer, entry.Value) == Kind.Normal))
        {
            for (var cut = 1; cut < piece.Length; cut++)
            {
                pairs += tokenizer.Model.TryGetId(piece.AsSpan(0, cut), out var left) && tokenizer.Model.TryGetId(piece.AsSpan(cut), out var right)
                    && !tokenizer.Model.TryGetMerge(left, right, out _) ? 1 : 0;
            }
        }

        var results = tokenizer.Model.Merges.Select(merge => merge.Result).ToList();
        var apart = results.Where((result, i) => i == 0 || results[i - 1] != result).Count() != results.Distinct().Count();
        return pairs > 0 || apart
            ? $"llama.cpp may tokenize rare text otherwise: it merges by piece, and this tokenizer by pair ({(pairs > 0 ? $"{pairs} pairs of pieces that make a piece are no merge" : "merges into one piece have ranks apart")})"
            : null;
    }

    private static Kind KindOf(Tokenizer tokenizer, int id) =>
        tokenizer.Piece(id) is not { } piece ? Kind.Unused
        : id == tokenizer.Model.UnknownId ? Kind.Unknown
        : tokenizer.Added(id) is { } added ? (added.Special ? Kind.Control : Kind.UserDefined)
        : !tokenizer.Pipeline.ByteLevel && BytePiece.Value(piece) is not null ? Kind.Byte
        : Kind.Normal;

    private static void AddId(GgufMetadata metadata, string name, int? id)
    {
        if (id is { } number)
        {
            metadata.Add($"tokenizer.ggml.{name}_token_id", number);
        }
    }
}
