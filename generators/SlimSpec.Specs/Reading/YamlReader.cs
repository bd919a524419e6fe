using System;
using System.Collections.Generic;
using System.IO;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SlimSpec.Specs;

/// <summary>
/// YAML to a tree with places. It drives YamlDotNet's event parser itself, because the library's own tree accepts aliases
/// (and with them cycles and trees of exponential size) and loses the place of some errors.
/// </summary>
internal sealed class YamlReader
{
    private const int LongestText = 1 << 20;
    private const int DeepestNesting = 32;
    private const int MostValues = 20_000;

    private readonly SourceMap _source;
    private readonly Reporter _report;
    private readonly Stack<Collection> _open = new();
    private SpecNode? _root;
    private int _documents;
    private int _values;

    private YamlReader(SourceMap source, Reporter report) => (_source, _report) = (source, report);

    /// <summary>The root of the only document, or null after a syntax error.</summary>
    public static SpecNode? Read(SourceMap source, Reporter report) => new YamlReader(source, report).Read();

    private SpecNode? Read()
    {
        if (_source.Text.Length > LongestText)
        {
            return Fail(_source.At(0, 0), $"the file is longer than {LongestText} characters");
        }

        if (FirstForbiddenCharacter() is { } at)
        {
            return Fail(_source.At(at, at + 1), $"the character U+{(int)_source.Text[at]:X4} is not allowed");
        }

        var parser = new Parser(new Scanner(new StringReader(_source.Text), skipComments: true));
        try
        {
            while (parser.MoveNext())
            {
                if (parser.Current is { } parsed && !Accept(parsed))
                {
                    return null;
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return FailAt(e, parser.Current);
        }

        return _root ?? Fail(_source.At(0, 0), "the file is empty");
    }

    /// <summary>YAML allows no control characters and no half characters; YamlDotNet takes U+0000 for the end of the text.</summary>
    private int? FirstForbiddenCharacter()
    {
        for (var i = 0; i < _source.Text.Length; i++)
        {
            var character = _source.Text[i];
            if (char.IsSurrogatePair(_source.Text, i))
            {
                i++;
            }
            else if (char.IsSurrogate(character) || character is (< ' ' and not '\t' and not '\n' and not '\r') or '\u007F' or '\uFFFE' or '\uFFFF')
            {
                return i;
            }
        }

        return null;
    }

    private bool Accept(ParsingEvent parsed)
    {
        switch (parsed)
        {
            case DocumentStart when ++_documents > 1:
                Fail(At(parsed), "a second document starts here; a file holds one");
                return false;
            case NodeEvent or AnchorAlias when ++_values > MostValues:
                Fail(At(parsed), $"the file has more than {MostValues} values");
                return false;
            case AnchorAlias alias:
                _report.Add(Rules.Feature, At(parsed), $"the alias '*{alias.Value}' is not allowed: write the value out");
                Add(new BadNode(At(parsed)));
                return true;
            case Scalar scalar:
                RefuseAnchorAndTag(scalar);
                Add(new ScalarNode(At(parsed), scalar.Value, scalar.Style != ScalarStyle.Plain));
                return true;
            case SequenceStart or MappingStart when _open.Count == DeepestNesting:
                Fail(At(parsed), $"values are nested deeper than {DeepestNesting} levels");
                return false;
            case SequenceStart or MappingStart:
                RefuseAnchorAndTag((NodeEvent)parsed);
                _open.Push(new(First(parsed), parsed is MappingStart));
                return true;
            case SequenceEnd or MappingEnd:
                Add(_open.Pop().Close());
                return true;
            default:
                return true;
        }
    }

    private void RefuseAnchorAndTag(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
        {
            _report.Add(Rules.Feature, First(node), $"the anchor '&{node.Anchor.Value}' is not allowed: write the value where it is used");
        }

        if (!node.Tag.IsEmpty && !(node.Tag.IsNonSpecific && node is Scalar { Style: not ScalarStyle.Plain }))
        {
            _report.Add(Rules.Feature, First(node), $"the tag {Words.Quote(WordAt(node.Start.Index))} is not allowed: a key's type is known");
        }
    }

    private string WordAt(long start)
    {
        var end = (int)start;
        while (end < _source.Text.Length && !char.IsWhiteSpace(_source.Text[end]))
        {
            end++;
        }

        return _source.Text.Substring((int)start, end - (int)start);
    }

    private void Add(SpecNode node)
    {
        if (_open.Count == 0)
        {
            _root = node;
        }
        else
        {
            _open.Peek().Add(node, _report);
        }
    }

    private SpecNode? FailAt(Exception error, ParsingEvent? last)
    {
        // Left open, a bracket makes the scanner fail far behind it, or with no position at all: name the bracket.
        foreach (var collection in _open)
        {
            if (_source.Text.Length > collection.Place.Start && _source.Text[collection.Place.Start] is '[' or '{')
            {
                var bracket = _source.Text[collection.Place.Start];
                return Fail(collection.Place, $"this '{bracket}' is not closed by '{(bracket == '[' ? ']' : '}')}', or what is in it is not well-formed");
            }
        }

        var after = last?.End.Index ?? 0;
        var tab = _source.Text.IndexOf('\t', (int)Math.Min(after, _source.Text.Length));
        if (tab >= 0 && (error.Message.Contains("tab") || error is not YamlException { End.Index: > 0 }))
        {
            return Fail(_source.At(tab, tab + 1), "a tab is not allowed here: indent with spaces");
        }

        if (error is YamlException { Start.Index: var start, End.Index: var end } && end > 0)
        {
            return Fail(_source.At(start, end), Sentence(error.Message));
        }

        return Fail(_source.At(after, after), $"the text after this point is not well-formed YAML: {Sentence(error.Message)}");
    }

    private static string Sentence(string message)
    {
        var text = message.Trim().TrimEnd('.');
        if (text.Contains("block mapping") || text.Contains("block collection") || text.Contains("simple key"))
        {
            text += ": is it indented like its neighbours?";
        }

        return text.Length == 0 ? "not well-formed YAML" : Words.Shorten(Words.Decapitalize(text), 200);
    }

    private SpecNode? Fail(Place at, string message)
    {
        _report.Add(Rules.Syntax, at, message);
        return null;
    }

    private Place At(ParsingEvent parsed) => _source.At(parsed.Start.Index, parsed.End.Index);

    // A collection's end mark is where its first token ends.
    private Place First(ParsingEvent parsed) => _source.At(parsed.Start.Index, parsed.Start.Index);

    /// <summary>A list or mapping whose end is still to come.</summary>
    private sealed class Collection(Place place, bool isMapping)
    {
        private readonly List<SpecNode> _items = [];
        private readonly List<MappingEntry> _entries = [];
        private readonly Dictionary<string, Place> _keys = new(StringComparer.Ordinal);
        private SpecNode? _key;

        public Place Place { get; } = place;

        public void Add(SpecNode node, Reporter report)
        {
            if (!isMapping)
            {
                _items.Add(node);
            }
            else if (_key is null)
            {
                _key = node;
            }
            else
            {
                AddEntry(_key, node, report);
                _key = null;
            }
        }

        public SpecNode Close() => isMapping ? new MappingNode(Place, _entries) : new SequenceNode(Place, _items);

        private void AddEntry(SpecNode key, SpecNode value, Reporter report)
        {
            if (key is not ScalarNode scalar)
            {
                if (key is not BadNode)
                {
                    report.Add(Rules.Syntax, key.Place, $"a key must be a word, found {key.Found}");
                }
            }
            else if (_keys.TryGetValue(scalar.Text, out var first))
            {
                report.Add(Rules.DuplicateKey, key.Place, $"the key {Words.Quote(scalar.Text)} is written twice; first on line {first.Line + 1}");
            }
            else
            {
                _keys.Add(scalar.Text, key.Place);
                _entries.Add(new(scalar.Text, key.Place, value));
            }
        }
    }
}
