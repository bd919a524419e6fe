using System.Text;

namespace SlimSpec.Tales;

/// <summary>Turns lines into English: chooses words, resolves pronouns and articles, sets capitals.</summary>
/// <remarks>
/// Forms of a hole. Person, group: none (name or pronoun as subject), o (as object), p (possessive), n (name), np (name's),
/// role (the baker), intro (a kind boy), self, he, him, his. Thing: none, a, the, of (Anna's red kite), my, your, bare, noun,
/// it, them, was, is, has, that. Place: none, in, to. Spot: none, from, the. Inside quotation marks nothing becomes a pronoun by itself.
/// </remarks>
public sealed class Narrator(Rng rng, World world)
{
    private static readonly string[][] Pronouns =
    [
        ["he", "him", "his", "himself"],
        ["she", "her", "her", "herself"],
        ["it", "it", "its", "itself"],
        ["they", "them", "their", "themselves"],
    ];

    private readonly Discourse _discourse = new(rng);
    private readonly StringBuilder _text = new();
    private bool _capital = true;
    private bool _quoted;

    /// <summary>All that was told.</summary>
    public string Text => _text.ToString();

    /// <summary>Whether the reader has met it.</summary>
    public bool Knows(Referent referent) => _discourse.Knows(referent);

    /// <summary>Begins a new paragraph.</summary>
    public void Break()
    {
        if (_text.Length > 0 && _text[^1] != '\n')
        {
            _text.Append('\n');
            _discourse.Break();
        }
    }

    /// <summary>Tells one or more sentences.</summary>
    public void Say(Line line)
    {
        var words = line.Choose(rng).Trim();
        if (words.Length == 0)
        {
            return;
        }

        if (_text.Length > 0 && _text[^1] != '\n')
        {
            _text.Append(' ');
        }

        _capital = true;
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] >= Line.FirstHole)
            {
                var (referent, form) = line.Hole(words[i]);
                Append(Refer(referent, form));
            }
            else
            {
                Append(words[i], words, i);
            }
        }

        _discourse.EndSentence();
    }

    private void Append(string phrase)
    {
        _text.Append(_capital ? char.ToUpperInvariant(phrase[0]) : phrase[0]).Append(phrase, 1, phrase.Length - 1);
        _capital = false;
    }

    private void Append(char c, string words, int i)
    {
        // Empty choices leave double spaces and spaces before punctuation.
        if ((c == ' ' && (_text.Length == 0 || _text[^1] is ' ' or '\n')) || c == '\r')
        {
            return;
        }

        if (c is ',' or '.' or '!' or '?' && _text.Length > 0 && _text[^1] == ' ')
        {
            _text.Length--;
        }

        _text.Append(_capital && char.IsLetter(c) ? char.ToUpperInvariant(c) : c);
        _capital = _capital && !char.IsLetter(c);
        if (c == '"')
        {
            _quoted = !_quoted;
            _capital = _quoted;
        }

        if (EndsSentence(words, i))
        {
            _capital = true;
            if (!_quoted)
            {
                _discourse.EndSentence();
            }
        }
    }

    // ."  always ends a sentence; !" and ?" do not: what follows is "said Anna".
    private static bool EndsSentence(string words, int i) => words[i] switch
    {
        '.' or '!' or '?' => i + 1 < words.Length && words[i + 1] == ' ',
        '"' => i > 0 && i + 1 < words.Length && words[i - 1] == '.',
        _ => false,
    };

    private string Refer(Referent referent, string form) => referent switch
    {
        Person person => Refer(person, form),
        Group group => Refer(group, form),
        Thing thing => Refer(thing, form),
        Place place => Refer(place, form),
        Spot spot => Refer(spot, form),
        _ => throw new InvalidOperationException($"No words for {referent}."),
    };

    private string Refer(Person person, string form)
    {
        switch (form)
        {
            case "he" or "him" or "his" or "self" or "himself":
                _discourse.Mention(person, byPronoun: true);
                return PronounOf(person, form);
            case "intro":
                return English.WithArticle($"{person.Trait.Word} {person.Role}");
            case "role":
                _discourse.Mention(person, byPronoun: false);
                return $"the {person.Role}";
        }

        if (form is "" or "o" or "p" && !_quoted && !FollowsSpeechVerb() && _discourse.SaysPronoun(person))
        {
            _discourse.Mention(person, byPronoun: true);
            return PronounOf(person, form);
        }

        var name = NameOf(person, form is "n" or "np");
        _discourse.Mention(person, byPronoun: false);
        return form is "p" or "np" ? English.Possessive(name) : name;
    }

    // After  "Come here," said  stands a name: "said she" is not said any more.
    private bool FollowsSpeechVerb()
    {
        var i = _text.Length - 2;
        while (i > 1 && char.IsLower(_text[i]))
        {
            i--;
        }

        return i > 2 && i < _text.Length - 2 && _text[i] == ' ' && _text[i - 1] == '"' && _text[i - 2] is ',' or '!' or '?';
    }

    private string NameOf(Person person, bool plain)
    {
        if (person.Being == Being.Townsman && !_discourse.Knows(person))
        {
            return $"{person.Name} the {person.Role}";
        }

        var hasRole = person.Being is Being.Townsman or Being.Animal;
        return !hasRole || plain || _quoted || rng.Chance(50) ? person.Name : $"the {person.Role}";
    }

    private string Refer(Group group, string form)
    {
        if (form is "he" or "him" or "his" || (form is not "n" && !_quoted && _discourse.SaysPronoun(group)))
        {
            _discourse.Mention(group, byPronoun: true);
            return PronounOf(group, form);
        }

        _discourse.Mention(group, byPronoun: false);
        var names = string.Join(" and ", group.Members.Select(member => member.Name));
        return form is "p" ? English.Possessive(names) : names;
    }

    private static string PronounOf(Referent referent, string form) => Pronouns[(int)referent.Pronoun][form switch
    {
        "o" or "him" or "them" => 1,
        "p" or "his" => 2,
        "self" or "himself" => 3,
        _ => 0,
    }];

    private string Refer(Thing thing, string form)
    {
        var plural = thing.Kind.Plural;
        switch (form)
        {
            case "was": return plural ? "were" : "was";
            case "is": return plural ? "are" : "is";
            case "has": return plural ? "have" : "has";
            case "its": return PronounOf(thing, "his");
            case "that": return plural ? "those" : "that";
            case "noun": return thing.Kind.Noun;
            case "bare":
                _discourse.Mention(thing, byPronoun: false);
                return thing.Description;
            case "it" or "them":
                _discourse.Mention(thing, byPronoun: true);
                return PronounOf(thing, form);
        }

        // A thing whose form says nothing stands as object more often than as subject: "it" is both, "they" only subject.
        if (form is "" or "s" && !_quoted && _discourse.SaysPronoun(thing))
        {
            _discourse.Mention(thing, byPronoun: true);
            return PronounOf(thing, form == "s" ? "it" : "them");
        }

        var words = Describe(thing, form);
        _discourse.Mention(thing, byPronoun: false);
        return words;
    }

    private string Describe(Thing thing, string form)
    {
        var known = _discourse.Knows(thing);
        var owner = world.OwnerOf(thing);
        if (thing.TwinOf is { } twinOwner && form is not ("my" or "your" or "a"))
        {
            return $"{(_quoted ? English.Possessive(twinOwner.Name) : Refer(twinOwner, "p"))} {thing.Kind.Noun}";
        }

        var noun = known && !thing.HasNamesake && form != "of" && rng.Chance(72) ? thing.Kind.Noun : thing.Description;
        if (owner is not null && (form == "of" || (form is "" or "s" && known && !_quoted && owner == _discourse.Topic && _discourse.IsClear(owner) && rng.Chance(35))))
        {
            return $"{(_quoted ? English.Possessive(owner.Name) : Refer(owner, "p"))} {noun}";
        }

        return form switch
        {
            "my" => $"my {noun}",
            "your" => $"your {noun}",
            "a" => English.WithArticle(thing.Description, plural: thing.Kind.Plural),
            "of" => $"the {noun}",
            _ => known || _quoted ? $"the {noun}" : English.WithArticle(thing.Description, plural: thing.Kind.Plural),
        };
    }

    private static string Refer(Place place, string form) => form switch
    {
        "in" => $"{place.Preposition} the {place.Noun}",
        "to" => $"to the {place.Noun}",
        _ => $"the {place.Noun}",
    };

    private string Refer(Spot spot, string form)
    {
        _discourse.Mention(spot, byPronoun: false);
        return form switch
        {
            "from" => spot.Preposition switch
            {
                "in" => $"out of the {spot.Noun}",
                "on" => $"off the {spot.Noun}",
                _ => $"from {spot.Preposition} the {spot.Noun}",
            },
            "the" => $"the {spot.Noun}",
            _ => $"{spot.Preposition} the {spot.Noun}",
        };
    }
}
