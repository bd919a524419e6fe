namespace SlimSpec;

/// <summary>What happens to text around the byte-pair encoding: the parts of a <c>tokenizer.json</c> that are served.</summary>
internal sealed record TokenizerPipeline
{
    /// <summary>Normalizer steps, in order.</summary>
    public IReadOnlyList<NormalizerStep> Normalizer { get; init; } = [];

    /// <summary>How text is cut into words that are encoded apart, or null where it is one word.</summary>
    public PreTokenizer? PreTokenizer { get; init; }

    /// <summary>Whether pieces are written in the alphabet of bytes.</summary>
    public bool ByteLevel { get; init; }

    /// <summary>Whether <c>&lt;0xHH&gt;</c> pieces are bytes when decoded.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Replacements in each piece when decoded.</summary>
    public IReadOnlyList<(string From, string To)> Replacements { get; init; } = [];

    /// <summary>Spaces to take from the start of decoded text at most.</summary>
    public int StripLeadingSpaces { get; init; }
}

/// <summary>One step of a normalizer: puts <paramref name="Prefix"/> in front of text that is not empty, or replaces.</summary>
internal sealed record NormalizerStep(string? Prefix, string From = "", string To = "")
{
    /// <summary>The text after the step.</summary>
    public string Apply(string text) => Prefix is null ? text.Replace(From, To, StringComparison.Ordinal) : text.Length == 0 ? text : Prefix + text;
}

/// <summary>Prepares text and cuts it into words.</summary>
internal abstract record PreTokenizer
{
    /// <summary>The text whose words are encoded.</summary>
    /// <param name="text">Normalized text, not empty.</param>
    /// <param name="first">Whether it starts the whole text, rather than following a special token.</param>
    public abstract string Prepare(string text, bool first);

    /// <summary>End of the word that starts at <paramref name="start"/>.</summary>
    public abstract int WordEnd(ReadOnlySpan<char> text, int start);
}

/// <summary>The byte-level pre-tokenizer of GPT-2.</summary>
internal sealed record ByteLevelPreTokenizer(bool AddPrefixSpace, bool UseRegex) : PreTokenizer
{
    public override string Prepare(string text, bool first) => AddPrefixSpace && text[0] != ' ' ? ' ' + text : text;

    public override int WordEnd(ReadOnlySpan<char> text, int start) => UseRegex ? Gpt2Split.End(text, start) : text.Length;
}

/// <summary>The pre-tokenizer of SentencePiece vocabularies: spaces become <paramref name="Replacement"/>, one is put in front.</summary>
internal sealed record MetaspacePreTokenizer(char Replacement, PrependScheme Prepend, bool Split) : PreTokenizer
{
    public override string Prepare(string text, bool first)
    {
        text = text.Replace(' ', Replacement);
        var wanted = Prepend == PrependScheme.Always || (Prepend == PrependScheme.First && first);
        return wanted && text[0] != Replacement ? Replacement + text : text;
    }

    public override int WordEnd(ReadOnlySpan<char> text, int start)
    {
        var next = Split ? text[(start + 1)..].IndexOf(Replacement) : -1;
        return next < 0 ? text.Length : start + 1 + next;
    }
}

/// <summary>
/// Cuts in front of each run of <paramref name="Space"/>. Used where no merge reaches across such a place, so that the
/// words may be encoded apart with the same result as the text at once.
/// </summary>
internal sealed record SpaceRunSplit(char Space) : PreTokenizer
{
    public override string Prepare(string text, bool first) => text;

    public override int WordEnd(ReadOnlySpan<char> text, int start)
    {
        var body = start;
        while (body < text.Length && text[body] == Space)
        {
            body++;
        }

        var next = text[body..].IndexOf(Space);
        return next < 0 ? text.Length : body + next;
    }
}

/// <summary>Where a SentencePiece space is put in front.</summary>
internal enum PrependScheme
{
    /// <summary>Of every piece of text between special tokens.</summary>
    Always,

    /// <summary>Of the whole text only.</summary>
    First,

    /// <summary>Nowhere.</summary>
    Never,
}

/// <summary>A token that is found in text as it is written, before the encoding.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="Special">Whether it is a control token such as <c>&lt;s&gt;</c>: ordinary text unless asked for, and left out of decoded text.</param>
/// <param name="TakesSpaceBefore">Whether white space in front belongs to it (<c>lstrip</c>).</param>
/// <param name="TakesSpaceBehind">Whether white space behind it belongs to it (<c>rstrip</c>).</param>
internal sealed record AddedToken(int Id, string Content, bool Special, bool TakesSpaceBefore = false, bool TakesSpaceBehind = false);
