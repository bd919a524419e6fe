namespace SlimSpec.Tales;

/// <summary>An animal runs away and is found with the help of those who saw it.</summary>
public sealed class LostPet(Rng rng) : Stage(rng)
{
    private static readonly Dictionary<string, string> Food = new()
    {
        ["dog"] = "sandwich",
        ["cat"] = "sandwich",
        ["goat"] = "carrot",
        ["rabbit"] = "carrot",
        ["duck"] = "bun",
        ["hen"] = "bun",
        ["parrot"] = "bag of nuts",
        ["pony"] = "apple",
        ["donkey"] = "apple",
    };

    /// <inheritdoc/>
    public override void Play()
    {
        var home = Places.Named(Rng.Pick(["garden", "barn", "orchard", "shed"]));
        var hero = EnterChild(home);
        var pet = Enter(People.Pet(Rng), home);
        Open(hero);
        Say($"{hero} had {pet:intro} (named|called) {pet:n} who {Line.Of(pet.Trait.Habit, pet)}.|With {hero:o} was {pet:n}, {hero:his} {pet.Role}. {pet} {Line.Of(pet.Trait.Habit, pet)}.|{hero} (loved|looked after) {English.WithArticle(pet.Role)} (named|called) {pet:n}.");
        Paragraph();
        var places = PlacesBut(Places.Village.Where(village => !village.Indoors), home);
        Say($"(But one day|That day) (the gate was open|somebody left the gate open|a loud noise scared {pet:n}|the rope came loose).|Then a (cart|motor car|flock of geese) went by with a great noise.");
        Do(new Went(pet, places[0]) { Told = false });
        Say($"{pet:n} ran off, and nobody saw where {pet:he} went.|When {hero} looked around, {pet:n} was gone.|{pet:n} ran away as fast as {pet:he} could.");
        Feel(hero, Rng.Pick(["worried", "sad", "scared"]));
        var friend = Rng.Chance(50) ? EnterChild(home, hero) : null;
        Referent party = hero;
        if (friend is not null)
        {
            Befriend(hero, friend);
            AskForHelp(hero, friend);
            party = new Group(hero, friend);
        }

        Paragraph();
        Look(hero, friend, party, pet, places[1], null);
        if (Rng.Chance(40))
        {
            Look(hero, friend, party, pet, places[2], null);
        }

        Paragraph();
        Look(hero, friend, party, pet, places[3], places[0]);
        Catch(hero, friend, party, pet, places[0]);
        Travel(hero, friend, home);
        Do(new Went(pet, home));
        Say($"{party} took {pet:n} home {home:to}.|{party} went home {home:to}, and {pet:n} (walked ahead|came along|followed).");
        Feel(hero, Rng.Pick(["happy", "thankful", "tired"]));
        Close(hero, $"From then on {hero:n} always (closed|looked at) the gate.|{pet:n} (slept|ate and slept) for the rest of the day.|{hero:n} (put a bell on {pet:np} neck|tied a red ribbon around {pet:np} neck), so that {pet:he} would not get lost again.");
    }

    private void Travel(Person hero, Person? friend, Place to) =>
        Follow(friend is null ? new Group(hero) : new Group(hero, friend), to);

    private void Walk(Person hero, Person? friend, Referent party, Place to)
    {
        if (party is Group group)
        {
            Go(group, to);
        }
        else
        {
            Go(hero, to);
        }
    }

    private void Look(Person hero, Person? friend, Referent party, Person pet, Place place, Place? truth)
    {
        Walk(hero, friend, party, place);
        Say($"\"{pet}! {pet}! Where are you?\" (called|shouted) {hero:n}.|{party} called and called, but (no {pet.Role} came|nobody came).|{party} looked everywhere, but {pet:n} was not there.");
        if (truth is null && Rng.Chance(50))
        {
            return;
        }

        var witness = EnterWorker(place);
        Hail(hero, witness);
        Say($"{party} met {witness}. \"Have you seen {English.WithArticle($"{pet.Trait.Word} {pet.Role}")}?\" {hero:n} asked.|There was {witness}. \"(Please|Excuse me), did {English.WithArticle(pet.Role)} come by?\" asked {hero:n}.");
        Say(truth is null
            ? (Line)$"\"No, (I am sorry|not today|I have seen no {pet.Role}),\" said {witness}.|{witness} (shook {witness:his} head|had not seen any {pet.Role})."
            : $"\"Yes! I saw {English.WithArticle(pet.Role)} run {truth:to},\" said {witness}.|{witness} nodded. \"{pet:he} went {truth:to},\" {witness:he} said.|\"There was {English.WithArticle(pet.Role)} {truth:in} this morning,\" {witness} said.");
    }

    private void Catch(Person hero, Person? friend, Referent party, Person pet, Place place)
    {
        Walk(hero, friend, party, place);
        var spot = Rng.Pick(place.Spots);
        Say($"And there, {spot}, sat {pet:n}!|Something moved {spot}. It was {pet:n}!|There was a noise {spot}. {pet:n} looked out!");
        if (Rng.Chance(55))
        {
            var food = New(ThingKind.Named(Food[pet.Role]));
            Do(new Holds(hero, food) { Told = false });
            Say($"But {pet:he} (did not want to come|was too scared to come out). So {hero} took {food:a} out of {hero:his} bag.|{hero} had brought {food:a}. {hero:he} held {food:them} out.");
            Do(new Passed(hero, pet, food));
            Do(new Ate(pet, food));
            Do(new Confirmed(pet, food));
            Say($"{pet:n} smelled {food:the}, came closer and ate {food:them}.|Slowly {pet:n} came out and ate {food:the} (from {hero:np} hand|to the last bit).");
        }
        else
        {
            Say($"{pet:n} jumped into {hero:np} arms.|{hero} (hugged {pet:n} for a long time|stroked {pet:n} and spoke softly).|{pet:n} was (so happy|as happy as {hero:n}).");
        }
    }
}
