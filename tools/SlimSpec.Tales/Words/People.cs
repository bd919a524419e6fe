namespace SlimSpec.Tales;

/// <summary>Names and roles.</summary>
public static class People
{
    private static readonly string[] Girls =
        ["Anna", "Clara", "Ella", "Grace", "Ivy", "Kate", "Mia", "Olive", "Rosa", "Tess", "Nora", "Lucy", "Eva", "Zoe", "Maya", "Lily", "Emma", "Ruth", "Sara", "Julia"];

    private static readonly string[] Boys =
        ["Ben", "Dan", "Finn", "Hugo", "Jack", "Leo", "Noah", "Peter", "Sam", "Will", "Tom", "Max", "Oscar", "Theo", "Adam", "Paul", "Eric", "Luke", "Simon", "Henry"];

    private static readonly (string Name, bool Male)[] Family =
        [("Mom", false), ("Dad", true), ("Grandma", false), ("Grandpa", true), ("Aunt May", false), ("Uncle Ned", true)];

    private static readonly string[] Surnames = ["Reed", "Hill", "Brown", "Stone", "Gray", "Marsh", "Fox", "Wood", "Bell", "Green", "King", "Lane"];

    private static readonly (string Role, string[] Names)[] Pets =
    [
        ("dog", ["Rusty", "Biscuit", "Shadow", "Barney"]),
        ("cat", ["Misty", "Smoky", "Ginger", "Tiger"]),
        ("rabbit", ["Clover", "Snowy", "Hopper"]),
        ("goat", ["Billy", "Bramble"]),
        ("duck", ["Puddle", "Waddle"]),
        ("pony", ["Star", "Chestnut"]),
        ("donkey", ["Pepper", "Dusty"]),
        ("parrot", ["Polly", "Captain"]),
        ("hen", ["Speckle", "Henny"]),
    ];

    /// <summary>A child whose name is not taken.</summary>
    public static Person Child(Rng rng, bool male, IEnumerable<Person> taken)
    {
        var name = rng.Pick([.. (male ? Boys : Girls).Where(name => taken.All(person => person.Name != name))]);
        return new Person(name, male, Being.Child, male ? "boy" : "girl", rng.Pick(Trait.OfChildren));
    }

    /// <summary>A grown-up of the family.</summary>
    public static Person Relative(Rng rng, IEnumerable<Person> taken)
    {
        var (name, male) = rng.Pick([.. Family.Where(relative => taken.All(person => person.Name != relative.Name))]);
        return new Person(name, male, Being.Family, male ? "man" : "woman", rng.Pick(Trait.OfGrownUps));
    }

    /// <summary>A grown-up with a trade.</summary>
    public static Person Townsman(Rng rng, string role, IEnumerable<Person> taken)
    {
        var male = rng.Chance(50);
        var surname = rng.Pick([.. Surnames.Where(name => !name.Equals(role, StringComparison.OrdinalIgnoreCase) && taken.All(person => !person.Name.EndsWith(name, StringComparison.Ordinal)))]);
        return new Person($"{(male ? "Mr." : "Mrs.")} {surname}", male, Being.Townsman, role, rng.Pick(Trait.OfGrownUps));
    }

    /// <summary>A pet, of one of the roles where any are given.</summary>
    public static Person Pet(Rng rng, params string[] roles)
    {
        var (role, names) = rng.Pick([.. Pets.Where(pet => roles.Length == 0 || roles.Contains(pet.Role))]);
        return new Person(rng.Pick(names), rng.Chance(50), Being.Animal, role, rng.Pick(Trait.OfAnimals));
    }
}
