namespace SlimSpec.Tales;

/// <summary>What somebody is like. Plots read it: the careless lose things, the shy ask late, the brave climb.</summary>
/// <param name="Word">Kind, shy, brave.</param>
/// <param name="Habit">What such a person does: "liked to help [his] friends".</param>
public sealed record Trait(string Word, string Habit)
{
    /// <summary>The traits of children.</summary>
    public static IReadOnlyList<Trait> OfChildren { get; } =
    [
        new("kind", "(liked to help others|always had time for [his] friends|never walked past anybody in trouble)"),
        new("curious", "(asked questions all day long|wanted to know how everything worked|looked into every box and behind every door)"),
        new("careless", "(often forgot where [he] had put [his] things|lost something almost every week|never looked twice at anything)"),
        new("careful", "(kept all [his] things in order|thought twice before [he] did anything|never broke anything)"),
        new("brave", "(was not afraid of the dark|climbed the tallest trees|was the first to jump into cold water)"),
        new("shy", "(did not talk much|was quiet when there were many people around|hid behind [his] hands when people looked at [him])"),
        new("clever", "(always had a good idea|could solve any riddle|knew the names of all the stars)"),
        new("cheerful", "(sang from morning to night|laughed at every joke|could make anybody smile)"),
        new("lazy", "(liked to sleep until noon|did not like to work|would rather sit than stand)"),
        new("proud", "(wanted to be the best at everything|did not like to ask for help|never said sorry first)"),
        new("honest", "(always told the truth|never told a lie|said what [he] thought)"),
        new("patient", "(could wait without a word|never gave up|did everything slowly and well)"),
        new("stubborn", "(never gave up|did not like to change [his] mind|always wanted to do things [his] own way)"),
        new("greedy", "(wanted everything for [himself]|did not like to share|always took the biggest piece)"),
    ];

    /// <summary>The traits of grown-ups.</summary>
    public static IReadOnlyList<Trait> OfGrownUps { get; } =
    [
        new("friendly", "(had a smile for everybody|waved to all the children)"),
        new("grumpy", "(did not like noise|shook [his] head at everything)"),
        new("old", "(walked with a stick|had white hair|told the best stories)"),
        new("busy", "(worked from early morning|never sat down for long)"),
        new("wise", "(knew many things|always gave good advice)"),
        new("gentle", "(had a soft voice|never shouted)"),
    ];

    /// <summary>The traits of animals.</summary>
    public static IReadOnlyList<Trait> OfAnimals { get; } =
    [
        new("playful", "(chased everything that moved|never sat still)"),
        new("hungry", "(could smell food from far away|was always looking for something to eat)"),
        new("sleepy", "(slept in the sun all day|liked warm, soft places)"),
        new("naughty", "(chewed on shoes|liked to steal small things)"),
        new("little", "(had very soft ears|was not afraid of anybody)"),
    ];
}
