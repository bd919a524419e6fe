namespace SlimSpec.Tales;

public abstract partial class Stage
{
    private int _interludes;

    /// <summary>Now and then something small happens at a place: company, weather, a bite to eat.</summary>
    private void Interlude(Person hero)
    {
        if (_interludes > 0 || !Rng.Chance(14))
        {
            return;
        }

        _interludes++;
        var place = World.PlaceOf(hero);
        switch (Rng.Below(place.Indoors ? 3 : 5))
        {
            case 0:
                Snack(hero);
                break;
            case 1:
                Say($"Somewhere a (dog|donkey|child) was making a great noise.|A (cat|hen|pigeon) walked by.|Far away a bell rang (two|three|four|five) times.");
                break;
            case 2:
                Courtesy(hero, place);
                break;
            case 3:
                Say(Weather switch
                {
                    "rainy" => $"The rain fell harder, and {hero:n} waited under a roof until it was over.|{hero:np} shoes were (wet|full of water) by now.|For a moment the sun came out between the clouds.",
                    "sunny" or "hot" => $"It was so warm that {hero:n} stopped to drink some water.|{hero} walked on the side where the shade was.",
                    "windy" => $"The wind almost blew {hero:n} over.|Leaves danced around {hero:np} feet.",
                    "snowy" or "cold" => $"{hero} blew on {hero:his} cold fingers.|{hero} slid over the ice (and almost fell|and laughed).",
                    "foggy" => $"In the fog {hero:n} almost walked into a (tree|wall|cow).|But slowly the sun came through.",
                    _ => $"Just then a few drops of rain fell.|It looked like rain, but it did not come.",
                });
                break;
            default:
                Say($"{hero} saw a (snail|hedgehog|frog|squirrel) on the path and (stepped around it|watched it for a while|carried it into the grass).|{hero} (sang|whistled) a song to {hero:self}.|{hero} jumped over (three|five|two) puddles.");
                break;
        }
    }

    private void Snack(Person hero)
    {
        var food = New(Rng.Pick([.. ThingKind.All.Where(kind => kind.Noun is "apple" or "pear" or "plum" or "cookie" or "bun" or "sandwich" or "carrot")]));
        Do(new Holds(hero, food) { Told = false });
        Do(new Ate(hero, food));
        Do(new Confirmed(hero, food));
        Say($"{hero} was hungry and ate {food:a}.|{hero} had {food:a} in {hero:his} pocket and ate {food:them} (up|in four bites).|First {hero:n} sat down and ate {food:a}.");
    }

    // Someone needs a hand; what the hero does shows the hero's nature.
    private void Courtesy(Person hero, Place place)
    {
        var stranger = EnterWorker(place);
        Hail(stranger, hero);
        Say($"{stranger} was carrying (a heavy box|two big bags).|{stranger} had dropped (all the eggs|a box of nails).|{stranger} could not open the (door|gate).");
        Say(hero.Trait.Word switch
        {
            "lazy" or "greedy" or "proud" => $"{hero} (looked the other way|walked by), but then {hero:he} (turned back and helped|felt bad and helped).|\"(Not now|I have no time),\" said {hero:n} and went by.",
            "shy" => $"{hero} helped without a word.|{hero} did not say anything, but {hero:he} helped.",
            "careless" => $"{hero} wanted to help and stepped on {stranger:np} foot. \"Sorry!\" {hero:he} said.",
            _ => $"{hero} helped at once. \"You are a good {hero.Role},\" said {stranger}.|\"Let me help you!\" said {hero:n}. \"Thank you, {hero},\" said {stranger}.",
        });
    }
}
