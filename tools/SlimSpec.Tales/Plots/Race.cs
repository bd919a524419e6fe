namespace SlimSpec.Tales;

/// <summary>A race with a prize, and a fall that asks what matters more.</summary>
public sealed class Race(Rng rng) : Stage(rng)
{
    /// <inheritdoc/>
    public override void Play()
    {
        var places = PlacesBut(Places.Village.Where(village => !village.Indoors));
        var (start, goal) = (places[0], places[1]);
        var hero = EnterChild(start);
        Open(hero);
        var friend = EnterChild(start, hero);
        Befriend(hero, friend);
        var third = EnterChild(start, friend);
        var judge = EnterWorker(goal);
        var prize = New(Rng.Pick([.. ThingKind.All.Where(kind => kind.Noun is "badge" or "cake" or "kite" or "drum" or "coin" or "ribbon" or "bell" or "ball" or "watch" or "pie")]));
        Do(new Holds(judge, prize));
        Do(new Owns(judge, prize) { Told = false });
        Say($"That day there was a race from {start} {goal:to}. The prize was {prize:a}.|Everybody talked about the race {goal:to}. {judge:n} had {prize:a} for the winner.");
        Say($"{third:n}, {third:intro}, wanted to run, too.|Beside them stood {third:n}, {third:intro}.");
        Say($"\"I am going to win,\" said {hero}.|\"May the best one win,\" said {friend}.|{hero} had (practiced for weeks|not slept all night).");
        Paragraph();
        Say($"\"Ready, steady, go!\" (called a voice|somebody shouted). They all began to run.|A whistle blew, and off they went.");
        var runners = Rng.Shuffled([hero, friend, third]);
        Say($"At first {runners[0]:n} was ahead, then {runners[1]:n}.|{runners[0]:n} was the fastest, and {runners[1]:n} came right behind.");
        var (winner, helper, fallen) = Fall(hero, friend, third);
        foreach (var runner in (Person[])[winner, helper, fallen])
        {
            Do(new Went(runner, goal));
        }

        Say(winner == helper
            ? (Line)$"In the end {winner:n} came {goal:to} first, and {fallen:n} came last."
            : $"{winner:n} came {goal:to} first. {helper:n} and {fallen:n} came last, but they came together.|So it was {winner:n} who was first {goal:in}. Long after came {helper:n} and {fallen:n}, arm in arm.");
        Paragraph();
        Award(judge, winner, helper, fallen, prize);
        Close(hero, $"\"(A friend is worth more than a prize|Next year we will run again),\" said {helper:n}.|{fallen:n} never forgot what {helper:n} had done.|Everybody talked about it for a long time.");
    }

    private (Person Winner, Person Helper, Person Fallen) Fall(Person hero, Person friend, Person third)
    {
        var helper = Is(hero, "proud") || Is(hero, "greedy") ? friend : hero;
        var fallen = helper == hero ? friend : hero;
        Say($"Then {fallen:n} (tripped over a stone|slipped in the mud|fell over a root) and hurt {fallen:his} (knee|foot).|Suddenly {fallen:n} cried out and fell. {fallen:his} foot hurt.");
        Say($"{helper:n} (saw it and stopped|turned around at once|could have won, but {helper:he} stopped). \"Take my hand,\" {helper:he} said.|{helper:n} stopped. \"Can you stand up?\" {helper:he} asked and held out a hand.");
        Hail(helper, fallen);
        Say($"\"Run on, or you will lose!\" said {fallen:n}. \"(I do not mind|Never mind the prize),\" {helper:n} answered.|{third:n} ran by without a look.|{third:n} ran on.");
        return (third, helper, fallen);
    }

    private void Award(Person judge, Person winner, Person helper, Person fallen, Thing prize)
    {
        Hail(judge, winner);
        if (Rng.Chance(45))
        {
            Do(new Gave(judge, winner, prize));
            Say($"{judge} gave {prize:the} to {winner:n}. \"You ran well,\" {judge:he} said.");
            Say($"\"But the (bravest|kindest) of you is {helper},\" {judge} said, and everybody clapped.");
            Feel(winner, "proud");
        }
        else
        {
            Do(new Gave(judge, helper, prize));
            Say($"{judge} had seen it all. \"{winner} was first,\" {judge:he} said. \"But {prize:the} {prize:is} for {helper}.\" And {judge:he} gave {prize:them} to {helper:n}.");
            Say($"{winner:n} looked at the ground, but then {winner:he} clapped, too.|\"That is right,\" said {winner:n}.");
        }

        Feel(helper, Rng.Pick(["happy", "proud", "surprised"]));
        Say($"\"Thank you for your help,\" said {fallen:n}.|{fallen:n} hugged {helper:n}.");
    }
}
