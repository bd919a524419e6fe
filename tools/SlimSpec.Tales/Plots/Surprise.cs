namespace SlimSpec.Tales;

/// <summary>A present is hidden until the day comes, and must not be found too soon.</summary>
public sealed class Surprise(Rng rng) : Stage(rng)
{
    /// <inheritdoc/>
    public override void Play()
    {
        var shopPlace = Places.Named(Rng.Pick(["shop", "market"]));
        var rooms = PlacesBut(Places.Home);
        var hero = EnterChild(rooms[0]);
        var dear = Rng.Chance(60) ? EnterRelative(rooms[1]) : EnterChild(rooms[1], hero);
        var seller = EnterWorker(shopPlace);
        var gift = New(Rng.Pick([.. ThingKind.All.Where(kind => kind.Sort is Sort.Toy or Sort.Clothes or Sort.Tool || kind.Noun is "ribbon" or "ring" or "bell")]));
        Do(new Holds(seller, gift) { Told = false });
        Do(new Owns(seller, gift) { Told = false });
        Open(hero);
        Say(dear.Being == Being.Child
            ? (Line)$"Soon it would be the birthday of {dear:n}, {hero:np} best friend."
            : $"Soon it would be {dear:np} birthday.|{dear:np} birthday was only two days away.");
        Say($"\"What can I give {dear}?\" {hero} thought. {hero:he} (counted {hero:his} pennies|emptied {hero:his} piggy bank).|{hero} had saved (five|seven|nine|twelve) pennies for a present.");
        Go(hero, shopPlace);
        Hail(hero, seller);
        Say($"There {hero} saw {gift:a}. \"How much?\" {hero:he} asked {seller:o}.|{seller} showed {hero:n} many things. {hero} liked {gift:a} best.");
        Do(new Gave(seller, hero, gift));
        Say($"{hero} paid, and {seller} gave {hero:him} {gift:the}.|It was just enough. {seller} wrapped {gift:them} in paper.");
        Paragraph();
        var hiding = Rng.Pick(PlacesBut(Places.Home, rooms[1], rooms[0])[0].Spots);
        Go(hero, hiding.Place);
        Hide(hero, gift, hiding);
        Say($"\"(Nobody will look there|Here it is safe),\" {hero} thought.|Nobody knew about it.");
        Paragraph();
        Danger(hero, dear, gift, hiding);
        Paragraph();
        GiveIt(hero, dear, gift, hiding);
    }

    private void Danger(Person hero, Person dear, Thing gift, Spot hiding)
    {
        var near = hiding.Place.Spots.Where(spot => spot != hiding).ToList();
        switch (Rng.Below(3))
        {
            case 0:
                Do(new Went(dear, hiding.Place));
                Hail(dear, hero);
                Say($"Then {dear:n} came in. \"I am looking for (my glasses|a hammer|some string|the cat),\" {dear:he} said and looked {Rng.Pick(near)}.|The next day {dear:n} came {hiding.Place:to} and began to (clean|sweep|tidy up).");
                Say($"{hero:np} heart beat fast. \"(I will help you|Look, what a beautiful bird outside|I think somebody is calling you)!\" {hero:he} said quickly.");
                Say($"And {dear:n} (noticed nothing|did not look {hiding}).");
                break;
            case 1:
                var other = hiding;
                while (other == hiding)
                {
                    other = Rng.Pick(hiding.Place.Spots);
                }

                Say($"But that night {hero} could not sleep. Was it a good hiding place?");
                Do(new Took(hero, gift, hiding));
                Do(new Hid(hero, gift, other));
                Say($"{hero:he} took {gift:the} {hiding:from} and hid {gift:them} {other}.");
                break;
            default:
                Go(hero, World.PlaceOf(dear));
                Hail(dear, hero);
                Say($"\"What have you been doing {hiding.Place:in}?\" asked {dear:n}. \"(Nothing|I was only playing|I was looking for spiders),\" said {hero:n} and turned red.|\"You look as if you had a secret,\" said {dear:n}. {hero:n} (bit {hero:his} tongue|said nothing).");
                break;
        }
    }

    private void GiveIt(Person hero, Person dear, Thing gift, Spot hiding)
    {
        Say($"At last the (great |)day came.|(Two days later|On the morning of the birthday) everybody was up early.|Then it was the day of the birthday.");
        Go(hero, hiding.Place);
        Take(hero, gift);
        if (World.PlaceOf(dear) == hiding.Place)
        {
            Say($"{dear:n} was there, too.");
        }

        Go(hero, World.PlaceOf(dear));
        Hail(hero, dear);
        Say($"\"Happy birthday, {dear}!\" {hero} (said|called).|{hero} sang a birthday song for {dear:n}.");
        Give(hero, dear, gift);
        Feel(dear, Rng.Pick(["happy", "surprised"]));
        Maybe(50, $"{dear:n} {Line.Of(gift.Kind.Used, gift)} at once.");
        Feel(hero, Rng.Pick(["happy", "proud"]));
        Close(hero, $"\"(So that was your secret|It is just what I wished for)!\" said {dear:n}.|There was cake for everybody.|It is hard to keep a secret, but {hero:n} had done it.");
    }
}
