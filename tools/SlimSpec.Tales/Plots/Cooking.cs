namespace SlimSpec.Tales;

/// <summary>Something is to be cooked, and what it needs must be fetched from all over the village.</summary>
public sealed class Cooking(Rng rng) : Stage(rng)
{
    private static readonly (string Dish, string[] Needs)[] Dishes =
    [
        ("apple pie", ["apple", "jar of honey", "bag of flour"]),
        ("plum pie", ["plum", "bag of sugar", "bag of flour"]),
        ("carrot soup", ["carrot", "onion", "bottle of milk"]),
        ("honey cake", ["jar of honey", "egg", "bag of flour"]),
        ("nut cake", ["bag of nuts", "egg", "bag of sugar"]),
        ("pear cake", ["pear", "egg", "bottle of milk"]),
        ("pumpkin soup", ["pumpkin", "onion", "bottle of milk"]),
    ];

    private static readonly Dictionary<string, string[]> Sources = new()
    {
        ["apple"] = ["orchard", "market"],
        ["plum"] = ["orchard", "market"],
        ["pear"] = ["orchard", "garden"],
        ["carrot"] = ["garden", "market"],
        ["onion"] = ["garden", "cellar"],
        ["pumpkin"] = ["meadow", "market"],
        ["jar of honey"] = ["shop", "cellar"],
        ["bag of flour"] = ["mill", "bakery"],
        ["bag of sugar"] = ["shop", "market"],
        ["egg"] = ["barn", "market"],
        ["bottle of milk"] = ["barn", "shop"],
        ["bag of nuts"] = ["forest", "shop"],
    };

    /// <inheritdoc/>
    public override void Play()
    {
        var kitchen = Places.Named("kitchen");
        var hero = EnterChild(kitchen);
        var cook = EnterRelative(kitchen);
        var (dish, needs) = Rng.Pick(Dishes);
        Open(hero);
        Say($"\"(Let us make|Shall we make|Today we make) {Article(dish)}(!|, you and I!)\" said {cook:n}.|{cook:n} wanted to make {Article(dish)}.|{hero} and {cook:n} wanted to make {Article(dish)} for (supper|a party|Sunday).");
        var parts = Rng.Shuffled(needs).Select(need => new Thing(new ThingKind(need, Sort.Food, "", "", ""), "", null)).Take(Rng.Chance(70) ? 2 : 3).ToList();
        Hail(cook, hero);
        var list = string.Join(", ", parts.Take(parts.Count - 1).Select(part => English.WithArticle(part.Kind.Noun))) + " and " + English.WithArticle(parts[^1].Kind.Noun);
        Say($"\"We (still |)need {list},\" {cook:n} said.|\"But there is something missing,\" said {cook:n}. \"We need {list}.\"|But they did not have everything. They needed {list}.");
        Say($"\"I will (get|fetch|find) everything,\" said {hero} and took a basket.|{hero} took a basket and set off.");
        foreach (var part in parts)
        {
            Paragraph();
            Fetch(hero, part);
        }

        Paragraph();
        Go(hero, kitchen);
        Bake(hero, cook, dish, parts);
    }

    private static string Article(string dish) => dish.EndsWith("soup", StringComparison.Ordinal) ? dish : English.WithArticle(dish);

    private void Fetch(Person hero, Thing part)
    {
        var source = Places.Named(Rng.Pick(Sources[part.Kind.Noun].Where(noun => Places.Named(noun) != World.PlaceOf(hero)).ToList()));
        if (source.Worker.Length > 0 && Rng.Chance(60))
        {
            var seller = EnterWorker(source);
            Do(new Holds(seller, part) { Told = false });
            Go(hero, source);
            Hail(hero, seller);
            Say($"\"(Do you have|Can I have|Could you give me) {part:a}, please?\" {hero} asked {seller:o}.|{hero} asked {seller:o} for {part:a}.");
            Maybe(35, $"\"What will you cook?\" asked {seller}. \"(It is a secret|Something good)!\" said {hero}.|\"(First you must help me|Only if you help me),\" said {seller}. So {hero} (swept the floor|carried some boxes|fed the hens).");
            Do(new Gave(seller, hero, part));
            Say($"{seller} gave {hero:him} {part:the}.|\"Here you are,\" said {seller}, and {hero} put {part:the} in the basket.|{hero} got {part:the} from {seller:o}.");
            Maybe(30, Thanks(hero));
        }
        else
        {
            var spot = Rng.Pick(source.Spots);
            Do(new Lies(part, spot) { Told = false });
            Go(hero, source);
            MissSome(hero, part, source, Rng.Below(2));
            Do(new Found(hero, part, spot));
            Say($"{hero} found {part:a} {spot}.|{hero} looked (around|everywhere), and {spot} there was {part:a}.|There was {part:a} {spot}. {hero} put {part:them} in the basket.");
        }
    }

    private void Bake(Person hero, Person cook, string dish, List<Thing> parts)
    {
        var meal = new Thing(new ThingKind(dish, Sort.Food, "", "", ""), "", null);
        foreach (var part in parts)
        {
            Do(new Passed(hero, cook, part));
        }

        Say($"{hero} put everything on the table.|\"I have got it all!\" said {hero}.|{cook:n} looked into the basket and nodded.");
        Do(new Made(cook, meal, parts));
        Say(dish.EndsWith("soup", StringComparison.Ordinal)
            ? (Line)$"{cook} cut everything into small pieces, and {hero:n} stirred the pot.|They washed and cut everything, and soon the pot was bubbling."
            : $"{hero:n} mixed and {cook:n} stirred, and then it went into the oven.|They mixed everything in a big bowl and put it into the oven.");
        Maybe(60, $"Soon the whole house smelled of {dish}.|They waited and waited.|{hero} looked at the clock (again and again|every minute).");
        if (Rng.Chance(50))
        {
            var guest = EnterChild(World.PlaceOf(cook), hero);
            Say($"There was a knock at the door. It was {guest:n}, {hero:np} friend. \"It smells (so |very |)good here!\" {guest:he} said.|{guest:n}, {hero:np} friend, came to eat with them.");
        }

        Do(new Ate(cook, meal));
        Say($"They ate the {dish} while it was (warm|hot).|Then they sat down and ate the {dish}.|The {dish} was (the best of the year|wonderful), and soon it was all gone.");
        Feel(hero, Rng.Pick(["happy", "proud", "tired"]));
        Close(hero, $"\"You are a good cook,\" said {cook:n}.|\"Next time I will make it by myself,\" said {hero:n}.|{hero:n} wrote down how to make {dish}.");
    }
}
