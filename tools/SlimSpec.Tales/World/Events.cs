namespace SlimSpec.Tales;

/// <summary>Something that happened. A story is the telling of a list of these; replaying them gives the state of its world.</summary>
public abstract record Happening
{
    /// <summary>False for what the reader is not told (a thing that slips out of a pocket unseen).</summary>
    public bool Told { get; init; } = true;
}

/// <summary>A person is at a place when the story begins or when the person enters it.</summary>
public sealed record Starts(Person Who, Place Where) : Happening;

/// <summary>A thing comes into the story in somebody's hands.</summary>
public sealed record Holds(Person Who, Thing What) : Happening;

/// <summary>A thing comes into the story lying somewhere.</summary>
public sealed record Lies(Thing What, Spot Where) : Happening;

/// <summary>A thing belongs to somebody from the start.</summary>
public sealed record Owns(Person Who, Thing What) : Happening;

/// <summary>A spot that can be locked is locked.</summary>
public sealed record Locked(Spot What, Thing Key) : Happening;

/// <summary>A person goes to a place, with all that the person holds.</summary>
public sealed record Went(Person Who, Place Where) : Happening;

/// <summary>A person takes a thing from where it lies.</summary>
public sealed record Took(Person Who, Thing What, Spot From) : Happening;

/// <summary>A person finds a thing that was looked for, and takes it.</summary>
public sealed record Found(Person Who, Thing What, Spot From) : Happening;

/// <summary>A person looks somewhere and the thing is not there.</summary>
public sealed record Missed(Person Who, Thing What, Spot Where) : Happening;

/// <summary>A person lays a thing down.</summary>
public sealed record Put(Person Who, Thing What, Spot To) : Happening;

/// <summary>A person hides a thing.</summary>
public sealed record Hid(Person Who, Thing What, Spot To) : Happening;

/// <summary>A person loses a thing without noticing.</summary>
public sealed record Lost(Person Who, Thing What, Spot To) : Happening;

/// <summary>Wind or water carries a thing off; whoever held it holds it no more.</summary>
public sealed record Blew(Thing What, Spot To) : Happening;

/// <summary>A thing changes hands and owner.</summary>
public sealed record Gave(Person From, Person To, Thing What) : Happening;

/// <summary>A thing changes hands, not its owner.</summary>
public sealed record Lent(Person From, Person To, Thing What) : Happening;

/// <summary>A thing is handed on by somebody who need not own it; its owner stays.</summary>
public sealed record Passed(Person From, Person To, Thing What) : Happening;

/// <summary>A thing goes back to its owner's hands.</summary>
public sealed record Returned(Person From, Person To, Thing What) : Happening;

/// <summary>Two people give each other what they hold, for good.</summary>
public sealed record Swapped(Person A, Thing ThingOfA, Person B, Thing ThingOfB) : Happening;

/// <summary>A thing breaks while somebody has it.</summary>
public sealed record Broke(Person By, Thing What) : Happening;

/// <summary>A broken thing is whole again.</summary>
public sealed record Mended(Person By, Thing What) : Happening;

/// <summary>Food is eaten up.</summary>
public sealed record Ate(Person By, Thing What) : Happening;

/// <summary>Things are used up to make a new one, which the maker holds.</summary>
public sealed record Made(Person By, Thing What, IReadOnlyList<Thing> From) : Happening;

/// <summary>A locked spot is opened with its key.</summary>
public sealed record Unlocked(Person By, Spot What, Thing Key) : Happening;

/// <summary>Somebody feels something from now on.</summary>
public sealed record Felt(Person Who, string Feeling) : Happening;

/// <summary>Somebody says something to somebody at the same place.</summary>
public sealed record Spoke(Person From, Person To) : Happening;

/// <summary>The reader learns who ate a thing.</summary>
public sealed record Confirmed(Person By, Thing What) : Happening;

/// <summary>A thing is brought to somebody whose it is from now on, for somebody else.</summary>
public sealed record Delivered(Person By, Person To, Thing What) : Happening;
