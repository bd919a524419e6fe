namespace SlimSpec.Tales;

/// <summary>Two children want the same thing, and must find a way.</summary>
public sealed class Quarrel(Rng rng) : Stage(rng)
{
    /// <inheritdoc/>
    public override void Play()
    {
        var place = Rng.Pick(Places.Village);
        var hero = EnterChild(place);
        Open(hero);
        var friend = EnterChild(place, hero);
        Befriend(hero, friend);
        var both = new Group(hero, friend);
        var thing = New(Rng.Pick([.. ThingKind.All.Where(kind => kind.Sort == Sort.Toy)]));
        var spot = Rng.Pick(place.Spots);
        Do(new Lies(thing, spot));
        Say($"{both} saw {thing:a} {spot}.|There was {thing:a} {spot}, and {both} saw {thing:them} at the same time.");
        Do(new Took(hero, thing, spot));
        Say($"{hero:n} was faster and took {thing:them}.|{hero:n} got there first and picked {thing:them} up.");
        Hail(friend, hero);
        Say($"\"I saw {thing:them} first!\" (cried|shouted) {friend:n}. \"No, I did!\" said {hero:n}.|\"Give {thing:them} to me!\" said {friend:n}. \"No! {thing:it} {thing:is} mine now,\" {hero:n} answered.|\"{thing:it} {thing:is} mine!\" said {friend:n}. \"Mine!\" said {hero:n}.");
        Feel(friend, Rng.Pick(["angry", "sad"]));
        if (Rng.Chance(40) && thing.Kind.Breaks.Length > 0)
        {
            Say($"They pulled and pulled.|{friend:n} pulled on one side, and {hero:n} on the other.");
            Break(hero, thing);
            Feel(both, "sorry");
            Paragraph();
            Fix(hero, friend, thing, place);
        }
        else
        {
            Paragraph();
            Settle(hero, friend, thing, place);
        }

        Feel(both, Rng.Pick(["happy", "happy", "tired"]));
        Close(hero, $"It was more fun together than alone.|After that {hero:n} and {friend:n} never fought about {thing:the} again.|\"(I am sorry that I shouted|We were silly),\" said {friend:n}. \"Me too,\" said {hero:n}.");
    }

    private void Fix(Person hero, Person friend, Thing thing, Place place)
    {
        var helper = EnterWorker(place);
        Say($"{helper} had seen it all.|Just then {helper} came by.");
        AskForHelp(hero, helper);
        Do(new Passed(hero, helper, thing));
        Mend(helper, thing);
        Do(new Passed(helper, friend, thing));
        Say($"\"Now you must share {thing:them},\" said {helper}. {helper:he} gave {thing:the} to {friend:n} first.");
        Say($"So first {friend:n} {Used(thing)}, and then it was {hero:np} turn.|They took turns until the sun went down.");
    }

    private void Settle(Person hero, Person friend, Thing thing, Place place)
    {
        switch (Rng.Below(3))
        {
            case 0:
                var helper = EnterWorker(place);
                Hail(helper, hero);
                Say($"{helper} heard the noise. \"(Why do you shout so|What is going on here)?\" {helper:he} asked.");
                Say($"\"One of you has {thing:them} today, and the other tomorrow,\" said {helper}.|\"Take turns,\" {helper} said. \"That is the only way.\"");
                Do(new Passed(hero, friend, thing));
                Say($"{hero:n} thought about it. Then {hero:he} gave {thing:the} to {friend:n}. \"You can be first,\" {hero:he} said.");
                break;
            case 1:
                var other = New(ThingKind.Named(Rng.Pick(["apple", "cookie", "marble", "feather", "shell", "whistle"])));
                Do(new Holds(friend, other) { Told = false });
                Do(new Owns(friend, other) { Told = false });
                Idea(friend);
                Hail(friend, hero);
                Say($"\"I will give you {other:a} for {thing:them},\" said {friend:n}.|{friend:n} took {other:a} out of {friend:his} pocket. \"Will you swap?\" {friend:he} asked.");
                Say($"{hero:n} looked at {other:the} and nodded.|That was fair, {hero:n} thought.");
                Swap(friend, other, hero, thing);
                break;
            default:
                Say($"For a while they did not (speak|look at each other).|{friend:n} walked away and sat down alone.");
                Say($"{hero:n} {Used(thing)}. But alone it was no fun.|But alone {hero:n} had no fun.");
                Hail(hero, friend);
                Say($"\"Let us play together,\" said {hero:n}.|\"Do you want to have {thing:them} for a while?\" asked {hero:n}.");
                Do(new Passed(hero, friend, thing));
                Say($"{hero:he} gave {thing:the} to {friend:n}, and {friend:n} (smiled again|laughed again).");
                break;
        }
    }
}
