namespace SlimSpec.Tales;

public abstract partial class Stage
{
    /// <summary>A person notices that a thing is missing.</summary>
    protected void Notice(Person who, Thing thing)
    {
        Say($"""
            Then {who} (reached for|wanted) {thing:the}, but {thing:it} {thing:was} not there.|
            "Where {thing:is} {thing:my}?" {who} (cried|said|asked) suddenly.|
            (Suddenly|Then|All at once) {who} (saw|noticed) that {thing:the} {thing:was} (gone|missing).|
            {who} looked (around|down). {thing:the} {thing:was} gone!|
            "Oh no! I have lost {thing:my}!" cried {who}.
            """);
    }

    /// <summary>A person looks at a spot in vain.</summary>
    protected void Miss(Person who, Thing thing, Spot spot)
    {
        Do(new Missed(who, thing, spot));
        Say($"""
            {who} looked {spot}, but {thing:it} {thing:was} not there.|
            {who} looked {spot}. (Nothing|No {thing:noun})!|
            {who} looked {spot}, but there was only {Rng.Pick(Scenery.Oddments)}.|
            {who} searched {spot} and found {Rng.Pick(Scenery.Oddments)}, but not {thing:the}.|
            {thing:the} {thing:was} not {spot}.|
            "(Maybe|Perhaps) {thing:it} {thing:is} {spot}," said {who}. But {thing:it} {thing:was} not.
            """);
    }

    /// <summary>A person finds what was looked for.</summary>
    protected void Find(Person who, Thing thing)
    {
        var spot = World.SpotOf(thing)!;
        Do(new Found(who, thing, spot));
        Say($"""
            {who} looked {spot}, and there {thing:it} {thing:was}!|
            And there, {spot}, {who} found {thing:the}.|
            Then {who} looked {spot}. "(Here {thing:it} {thing:is}|I have found {thing:them}|There {thing:it} {thing:is})!" {who:he} (cried|shouted|called).|
            At last {who} found {thing:the} {spot}.|
            {who} saw something {spot}. It was {thing:the}!
            """);
        Maybe(60, $"{who} picked {thing:them} up (and held {thing:them} tight|and wiped {thing:them} clean|with a happy cry|).");
    }

    /// <summary>Looks at up to <paramref name="count"/> wrong spots of a place, never those already tried.</summary>
    protected void MissSome(Person who, Thing thing, Place place, int count)
    {
        var tried = World.History.OfType<Missed>().Where(missed => missed.What == thing).Select(missed => missed.Where);
        foreach (var spot in Rng.Shuffled(place.Spots.Except(tried).Where(spot => spot != World.SpotOf(thing))).Take(count))
        {
            Miss(who, thing, spot);
        }
    }

    /// <summary>Asks somebody who does not know.</summary>
    protected void AskInVain(Person from, Person to, Thing thing)
    {
        Hail(from, to);
        Say($"\"Have you seen {thing:my}?\" {from} asked {to:o}.|{from} asked {to:o} about {thing:the}.|{from} met {to} there. \"I have lost {thing:my}. Have you seen {thing:them}?\" {from:he} asked.");
        Say($"\"No, I have not(| seen {thing:them})(|, I am sorry),\" said {to}.|But {to} (had not seen {thing:them}|shook {to:his} head|did not know where {thing:it} {thing:was}).|\"I am sorry, I have not seen {thing:them},\" {to} said. \"(Where did you have {thing:them} last|Have you looked everywhere)?\"");
    }

    /// <summary>Asks somebody who knows, and tells where the thing is.</summary>
    protected void AskAndLearn(Person from, Person to, Thing thing, Spot spot)
    {
        Hail(from, to);
        Say($"\"Have you seen {thing:my}?\" {from} asked {to:o}.|{from} told {to:n} what had happened.|\"(Excuse me|Please), do you know where {thing:my} {thing:is}?\" asked {from}.");
        Say($"\"Yes(, I have|)! {thing:it} {thing:is} {spot},\" said {to}.|\"Look {spot} {spot.Place:in},\" said {to}. \"I saw {thing:them} there.\"|{to} smiled. \"I saw {thing:them} {spot}, {spot.Place:in},\" {to:he} said.");
    }
}
