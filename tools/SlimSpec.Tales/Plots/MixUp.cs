namespace SlimSpec.Tales;

/// <summary>Two things look the same, and each goes home with the wrong child.</summary>
public sealed class MixUp(Rng rng) : Stage(rng)
{
    /// <inheritdoc/>
    public override void Play()
    {
        var place = Places.Named(Rng.Pick(["school", "library", "park", "market", "beach", "station", "bakery"]));
        var hero = EnterChild(place);
        var friend = EnterChild(place, hero);
        var kind = Rng.Pick([.. ThingKind.All.Where(kind => kind.Noun is "coat" or "hat" or "cap" or "scarf" or "basket" or "umbrella" or "sweater" or "book")]);
        var model = kind.Make(Rng);
        var mine = new Thing(kind, model.Looks, model.Color) { TwinOf = hero };
        var yours = new Thing(kind, model.Looks, model.Color) { TwinOf = friend };
        Open(hero);
        Befriend(hero, friend);
        foreach (var (who, what) in new[] { (hero, mine), (friend, yours) })
        {
            Do(new Holds(who, what));
            Do(new Owns(who, what));
        }

        Say($"Both of them had {mine:a}.|{hero:n} had {mine:a}, and {friend:n} had one just like it.|{hero:n} and {friend:n} each had {mine:a}, and nobody could tell the two apart.");
        var spot = Rng.Pick(place.Spots);
        Do(new Put(hero, mine, spot));
        Do(new Put(friend, yours, spot));
        Say($"They put both of them {spot}.|They left them {spot}.|Side by side the two lay {spot}.");
        Say($"For a while they {Pastime(place)}.|They {Pastime(place)} together.|The two of them {Pastime(place)}.");
        Do(new Took(hero, yours, spot) { Told = false });
        Do(new Took(friend, mine, spot) { Told = false });
        var small = New(Rng.Pick([.. ThingKind.Of(Sort.Treasure).Where(treasure => treasure.Noun is not ("letter" or "key"))]));
        Do(new Holds(hero, small) { Told = false });
        Do(new Owns(friend, small) { Told = false });
        var homes = PlacesBut(Places.Home, place);
        Depart(hero, friend, homes);
        Paragraph();
        Discover(hero, friend, yours, small);
        Paragraph();
        Exchange(hero, friend, mine, yours, small, place);
    }

    private void Depart(Person hero, Person friend, List<Place> homes)
    {
        Say($"When (it was late|the bell rang|it began to rain), everybody (was in a hurry|ran home), and each took one.|Then it was time to go. They each took one and said goodbye.");
        Do(new Went(friend, homes[1]) { Told = false });
        Go(hero, homes[0]);
    }

    private void Discover(Person hero, Person friend, Thing yours, Thing small)
    {
        Say($"There {hero} found something {(yours.Kind.Sort == Sort.Clothes ? "in the lining" : "inside")}: {small:a}. \"That is not mine!\" {hero:he} said.|Something fell out: {small:a}. {hero} had never seen {small:them} before.");
        Feel(hero, Rng.Pick(["surprised", "worried"]));
        Say($"Then {hero:he} understood. This was {yours}!|\"This is not my {yours:noun}. It is {yours}!\" {hero} said.|{hero} had taken {yours} home!");
    }

    private void Exchange(Person hero, Person friend, Thing mine, Thing yours, Thing small, Place place)
    {
        if (Rng.Chance(50))
        {
            Go(hero, World.PlaceOf(friend));
            Say($"{friend:n} was there and had {mine}.|{friend:n} opened the door. \"I was just coming to see you!\" {friend:he} said.");
        }
        else
        {
            Go(hero, place);
            Do(new Went(friend, place));
            Say($"{friend:n} came running from the other side, with {mine} in {friend:his} hands.|And who was there? {friend:n}, with {mine}!");
        }

        Hail(hero, friend);
        Say($"\"I think we have mixed them up,\" said {hero}.|\"This one is yours!\" {hero} said.|Both of them began to laugh.");
        Do(new Returned(hero, friend, yours));
        Do(new Returned(friend, hero, mine));
        Say($"So {friend:n} got {yours} back, and {hero:n} had {hero:his} own {mine:noun} again.|They changed them back. Now everybody had the right one.");
        Do(new Returned(hero, friend, small));
        Say($"{hero:n} gave {friend:n} {small:the}, too.|\"And this is yours,\" said {hero}. {hero:he} gave {friend:n} {small:the}.");
        Feel(new Group(hero, friend), Rng.Pick(["happy", "thankful"]));
        Close(hero, $"That evening {hero:n} sewed a (star|button|red thread) on, so that it would not happen again.|From then on {hero:n} wrote {hero:his} name inside.|They laughed about it (for days|all week).");
    }
}
