namespace SlimSpec.Tales;

/// <summary>What has been mentioned, and how recently: it decides where a pronoun is clear.</summary>
public sealed class Discourse(Rng rng)
{
    private readonly Dictionary<Referent, int> _last = [];
    private readonly Dictionary<Referent, int> _lastAlone = [];
    private readonly Dictionary<Referent, int> _pronounsInARow = [];
    private readonly HashSet<Referent> _known = [];
    private int _sentence;
    private Referent? _topic;

    /// <summary>Whether the reader has met it.</summary>
    public bool Knows(Referent referent) => _known.Contains(referent);

    /// <summary>The person who leads the sentence now being told, if any.</summary>
    public Referent? Topic => _topic;

    /// <summary>A sentence ends.</summary>
    public void EndSentence()
    {
        _sentence++;
        _topic = null;
    }

    /// <summary>After a break, everybody is named again.</summary>
    public void Break()
    {
        _sentence += 2;
        _topic = null;
        _pronounsInARow.Clear();
    }

    /// <summary>Notes a mention.</summary>
    public void Mention(Referent referent, bool byPronoun)
    {
        _last[referent] = _lastAlone[referent] = _sentence;
        _known.Add(referent);
        _pronounsInARow[referent] = byPronoun ? _pronounsInARow.GetValueOrDefault(referent) + 1 : 0;
        if (_topic is null && referent is Person or Group)
        {
            _topic = referent;
        }

        if (referent is Group group && !byPronoun)
        {
            foreach (var member in group.Members)
            {
                _last[member] = _sentence;
                _known.Add(member);
            }
        }
    }

    /// <summary>Whether to say a pronoun here: only where it can mean nothing else, and not too often in a row.</summary>
    public bool SaysPronoun(Referent referent)
    {
        if (!IsClear(referent))
        {
            return false;
        }

        if (_last[referent] == _sentence)
        {
            return true;
        }

        var percent = referent is Person or Group ? 95 : 70;
        return rng.Chance(percent - (28 * _pronounsInARow.GetValueOrDefault(referent)));
    }

    /// <summary>Whether a pronoun can mean only this referent here.</summary>
    public bool IsClear(Referent referent)
    {
        if (!_lastAlone.TryGetValue(referent, out var last) || last < _sentence - 1)
        {
            return false;
        }

        // Inside one sentence only its own words compete: "Anna opened her box" after a sentence about Kate.
        var from = last;
        return !_last.Any(other => other.Key != referent && other.Key.Pronoun == referent.Pronoun && other.Value >= from && !Contains(referent, other.Key));
    }

    private static bool Contains(Referent group, Referent member) => group is Group g && member is Person p && g.Members.Contains(p);
}
