namespace SlimSpec.Tales;

/// <summary>To get one thing, another must be got first: a chain of swaps.</summary>
public sealed class SwapChain(Rng rng) : Stage(rng)
{
    private static readonly Sort[] Goods = [Sort.Toy, Sort.Tool, Sort.Treasure, Sort.Clothes];

    /// <inheritdoc/>
    public override void Play()
    {
        var places = PlacesBut(Places.Village);
        var hero = EnterChild(places[0]);
        Open(hero);
        var kinds = Rng.Shuffled(ThingKind.All.Where(kind => Goods.Contains(kind.Sort) && !kind.Plural && kind.Noun is not ("key" or "letter")));
        var first = Own(hero, New(kinds[0]));
        var (second, last) = (New(kinds[1]), New(kinds[2]));
        var owner = EnterTrader(places[1], last);
        var middle = EnterTrader(places[2], second);
        Paragraph();
        Go(hero, places[1]);
        Admire(hero, owner, last, second);
        Paragraph();
        Say($"(But where could {hero:n} find {second:a}?|\"Where can I get {second:a}?\" {hero} thought.|{hero:n} did not have {second:a}.)");
        Go(hero, places[2]);
        Bargain(hero, middle, second, first);
        Swap(hero, first, middle, second);
        Paragraph();
        Go(hero, places[1]);
        Hail(hero, owner);
        Say($"\"(Look|Here), I have {second:a}!\" said {hero} to {owner:n}.|{owner} (was still there|was waiting). \"You found {second:a}!\" {owner:he} said.");
        Swap(hero, second, owner, last);
        if (Rng.Chance(35))
        {
            var dear = EnterRelative(Rng.Pick(Places.Home.Where(home => home.Indoors).ToList()));
            Go(hero, World.PlaceOf(dear));
            Say($"{dear:n} was there. It was {dear:p} birthday.|It was {dear:np} birthday.");
            Give(hero, dear, last);
            Feel(dear, "happy");
        }

        Feel(hero, Rng.Pick(["happy", "proud", "proud"]));
        Close(hero, $"""
            {hero:n} had given away {English.WithArticle(first.Description)} and got {English.WithArticle(last.Description)} in the end.|
            "(It was a good trade|Everybody got what they wanted)," {hero:n} (said|thought).|
            In the end everybody had what they wanted: {middle:n} had {first:the}, and {owner:n} had {second:the}.
            """);
    }

    private Person EnterTrader(Place place, Thing thing)
    {
        var trader = Rng.Chance(50) ? EnterWorker(place) : EnterChild(place);
        Do(new Holds(trader, thing) { Told = false });
        Do(new Owns(trader, thing) { Told = false });
        return trader;
    }

    private void Meet(Person hero, Person trader)
    {
        Hail(hero, trader);
        var child = trader.Being == Being.Child;
        Say(child
            ? (Line)$"{hero} met {trader:intro} (named|called) {trader:n} there.|{English.WithArticle(trader.Role)} (named|called) {trader:n} was there."
            : $"There {hero} met {trader}.|{trader} was standing there.|There stood {trader}.");
    }

    private void Admire(Person hero, Person owner, Thing last, Thing second)
    {
        Meet(hero, owner);
        Say($"""
            {owner} had {last:a}. {hero} (liked {last:them} at once|could not stop looking at {last:them}|had always wanted one like it).|
            In {owner:p} hands was {last:a}. "(How beautiful|I wish I had one like that)!" said {hero}.
            """);
        Say($"""
            "(May|Can) I have {last:them}?" {hero} asked. "(Only if|Yes, if) you bring me {second:a}," said {owner}. "I need (one|one very much)."|
            "I will swap {last:them} for {second:a}," said {owner}.|
            "Bring me {second:a}, and {last:it} will be yours," {owner} said.
            """);
    }

    private void Bargain(Person hero, Person middle, Thing second, Thing first)
    {
        Meet(hero, middle);
        Say($"""
            And {middle} had just what {hero:n} needed: {second:a}!|
            {hero} could hardly believe it: {middle:n} had {second:a}!|
            {middle} was holding {second:a}.
            """);
        Say($"""
            "What do you want for {second:the}?" asked {hero}. {middle} pointed at {first:the}.|
            "Will you swap {second:them} for {first:my}?" {hero} asked. (Yes, {middle:n} would.|{middle:n} nodded.|{middle:n} did not think twice.)|
            "I like {first:your}," said {middle}. "I would give {second:my} for {first:them}."
            """);
        Maybe(50, $"{hero} thought about it for a long time.|It was hard to give {first:the} away, but {hero} nodded.|\"Why not?\" said {hero}.");
    }
}
