namespace SlimSpec.Tales;

/// <summary>Something must be brought to somebody, and something comes between.</summary>
public sealed class Delivery(Rng rng) : Stage(rng)
{
    private static readonly string[] Parcels = ["cake", "pie", "loaf of bread", "jar of honey", "pot of soup", "letter", "basket", "scarf", "umbrella", "book", "lantern", "bag of nuts", "watch"];

    /// <inheritdoc/>
    public override void Play()
    {
        var home = Places.Named(Rng.Pick(["kitchen", "garden", "bedroom"]));
        var hero = EnterChild(home);
        var sender = EnterRelative(home);
        var places = PlacesBut(Places.Village);
        var receiver = Enter(People.Townsman(Rng, places[0].Worker.Length > 0 ? places[0].Worker : Rng.Pick(["farmer", "gardener", "teacher"]), World.People), places[0]);
        var parcel = New(ThingKind.Named(Rng.Pick(Parcels)));
        Open(hero);
        Do(new Holds(sender, parcel));
        Do(new Owns(sender, parcel));
        Hail(sender, hero);
        Say($"{sender:n} came along with {parcel:a}.|{sender:n} had {parcel:a} in {sender:his} hands.");
        Say($"\"Please take {parcel:them} to {receiver} {places[0]:in},\" said {sender:n}. \"(And do not stop on the way|Be quick|Be careful with {parcel:them}).\"|\"Will you take {parcel:them} to {receiver} {places[0]:in}?\" {sender:n} asked.|\"{receiver} is waiting for {parcel:the} {places[0]:in},\" {sender:n} said. \"Can you bring {parcel:them}?\"");
        Do(new Passed(sender, hero, parcel));
        Say($"{hero} took {parcel:the} and set off.|\"Of course!\" said {hero}, and {hero:he} took {parcel:the}.|{hero} was proud to go all alone. {hero:he} took {parcel:the}.");
        Paragraph();
        Go(hero, places[1]);
        var left = Obstacle(hero, parcel);
        Paragraph();
        Go(hero, places[0]);
        if (left is not null)
        {
            GoBackFor(hero, receiver, parcel, left);
        }

        Hand(hero, sender, receiver, parcel);
        Feel(hero, Rng.Pick(["proud", "happy", "tired"]));
        if (Rng.Chance(40))
        {
            Go(hero, home);
            Hail(hero, sender);
            Say($"\"Did you (find {receiver}|bring {parcel:the} to {receiver})?\" asked {sender:n}. \"Yes!\" said {hero}.|{hero} told {sender:n} (everything|about the long way).");
        }

        Close(hero, $"\"(Well done|You can be proud of yourself),\" everybody said.|{hero:n} had kept {hero:his} promise.|It had been a long way, but {hero:n} had done it.");
    }

    private Spot? Obstacle(Person hero, Thing parcel)
    {
        var here = World.PlaceOf(hero);
        switch (Rng.Below(4))
        {
            case 0:
                var friend = EnterChild(here, hero);
                Hail(friend, hero);
                Befriend(hero, friend);
                Say($"\"(Come and|Let us) play!\" {friend} (called|said). {hero} (wanted to stay|could not say no).");
                var spot = Rng.Pick(here.Spots);
                Put(hero, parcel, spot);
                Say($"Then they {Pastime(here)} until (the bells rang|it was late|the sun was low).|They {Pastime(here)} and forgot the time.");
                if (Rng.Chance(Is(hero, "careful") ? 15 : 55))
                {
                    Say($"\"Oh! I must go!\" {hero} cried and ran off.|Suddenly {hero} remembered that somebody was waiting. {hero:he} ran off.");
                    return spot;
                }

                Take(hero, parcel);
                return null;
            case 1:
                Say($"But the bridge was (closed|broken), and {hero} had to (go the long way around|walk through the cold water).|But there {hero} took the wrong path and had to (turn back|ask the way).");
                Feel(hero, "tired");
                return null;
            case 2:
                Say($"{Rng.Pick(["A big dog", "A fat goose", "An angry goat"])} stood in the way (and would not let anybody pass|and looked at {parcel:the}).");
                Feel(hero, "scared");
                Say($"{hero} held {parcel:the} high and (walked on slowly|sang a song), and nothing happened.|{hero} stood still and waited until the path was free.");
                return null;
            default:
                Say($"{hero} was (hungry|tired) and {parcel:the} {parcel:was} heavy. {hero:he} (sat down to rest|wanted to turn back). But {hero:he} had promised, so {hero:he} went on.|{hero} lost a shoe in the mud. {hero:he} pulled and pulled until it came out.");
                return null;
        }
    }

    private void GoBackFor(Person hero, Person receiver, Thing parcel, Spot left)
    {
        Hail(hero, receiver);
        Say($"{receiver} looked at {hero:np} empty hands. \"(And where is|Did you not bring) {parcel:the}?\" {receiver:he} asked.|{hero} stood before {receiver:n} and saw that {hero:his} own hands were empty.");
        Say($"\"I left {parcel:them} {left} {left.Place:in}!\" said {hero}.|{hero} turned red. {parcel:the} {parcel:was} still {left} {left.Place:in}!");
        Go(hero, left.Place);
        Find(hero, parcel);
        Go(hero, World.PlaceOf(receiver));
    }

    private void Hand(Person hero, Person sender, Person receiver, Thing parcel)
    {
        Do(new Delivered(hero, receiver, parcel));
        Say($"""
            {hero} gave {receiver:n} {parcel:the}. "This is from {sender}," {hero:he} said.|
            "Here is {parcel:a} from {sender}," said {hero}, and {receiver} took {parcel:them}.|
            {receiver} was (happy|glad) to get {parcel:the} from {hero:n}.
            """);
        Say(Thanks(receiver));
        Maybe(40, $"{receiver} gave {hero:n} (a penny|a warm bun|an apple) for the way home.");
    }
}
