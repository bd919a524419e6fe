namespace SlimSpec.Tales;

/// <summary>Which pronouns stand for something.</summary>
public enum Pronoun
{
    /// <summary>he, him, his</summary>
    He,

    /// <summary>she, her, her</summary>
    She,

    /// <summary>it, it, its</summary>
    It,

    /// <summary>they, them, their</summary>
    They,
}

/// <summary>What a sentence can speak of.</summary>
public abstract class Referent
{
    /// <summary>The pronouns that stand for it.</summary>
    public abstract Pronoun Pronoun { get; }
}

/// <summary>What sort of being a person of a story is.</summary>
public enum Being
{
    /// <summary>A boy or a girl.</summary>
    Child,

    /// <summary>A grown-up of the hero's family: Grandma, Uncle Ned.</summary>
    Family,

    /// <summary>A grown-up with a trade: Mr. Reed the baker.</summary>
    Townsman,

    /// <summary>A named animal.</summary>
    Animal,
}

/// <summary>A person or named animal.</summary>
/// <param name="name">Anna, Grandpa, Mr. Reed, Rusty.</param>
/// <param name="male">He or she.</param>
/// <param name="being">What sort of being.</param>
/// <param name="role">Boy, girl, baker, dog.</param>
/// <param name="trait">What the person is like.</param>
public sealed class Person(string name, bool male, Being being, string role, Trait trait) : Referent
{
    /// <summary>The name that questions and speech use.</summary>
    public string Name { get; } = name;

    /// <summary>What sort of being.</summary>
    public Being Being { get; } = being;

    /// <summary>Boy, girl, baker, dog: a noun that fits after "the".</summary>
    public string Role { get; } = role;

    /// <summary>What the person is like.</summary>
    public Trait Trait { get; } = trait;

    /// <inheritdoc/>
    public override Pronoun Pronoun { get; } = male ? Pronoun.He : Pronoun.She;

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Several people who act as one.</summary>
public sealed class Group(params Person[] members) : Referent
{
    /// <summary>The people, in the order in which they are named.</summary>
    public IReadOnlyList<Person> Members { get; } = members;

    /// <inheritdoc/>
    public override Pronoun Pronoun => Pronoun.They;
}

/// <summary>An object that can be held, moved, given, broken or eaten.</summary>
/// <param name="kind">What it is.</param>
/// <param name="looks">Its adjectives in English order: little red.</param>
/// <param name="color">The one of them that is a color, or null.</param>
public sealed class Thing(ThingKind kind, string looks, string? color) : Referent
{
    /// <summary>What it is.</summary>
    public ThingKind Kind { get; } = kind;

    /// <summary>Its adjectives in English order.</summary>
    public string Looks { get; } = looks;

    /// <summary>The color among the adjectives, or null.</summary>
    public string? Color { get; } = color;

    /// <summary>Set where another thing of the story looks the same: then only the owner tells them apart.</summary>
    public Person? TwinOf { get; init; }

    /// <summary>Set where another thing of the story has the same noun: then the adjectives are always said.</summary>
    public bool HasNamesake { get; init; }

    /// <summary>Adjectives and noun.</summary>
    public string Description => Looks.Length == 0 ? Kind.Noun : $"{Looks} {Kind.Noun}";

    /// <inheritdoc/>
    public override Pronoun Pronoun => Kind.Plural ? Pronoun.They : Pronoun.It;

    /// <inheritdoc/>
    public override string ToString() => Description;
}

/// <summary>Somewhere in a place where a thing can lie: under the bed, in the blue jar.</summary>
public sealed class Spot(Place place, string preposition, string noun) : Referent
{
    /// <summary>The place that it is in.</summary>
    public Place Place { get; } = place;

    /// <summary>in, on, under, behind, beside.</summary>
    public string Preposition { get; } = preposition;

    /// <summary>Without article: old trunk.</summary>
    public string Noun { get; } = noun;

    /// <inheritdoc/>
    public override Pronoun Pronoun => Pronoun.It;

    /// <inheritdoc/>
    public override string ToString() => $"{Preposition} the {Noun}";
}

/// <summary>Somewhere that people go.</summary>
public sealed class Place(string noun, string preposition, bool indoors) : Referent
{
    /// <summary>Without article: kitchen.</summary>
    public string Noun { get; } = noun;

    /// <summary>in, at, on, by.</summary>
    public string Preposition { get; } = preposition;

    /// <summary>Under a roof.</summary>
    public bool Indoors { get; } = indoors;

    /// <summary>Where things can lie here.</summary>
    public IReadOnlyList<Spot> Spots { get; private set; } = [];

    /// <summary>Whole sentences about what there is to see.</summary>
    public IReadOnlyList<string> Sights { get; private init; } = [];

    /// <summary>The trade of whoever works here, or empty.</summary>
    public string Worker { get; private init; } = "";

    /// <inheritdoc/>
    public override Pronoun Pronoun => Pronoun.It;

    /// <summary>A place with its spots ("under bed", "in old trunk") and sights.</summary>
    public static Place Of(string noun, string preposition, bool indoors, string worker, string[] spots, string[] sights)
    {
        var place = new Place(noun, preposition, indoors) { Worker = worker, Sights = sights };
        place.Spots = [.. spots.Select(spot => spot.Split(' ', 2)).Select(part => new Spot(place, part[0], part[1]))];
        return place;
    }

    /// <inheritdoc/>
    public override string ToString() => $"the {Noun}";
}
