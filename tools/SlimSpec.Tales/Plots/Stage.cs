namespace SlimSpec.Tales;

/// <summary>Where a story is acted out: every act changes the world and is told. Plots derive from it.</summary>
public abstract partial class Stage
{
    private static readonly string[] Times = ["morning", "afternoon", "day", "morning", "evening"];

    /// <summary>A stage with an empty world.</summary>
    protected Stage(Rng rng)
    {
        Rng = rng;
        World = new World();
        Narrator = new Narrator(rng, World);
        Weather = rng.Pick([.. Scenery.Weather.Keys]);
        Time = rng.Pick(Times);
    }

    /// <summary>The state of the story's world.</summary>
    public World World { get; }

    /// <summary>The words so far.</summary>
    public Narrator Narrator { get; }

    /// <summary>All chance in the story.</summary>
    protected Rng Rng { get; }

    /// <summary>A key of <see cref="Scenery.Weather"/>.</summary>
    protected string Weather { get; set; }

    /// <summary>Morning, afternoon...</summary>
    protected string Time { get; set; }

    /// <summary>Acts out the story from beginning to end.</summary>
    public abstract void Play();

    /// <summary>Tells something that leaves the world as it is.</summary>
    protected void Say(Line line) => Narrator.Say(line);

    /// <summary>Tells it in some stories and not in others.</summary>
    protected void Maybe(int percent, Line line)
    {
        if (Rng.Chance(percent))
        {
            Say(line);
        }
    }

    /// <summary>Makes it happen; what is said of it is up to the caller.</summary>
    protected void Do(Happening happening) => World.Apply(happening);

    /// <summary>Begins a new paragraph.</summary>
    protected void Paragraph() => Narrator.Break();

    /// <summary>Whether a person has a trait.</summary>
    protected static bool Is(Person who, string trait) => who.Trait.Word == trait;

    /// <summary>A new person at a place.</summary>
    protected Person Enter(Person who, Place where)
    {
        Do(new Starts(who, where));
        return who;
    }

    /// <summary>A new child; three in four are not of the same sex as the other, so that pronouns are clear.</summary>
    protected Person EnterChild(Place where, Person? other = null)
    {
        var male = other is null ? Rng.Chance(50) : other.Pronoun == Pronoun.He == Rng.Chance(20);
        return Enter(People.Child(Rng, male, World.People), where);
    }

    /// <summary>A new grown-up of the family.</summary>
    protected Person EnterRelative(Place where) => Enter(People.Relative(Rng, World.People), where);

    /// <summary>Whoever works at a place; some townsman where nobody does.</summary>
    protected Person EnterWorker(Place where) =>
        Enter(People.Townsman(Rng, where.Worker.Length > 0 ? where.Worker : Rng.Pick(["gardener", "farmer", "teacher", "baker"]), World.People), where);

    /// <summary>Places without any of those given.</summary>
    protected List<Place> PlacesBut(IEnumerable<Place> places, params Place[] not) => Rng.Shuffled(places.Except(not));

    /// <summary>A thing of a kind that can be told from those already there.</summary>
    protected Thing New(ThingKind kind) => kind.Make(Rng);

    /// <summary>A thing of some sort.</summary>
    protected Thing New(params Sort[] sorts) => New(Rng.Pick(ThingKind.Of(Rng.Pick(sorts))));

    /// <summary>A thing that fits in a pocket.</summary>
    protected Thing NewSmall() => New(Rng.Pick([.. ThingKind.All.Where(kind => kind.FitsPocket && kind.Noun != "key")]));

    /// <summary>What one does with a thing: "flew it high in the air".</summary>
    protected static Line Used(Thing thing) => Line.Of(thing.Kind.Used, thing);

    /// <summary>What one wants to do with a thing: "fly it".</summary>
    protected static Line Use(Thing thing) => Line.Of(thing.Kind.Use, thing);

    /// <summary>What one wants to do with a thing that has just been named.</summary>
    protected static Line UseIt(Thing thing) => Line.Of(thing.Kind.Use.Replace("[it]", "[them]", StringComparison.Ordinal), thing);

    /// <summary>What one does at a place to pass the time.</summary>
    protected string Pastime(Place place) => Rng.Pick(Scenery.Pastimes[place.Noun]);
}
