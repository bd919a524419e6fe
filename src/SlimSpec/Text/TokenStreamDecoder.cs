using System.Text;

namespace SlimSpec;

/// <summary>Turns ids into text one by one. A character comes out when its last byte is there, never in parts.</summary>
public sealed class TokenStreamDecoder
{
    private readonly Tokenizer _tokenizer;
    private readonly bool _skipSpecial;
    private readonly Decoder _utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetDecoder();
    private int _spacesToStrip;

    internal TokenStreamDecoder(Tokenizer tokenizer, bool skipSpecial)
    {
        (_tokenizer, _skipSpecial) = (tokenizer, skipSpecial);
        _spacesToStrip = tokenizer.StripLeadingSpaces;
    }

    /// <summary>The text that <paramref name="id"/> completes; empty where more bytes are needed.</summary>
    public string Append(int id) => Take(_tokenizer.Bytes(id, _skipSpecial), flush: false);

    /// <summary>What is left at the end: U+FFFD for a character whose last bytes never came.</summary>
    public string Finish() => Take([], flush: true);

    private string Take(byte[] bytes, bool flush)
    {
        var characters = new char[_utf8.GetCharCount(bytes, flush)];
        var text = characters.AsSpan(0, _utf8.GetChars(bytes, characters, flush));
        while (!text.IsEmpty && _spacesToStrip > 0)
        {
            if (text[0] != ' ')
            {
                _spacesToStrip = 0;
                break;
            }

            text = text[1..];
            _spacesToStrip--;
        }

        return text.ToString();
    }
}
