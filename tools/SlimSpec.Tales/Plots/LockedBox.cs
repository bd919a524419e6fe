namespace SlimSpec.Tales;

/// <summary>A locked chest, a key that is somewhere else, and what is inside.</summary>
public sealed class LockedBox(Rng rng) : Stage(rng)
{
    /// <inheritdoc/>
    public override void Play()
    {
        var place = Places.Named(Rng.Pick(["attic", "cellar", "shed", "bedroom"]));
        var hero = EnterChild(place);
        var helper = Enter(People.Relative(Rng, World.People), Rng.Pick(PlacesBut(Places.Home, place)));
        var chest = new Spot(place, "in", Rng.Pick(["old chest", "green chest", "black box", "wooden box", "iron box"]));
        var key = New(ThingKind.Named("key"));
        var keySpot = Rng.Pick(PlacesBut(Places.All, place, World.PlaceOf(helper))[0].Spots);
        var prize = New(Sort.Toy, Sort.Tool, Sort.Treasure);
        Do(new Lies(key, keySpot) { Told = false });
        Do(new Lies(prize, chest) { Told = false });
        Do(new Owns(helper, prize) { Told = false });
        Do(new Locked(chest, key));

        Open(hero);
        Say($"""
            Behind some (blankets|boxes|old chairs) {hero} found (something|something strange): {English.WithArticle(chest.Noun)}. But {chest:the} was locked.|
            In a corner stood {English.WithArticle(chest.Noun)}. {hero} tried to open {chest:the}, but it was locked.|
            {hero} saw {English.WithArticle(chest.Noun)} that {hero:he} had never seen before. It was locked.
            """);
        Feel(hero, Rng.Pick(["excited", "surprised", "excited"]));
        Paragraph();
        Go(hero, World.PlaceOf(helper));
        Hail(hero, helper);
        Say($"""
            {helper:n} was there. "How can I open {chest:the}?" {hero} asked.|
            There {hero} told {helper:n} about {chest:the}.|
            "I found {English.WithArticle(chest.Noun)} {place:in}, but it is locked," {hero} told {helper:n}.
            """);
        Say($"""
            "I hid the key long ago," said {helper}. "It is {keySpot}, {keySpot.Place:in}."|
            {helper} (laughed|smiled). "You need the key," {helper:he} said. "Look {keySpot} {keySpot.Place:in}."|
            "The key? I left it {keySpot} {keySpot.Place:in}, many years ago," {helper} said.
            """);
        Fetch(hero, key);
        Paragraph();
        Go(hero, place);
        OpenChest(hero, chest, key, prize);
        if (Rng.Chance(75))
        {
            Go(hero, World.PlaceOf(helper));
            Hail(hero, helper);
            Say($"{hero} showed {prize:the} to {helper:o}.|\"Look what I found!\" {hero} said to {helper:n}.");
            Say($"\"{prize:that} {prize:was} mine when I was (a child|as old as you),\" said {helper}.|\"Oh, {prize:my}!\" cried {helper}. \"I thought that I had lost {prize:them}.\"");
            Do(new Gave(hero, helper, prize) { Told = false });
            Do(new Gave(helper, hero, prize));
            Say($"\"You may keep {prize:them},\" {helper} said.|{helper} (held {prize:them} for a while and then |)gave {prize:them} to {hero:n}. \"Now {prize:it} {prize:is} yours,\" {helper:he} said.");
        }

        Feel(hero, Rng.Pick(["happy", "proud", "thankful"]));
        Close(hero, $"{hero:n} put the key (on a string|into {hero:his} pocket) and kept it (forever|for many years).|From then on {chest:the} was {hero:np} (secret|favorite) place for special things.|{hero:n} {Used(prize)} until (evening|bedtime).");
    }

    private void Fetch(Person hero, Thing key)
    {
        var spot = World.SpotOf(key)!;
        Go(hero, spot.Place);
        MissSome(hero, key, spot.Place, Rng.Below(2));
        Do(new Found(hero, key, spot));
        Say($"""
            {hero} looked {spot}. There was {key:a}!|
            {hero} felt with one hand {spot} and pulled out {key:a}.|
            It was just as {hero:n} had been told: {spot} lay {key:a}. {hero} took {key:them}.
            """);
    }

    private void OpenChest(Person hero, Spot chest, Thing key, Thing prize)
    {
        Do(new Unlocked(hero, chest, key));
        Say($"""
            {hero} put {key:the} into the lock and turned it. Click! {chest:the} opened.|
            With {key:the} {hero} opened {chest:the}.|
            The key was (stiff|hard to turn), but at last {chest:the} opened.
            """);
        Do(new Took(hero, prize, chest));
        Say($"Inside lay {prize:a}. {hero} took {prize:them} out (very |)carefully.|{hero} looked inside and took out {prize:a}.|And what was in it? It was {prize:a}! {hero} took {prize:them} out.");
    }
}
