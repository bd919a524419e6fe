namespace SlimSpec.Tales;

/// <summary>The weather turns on somebody who is not ready for it; help is lent, and comes back another day.</summary>
public sealed class KindLoan(Rng rng) : Stage(rng)
{
    private static readonly Dictionary<string, (string[] Helps, string Plight)> Needs = new()
    {
        ["rainy"] = (["umbrella", "hat", "boots"], "(wet|soaked) to the skin"),
        ["snowy"] = (["mittens", "scarf", "coat", "boots"], "white with snow"),
        ["cold"] = (["gloves", "scarf", "coat", "sweater", "cap"], "blue with cold"),
        ["windy"] = (["scarf", "coat", "cap"], "shaking in the wind"),
        ["foggy"] = (["lantern", "whistle"], "afraid to get lost"),
        ["hot"] = (["hat", "umbrella"], "red from the sun"),
    };

    /// <inheritdoc/>
    public override void Play()
    {
        Weather = Rng.Pick([.. Needs.Keys]);
        var (helps, plight) = Needs[Weather];
        var places = PlacesBut(Places.Village.Where(village => !village.Indoors));
        var hero = EnterChild(places[0]);
        Open(hero);
        var thing = Own(hero, New(ThingKind.Named(Rng.Pick(helps))));
        Paragraph();
        var friend = EnterChild(places[1], hero);
        Go(hero, places[1]);
        Say($"There sat {friend:intro} (named|called) {friend:n}.|There {hero} met {friend:n}, {friend:intro} from the next street.");
        Say($"{friend:n} was {plight}.|\"(What is wrong|Are you all right)?\" asked {hero}. {friend:n} was {plight}.");
        Hail(friend, hero);
        Say($"\"I have no {thing:noun},\" said {friend:n}. \"(I left mine at home|I have lost mine|Mine is too old).\"|{friend:n} looked at {hero:np} {thing:noun}.");
        Say(Is(hero, "greedy") || Is(hero, "proud")
            ? (Line)$"{hero:n} (did not want to give {thing:the} away|held {thing:the} tight). But then {hero:he} looked at {friend:n} again.|\"It is mine,\" {hero} thought at first. But {hero:he} was ashamed of the thought."
            : $"{hero:n} did not think (long|twice).|{hero:n} thought for a moment.|\"That will not do,\" said {hero}.");
        Lend(hero, friend, thing);
        Say(Thanks(friend));
        var home = Places.Named(Rng.Pick(["kitchen", "bedroom"]));
        Do(new Went(friend, home));
        Say($"And {friend:n} ran home, {home:to}.|{friend:n} went home {home:to}, and now {friend:he} (was not afraid|felt much better).");
        Go(hero, places[2]);
        Say($"Now it was {hero:n} who was {plight}, but {hero:he} did not mind.|{hero} (sang|ran) to keep up {hero:his} courage.");
        Paragraph();
        Back(hero, friend, thing, home);
        Close(hero, $"That is how {hero:n} and {friend:n} became friends.|Who helps others is never alone.|From then on they met every (day|week).");
    }

    private void Back(Person hero, Person friend, Thing thing, Place home)
    {
        Say($"The next day {hero:n} (waited|looked out for {friend:n}).|Two days went by. Had {friend:n} forgotten?|On the next morning it was (sunny|dry and warm).");
        if (Rng.Chance(50))
        {
            Go(hero, home);
        }
        else
        {
            Do(new Went(friend, World.PlaceOf(hero)));
            Say($"Then {friend:n} came {World.PlaceOf(hero):to}.|And there came {friend:n}, all out of breath, {World.PlaceOf(hero):to}.");
        }

        Hail(friend, hero);
        Return(friend, hero, thing);
        if (Rng.Chance(60))
        {
            var gift = New(Rng.Pick([.. ThingKind.All.Where(kind => kind.Noun is "apple" or "cookie" or "bun" or "marble" or "shell" or "feather" or "ribbon" or "button")]));
            Do(new Holds(friend, gift) { Told = false });
            Do(new Gave(friend, hero, gift));
            Say($"{friend} had brought something else: {gift:a}. \"That is for you,\" {friend:he} said.|And {friend} gave {hero:n} {gift:a}, too.");
        }

        Feel(hero, Rng.Pick(["happy", "thankful", "surprised"]));
    }
}
