namespace SlimSpec.Tales;

public abstract partial class Stage
{
    /// <summary>Presents the hero, the day and the place, in one of several orders.</summary>
    protected void Open(Person hero)
    {
        var place = World.PlaceOf(hero);
        switch (Rng.Below(5))
        {
            case 0:
                Present(hero);
                Day(hero, place);
                break;
            case 1:
                Day(hero, place);
                Say($"{hero:n} was {hero:intro} who {Line.Of(hero.Trait.Habit, hero)}.");
                break;
            case 2:
                Present(hero);
                Maybe(50, $"(Everybody|Everyone) (knew|liked) {hero:him}.");
                Day(hero, place);
                break;
            case 3:
                Say($"\"(Wake up|Get up), {hero}!\" called (Mom|Dad|a voice from below). \"It is a {Weather} day!(| Breakfast is ready.)\"|The (rooster|church bell) woke {hero:n} early.|{hero:n} opened one eye. It was (already |){Weather} outside.");
                Say($"{hero} was {hero:intro} who {Line.Of(hero.Trait.Habit, hero)}.");
                Say($"(Soon|After breakfast|Before long|A little later) {hero} was {place:in}.");
                break;
            default:
                Day(hero, place);
                Maybe(60, $"{hero} {Pastime(place)}.");
                Maybe(50, $"{hero} was {hero:intro} who {Line.Of(hero.Trait.Habit, hero)}.");
                break;
        }
    }

    /// <summary>Presents a person who has not been told of.</summary>
    protected void Present(Person who)
    {
        var habit = Line.Of(who.Trait.Habit, who);
        Say($"""
            (Once there was|There once was|Once upon a time there was) {who:intro} (named|called) {who:n}(| who {habit}).|
            (In a (small|little|quiet) (town|village)( by the sea| near the hills| beside a river| at the edge of a forest|) (there |)lived {who:intro} (named|called) {who:n}). {who:he} {habit}.|
            {who:n} was {who:intro} who {habit}.|
            {who:n} was (very |so |){who.Trait.Word}. {who:he} {habit}.|
            This is a story about {who:intro} (named|called) {who:n}. {who:he} {habit}.
            """);
    }

    /// <summary>Says when and where the story begins.</summary>
    protected void Day(Person hero, Place place)
    {
        Say($"""
            One {Weather} {Time}, {hero} was {place:in}.|
            It was a {Weather} {Time}, and {hero} was {place:in}.|
            On a {Weather} {Time}, {hero} sat {place:in}.|
            It was {Weather} that {Time}. {hero} was {place:in}.|
            {hero} was {place:in} on a {Weather} {Time}.
            """);
        Maybe(place.Indoors ? 0 : 55, $"{Scenery.Weather[Weather]}");
        Maybe(25, $"{Rng.Pick(place.Sights)}");
    }

    /// <summary>Presents a friend who is at the same place.</summary>
    protected void Befriend(Person hero, Person friend)
    {
        var habit = Line.Of(friend.Trait.Habit, friend);
        Say($"""
            {hero:p} (best |good |)friend {friend:n} was there, too.|
            {hero:p} (best |)friend was {friend:intro} (named|called) {friend:n}. {friend} {habit}.|
            {friend:n}, {friend:intro}, was with {hero:o}.|
            {friend:n} was {hero:p} (best |)friend. {friend} {habit}.
            """);
    }

    /// <summary>Gives a person something to hold and own from the start.</summary>
    protected Thing Own(Person who, Thing thing)
    {
        Do(new Holds(who, thing));
        Do(new Owns(who, thing));
        Say($"""
            {who} had {thing:a}( that {who:he} loved very much| that {who:he} took everywhere|).|
            {who:p} favorite thing was {thing:a}.|
            In {who:p} hands {who:he} held {thing:a}, a present from (Grandpa|Grandma|Aunt May|Uncle Ned).|
            {who} had brought {thing:a} along.|
            {who} was very proud of {who:p} {thing:bare}.|
            For {who:p} birthday {who} had got {thing:a}.
            """);
        return thing;
    }
}
