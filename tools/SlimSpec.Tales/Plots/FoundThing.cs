namespace SlimSpec.Tales;

/// <summary>Something that is not the hero's is found, and its owner must be.</summary>
public sealed class FoundThing(Rng rng) : Stage(rng)
{
    /// <inheritdoc/>
    public override void Play()
    {
        var places = PlacesBut(Places.Village);
        var hero = EnterChild(places[0]);
        var owner = Rng.Chance(50) ? EnterChild(places[2]) : EnterWorker(places[2]);
        var thing = New(Rng.Pick([.. ThingKind.All.Where(kind => (kind.Sort is Sort.Treasure or Sort.Clothes || kind.FitsPocket) && kind.Noun is not ("feather" or "stone" or "shell"))]));
        var spot = Rng.Pick(places[0].Spots);
        Do(new Lies(thing, spot) { Told = false });
        Do(new Owns(owner, thing) { Told = false });
        Open(hero);
        Do(new Found(hero, thing, spot));
        Say($"Something was lying {spot}. It was {thing:a}. {hero} picked {thing:them} up.|There, {spot}, {hero} found {thing:a}.|{spot} {hero} saw {thing:a}. {hero:he} picked {thing:them} up.");
        Say($"\"Whose {thing:is} {thing:that}?\" {hero} (asked|wondered). It was not an easy question.|{hero} looked around, but nobody was there.|{thing:it} {thing:was} very pretty, and {hero} liked {thing:them} at once.");
        if (Is(hero, "greedy") || Rng.Chance(30))
        {
            Say($"For a moment {hero:n} wanted to keep {thing:them}. But somebody was surely looking for {thing:them}.|\"Finders keepers,\" {hero} thought. But it did not feel right.");
        }

        Paragraph();
        Go(hero, places[1]);
        var stranger = EnterWorker(places[1]);
        Hail(hero, stranger);
        Say($"\"(Is this yours|Did you lose this)?\" {hero} asked {stranger}.|{hero} showed {thing:the} to {stranger}. \"Did you lose this?\" {hero:he} asked.");
        Say($"\"No(, it is not mine|, not mine),\" said {stranger}. \"(Ask somebody else|Somebody must be very sad now).\"|{stranger} (shook {stranger:his} head|had never seen {thing:the} before).");
        Maybe(50, $"\"(Maybe|Perhaps) somebody {places[2]:in} knows more,\" {stranger} said.|\"Try {places[2]},\" said {stranger}.");
        Paragraph();
        Go(hero, places[2]);
        MeetOwner(hero, owner, thing);
        Return(hero, owner, thing);
        Reward(hero, owner);
        Close(hero, $"It felt (better|much better) than keeping {thing:the}.|{hero:n} walked home with a song.|From that day on {hero:n} and {owner:n} were friends.");
    }

    private void MeetOwner(Person hero, Person owner, Thing thing)
    {
        Say(owner.Being == Being.Child
            ? (Line)$"{English.WithArticle(owner.Role)} was there who (looked sad|looked at the ground all the time). It was {owner:n}.|There sat {owner:intro} (named|called) {owner:n}."
            : $"{owner} was there and was looking for something.|There {hero} met {owner}, who looked (sad|worried).");
        Hail(hero, owner);
        var proof = thing.Color is { } color ? $"it is {color}" : $"it is {thing.Looks.Split(' ')[0]}";
        proof = thing.Kind.Plural ? proof.Replace("it is", "they are", StringComparison.Ordinal) : proof;
        Say($"\"What is wrong?\" asked {hero}. \"I have lost {thing:my},\" said {owner}.|\"What are you looking for?\" {hero} asked. \"For {thing:my},\" said {owner}. \"I had {thing:them} this morning.\"");
        Maybe(70, $"\"What {(thing.Kind.Plural ? "do they" : "does it")} look like?\" asked {hero}. \"Well, {proof},\" said {owner}. So {owner:n} was telling the truth.");
    }

    private void Reward(Person hero, Person owner)
    {
        Feel(owner, Rng.Pick(["happy", "thankful"]));
        if (Rng.Chance(60))
        {
            var gift = New(Rng.Pick([.. ThingKind.All.Where(kind => kind.Noun is "apple" or "cookie" or "bun" or "marble" or "ribbon" or "pear" or "button" or "coin")]));
            Do(new Holds(owner, gift) { Told = false });
            Do(new Gave(owner, hero, gift));
            Say($"{owner} gave {hero:n} {gift:a} (as a reward|to say thank you).|\"(Take|Please take) this,\" said {owner}, and {owner:he} gave {hero:n} {gift:a}.");
        }

        Feel(hero, Rng.Pick(["happy", "proud"]));
    }
}
