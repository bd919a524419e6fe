namespace SlimSpec.Tales;

public abstract partial class Stage
{
    /// <summary>A person goes to a place, if not there already.</summary>
    protected void Go(Person who, Place to)
    {
        if (World.PlaceOf(who) == to)
        {
            return;
        }

        Do(new Went(who, to));
        Say(Way(who, to));
        Maybe(28, $"{Rng.Pick(to.Sights)}");
        Interlude(who);
    }

    /// <summary>People go to a place together.</summary>
    protected void Go(Group who, Place to)
    {
        if (who.Members.All(member => World.PlaceOf(member) == to))
        {
            return;
        }

        Follow(who, to);
        Say(Way(who, to));
        Maybe(28, $"{Rng.Pick(to.Sights)}");
    }

    /// <summary>Moves people without a word of its own; the caller tells it.</summary>
    protected void Follow(Group who, Place to)
    {
        foreach (var member in who.Members.Where(member => World.PlaceOf(member) != to))
        {
            Do(new Went(member, to));
        }
    }

    private static Line Way(Referent who, Place to) => to.Noun switch
    {
        "attic" => $"(Then |So |){who} climbed (up |)the (steep |)stairs to the attic.|(Then |Next |){who} went up to the attic.",
        "cellar" => $"(Then |So |){who} went down (the stairs |){to:to}.|(Slowly |Carefully |){who} climbed down {to:to}.",
        "hill" => $"(Then |So |){who} climbed (up |)the hill.|(Soon |Then |){who} walked up the hill.|{who} ran all the way up the hill.",
        "river" or "harbor" => $"(Then |So |Next |){who} (went|walked|ran) down {to:to}.|{who} followed the (path|road) down {to:to}.",
        "kitchen" or "bedroom" => $"(Then |So |){who} (went|ran|hurried) into {to}.|{who} opened the door of {to} and went in.",
        _ => $"(Then |So |Next |Soon |){who} (went|walked|hurried|ran) {to:to}.|(After that, |A little later |){who} set off for {to}.|{who} (took the path|followed the road) {to:to}.|(It was not far, and soon|Before long) {who} came {to:to}.",
    };

    /// <summary>A person takes a thing from where it lies.</summary>
    protected void Take(Person who, Thing thing)
    {
        var from = World.SpotOf(thing)!;
        Do(new Took(who, thing, from));
        Say($"{who} took {thing} {from:from}.|{who} pulled {thing} {from:from}.|(Carefully |Quickly |){who} got {thing} {from:from}.");
    }

    /// <summary>A person puts a thing down at the place.</summary>
    protected void Put(Person who, Thing thing, Spot spot)
    {
        Do(new Put(who, thing, spot));
        Say($"{who} put {thing} {spot}.|{who} laid {thing} (down |){spot}.|{who} left {thing} {spot}.");
    }

    /// <summary>A person hides a thing at the place.</summary>
    protected void Hide(Person who, Thing thing, Spot spot)
    {
        Do(new Hid(who, thing, spot));
        Say($"""
            {who} hid {thing} {spot}.|
            (Quickly |Quietly |Without a sound, ){who} hid {thing} {spot}.|
            {who} looked around. Nobody was watching. So {who:he} hid {thing} {spot}.|
            {who} found a good hiding place and put {thing} {spot}.
            """);
    }

    /// <summary>A person gives a thing away for good.</summary>
    protected void Give(Person from, Person to, Thing thing)
    {
        Do(new Gave(from, to, thing));
        Say($"""
            {from} gave {thing} to {to:o}.|
            {from} (smiled and |)gave {to:o} {thing:the}. "(It is|This is) for you," {from:he} said.|
            "(Here, take|Please take|I want you to have) {thing:the}," said {from}, and {from:he} gave {thing:them} to {to:n}.|
            {from} put {thing} into {to:np} hands. "(Keep {thing:them}|Now {thing:it} {thing:is} yours)," {from:he} said.
            """);
        Maybe(60, Thanks(to));
    }

    /// <summary>A person lends a thing.</summary>
    protected void Lend(Person from, Person to, Thing thing)
    {
        Do(new Lent(from, to, thing));
        Say($"""
            {from} lent {thing} to {to:o}.|
            "You may (use|have) {thing:my} (today|until tomorrow)," said {from}, and {from:he} handed {thing:them} to {to:n}.|
            {from} let {to:n} have {thing} for the day.|
            "(Take|You can take) {thing:my}," said {from}. "But (please |)be careful." {to:n} promised to bring {thing:them} back.
            """);
    }

    /// <summary>A person gives a thing back to its owner.</summary>
    protected void Return(Person from, Person to, Thing thing)
    {
        Do(new Returned(from, to, thing));
        Say($"""
            {from} gave {thing} back to {to:o}.|
            {from} handed {to:n} {thing:the}. "(Here you are|There you go)," {from:he} said.|
            "(I think this belongs to you|Here you are|This is yours)," said {from}, and {from:he} gave {thing} back to {to:n}.
            """);
        Maybe(60, Thanks(to));
    }

    /// <summary>Two people swap what they hold.</summary>
    protected void Swap(Person a, Thing thingOfA, Person b, Thing thingOfB)
    {
        Do(new Swapped(a, thingOfA, b, thingOfB));
        Say($"""
            So {a} gave {b:n} {thingOfA:the} and got {thingOfB:the} for {thingOfA:them}.|
            They shook hands. Now {a:n} had {thingOfB:the}, and {b:n} had {thingOfA:the}.|
            "It is a deal!" said {b}. {b:he} took {thingOfA:the}, and {a:n} got {thingOfB:the}.|
            {a:n} handed over {thingOfA:the}, and {b:n} gave {a:him} {thingOfB:the}.
            """);
    }

    /// <summary>A thing breaks in somebody's hands.</summary>
    protected void Break(Person who, Thing thing)
    {
        Do(new Broke(who, thing));
        Say($"(Suddenly|But then|All at once) (there was a crack, and |){Line.Of(thing.Kind.Breaks, thing)}.|{who} (tripped|stumbled|slipped) and fell. (Crack!|Oh no!) {English.Capital(thing.Kind.Breaks)}.|(Then it happened. |){English.Capital(thing.Kind.Breaks)}.");
        Say($"{thing:the} {thing:was} broken.|Now {thing:the} {thing:was} broken.|{who} had broken {thing}.");
    }

    /// <summary>Somebody mends a thing.</summary>
    protected void Mend(Person who, Thing thing)
    {
        Do(new Mended(who, thing));
        Say($"""
            {who} {Line.Of(thing.Kind.Mending, thing)}. (Soon|Then|Now) {thing:the} {thing:was} (whole again|as good as new).|
            (Slowly and carefully|With quick fingers) {who} {Line.Of(thing.Kind.Mending, thing)}. "(There|Done)!" {who:he} said. {thing:the} {thing:was} mended.|
            {who} got to work and {Line.Of(thing.Kind.Mending, thing)}. It took a long time, but in the end {thing:the} {thing:was} mended.
            """);
    }

    /// <summary>Somebody feels something, and it shows.</summary>
    protected void Feel(Person who, string feeling)
    {
        Do(new Felt(who, feeling));
        var gesture = Scenery.Gestures.TryGetValue(feeling, out var gestures) ? Line.Of($"({gestures})", who) : $"";
        Say($"{who} (felt|was) (very |so |){feeling}.|{who} (felt|was) {feeling}. {gesture}|{gesture} {who} was {feeling}.");
    }

    /// <summary>Everybody of a group feels something.</summary>
    protected void Feel(Group who, string feeling)
    {
        foreach (var member in who.Members)
        {
            Do(new Felt(member, feeling));
        }

        Say($"{who} were (both |very |so |){feeling}.|{who} felt (very |){feeling}.");
    }
}
