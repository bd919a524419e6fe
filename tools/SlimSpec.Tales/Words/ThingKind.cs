namespace SlimSpec.Tales;

/// <summary>What things are for.</summary>
public enum Sort
{
    /// <summary>Played with.</summary>
    Toy,

    /// <summary>Used for something.</summary>
    Tool,

    /// <summary>Worn.</summary>
    Clothes,

    /// <summary>Small and kept because it is pretty.</summary>
    Treasure,

    /// <summary>Eaten.</summary>
    Food,
}

/// <summary>A noun and what is done with it.</summary>
/// <param name="Noun">Kite.</param>
/// <param name="Sort">What it is for.</param>
/// <param name="Looks">Groups of adjectives in English order, separated by commas; of each group one is chosen. <c>color</c> stands for all colors, <c>size</c> for sizes, a dash for none.</param>
/// <param name="Use">What one wants to do: "fly [it]".</param>
/// <param name="Used">What one did: "flew [it]".</param>
/// <param name="Breaks">How it breaks, or empty: "the string snapped".</param>
/// <param name="Mending">How it is mended: "tied a new string to [it]".</param>
public sealed record ThingKind(string Noun, Sort Sort, string Looks, string Use, string Used, string Breaks = "", string Mending = "")
{
    private static readonly string[] Colors = ["red", "blue", "green", "yellow", "white", "black", "brown", "pink", "purple", "orange", "gray"];
    private static readonly string[] Sizes = ["little", "big", "tiny", "small", "-", "-", "-"];

    /// <summary>Spoken of as "they": boots.</summary>
    public bool Plural => Noun.EndsWith('s') && Noun is "boots" or "mittens" or "gloves" or "glasses";

    /// <summary>Small enough for a pocket.</summary>
    public bool FitsPocket => Sort == Sort.Treasure || Noun is "whistle" or "key" or "yo-yo" or "watch" or "compass" or "mittens" or "gloves" or "glasses";

    /// <summary>A thing of this kind with looks of its own.</summary>
    public Thing Make(Rng rng, bool hasNamesake = false, string? notColor = null)
    {
        List<string> words = [];
        string? color = null;
        foreach (var group in Looks.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var options = group switch { "color" => Colors, "size" => Sizes, _ => group.Split(' ') };
            var word = rng.Pick([.. options.Where(option => option != notColor)]);
            color = group == "color" ? word : color;
            if (word != "-")
            {
                words.Add(word);
            }
        }

        return new Thing(this, string.Join(' ', words), color) { HasNamesake = hasNamesake };
    }

    /// <summary>The kinds of one sort.</summary>
    public static IReadOnlyList<ThingKind> Of(Sort sort) => [.. All.Where(kind => kind.Sort == sort)];

    /// <summary>The kind with this noun.</summary>
    public static ThingKind Named(string noun) => All.First(kind => kind.Noun == noun);

    /// <summary>Every kind of thing.</summary>
    public static IReadOnlyList<ThingKind> All { get; } =
    [
        new("kite", Sort.Toy, "size,color", "fly [it]", "flew [it] high in the (sky|air)", "the string snapped", "tied a new string to [it]"),
        new("ball", Sort.Toy, "size,color", "play catch with [it]", "(threw|kicked|rolled) [it] back and forth", "the seam burst", "sewed up the seam"),
        new("doll", Sort.Toy, "old new little wooden,-", "play with [it]", "dressed [it] and combed [its] hair", "an arm came off", "sewed the arm back on"),
        new("drum", Sort.Toy, "size,color", "play [it]", "beat [it] as loudly as a storm", "the skin tore", "put a new skin on [it]"),
        new("toy boat", Sort.Toy, "size,color", "sail [it]", "sailed [it] in a (tub|bucket) of water", "the mast broke", "made a new mast from a straight stick"),
        new("toy train", Sort.Toy, "size,color", "play with [it]", "pushed [it] up and down", "a wheel came off", "put the wheel back on with a small nail"),
        new("puppet", Sort.Toy, "old new funny wooden", "put on a show with [it]", "made [it] dance and bow", "a string snapped", "tied on a new string"),
        new("whistle", Sort.Toy, "tin silver wooden", "blow [it]", "blew [it] three times", "a piece broke off", "glued the piece back on"),
        new("spinning top", Sort.Toy, "size,color", "play with [it]", "made [it] go round and round", "the tip broke off", "made a new tip"),
        new("teddy bear", Sort.Toy, "old new big small,brown white gray", "play with [it]", "hugged [it] and told [it] a story", "an ear came off", "sewed the ear back on"),
        new("wagon", Sort.Toy, "size,color", "pull [it] around", "pulled [it] up and down the path", "a wheel came off", "put the wheel back on"),
        new("yo-yo", Sort.Toy, "color", "play with [it]", "made [it] go up and down", "the string broke", "put a new string on [it]"),
        new("jump rope", Sort.Toy, "long new,color", "jump with [it]", "jumped over [it] a hundred times", "a handle came off", "glued the handle back on"),
        new("music box", Sort.Toy, "old pretty silver wooden", "listen to [it]", "listened to the song", "the little wheel inside stopped turning", "put in a little oil"),
        new("puzzle", Sort.Toy, "new big wooden", "put [it] together", "put [it] together piece by piece", "a piece snapped in two", "glued the piece together"),
        new("lantern", Sort.Tool, "old new bright,-", "light [it]", "lit [it] and held [it] up", "the glass cracked", "put in a new glass"),
        new("umbrella", Sort.Tool, "size,color", "open [it]", "opened [it] and danced around", "one side bent and tore", "bent the wire straight and sewed up the hole"),
        new("fishing rod", Sort.Tool, "long old new", "catch a fish with [it]", "threw out the line again and again", "the tip snapped off", "tied the two ends together with wire"),
        new("net", Sort.Tool, "old new long small", "catch butterflies with [it]", "waved [it] through the air", "a big hole tore in the side", "sewed up the hole"),
        new("watch", Sort.Tool, "gold silver old", "look at [it]", "listened to the ticking", "the glass cracked and the hands stopped", "put in a new glass and wound [it] up"),
        new("basket", Sort.Tool, "big small round old", "fill [it] with flowers", "filled [it] with all kinds of things", "the handle came off", "tied the handle back on with string"),
        new("spyglass", Sort.Tool, "old long brass", "look at the ships through [it]", "looked at the ships through [it]", "the glass fell out", "pressed the glass back in and glued it"),
        new("book", Sort.Tool, "thick thin old new,color", "read [it]", "read [it] from the first page to the last", "two pages tore out", "glued the pages back in"),
        new("paintbrush", Sort.Tool, "new fine soft", "paint a picture with [it]", "painted a picture of (a ship|a house|a horse) with [it]", "the handle snapped", "glued the handle"),
        new("map", Sort.Tool, "old torn secret", "follow [it]", "looked at [it] for a long time", "it tore in two", "glued it together"),
        new("compass", Sort.Tool, "old silver brass", "find the way with [it]", "watched the needle turn", "the needle came loose", "set the needle back in [its] place"),
        new("hammer", Sort.Tool, "heavy old", "build a bird house with [it]", "built a bird house with [it]", "the handle split", "put a new handle on [it]"),
        new("hat", Sort.Clothes, "size,color", "wear [it]", "put [it] on and looked in the mirror"),
        new("scarf", Sort.Clothes, "long warm soft,color", "wear [it]", "wrapped [it] twice around"),
        new("coat", Sort.Clothes, "warm new old,color", "wear [it]", "put [it] on"),
        new("cap", Sort.Clothes, "new old,color", "wear [it]", "pulled [it] down over both ears"),
        new("sweater", Sort.Clothes, "warm soft,color", "wear [it]", "put [it] on"),
        new("mittens", Sort.Clothes, "warm soft,color", "wear [it]", "put [it] on"),
        new("boots", Sort.Clothes, "new old,color", "jump in the puddles with [it]", "put [it] on"),
        new("gloves", Sort.Clothes, "thick soft,color", "wear [it]", "put [it] on"),
        new("shell", Sort.Treasure, "tiny big pretty,white pink", "hear the sea in [it]", "held [it] to one ear"),
        new("feather", Sort.Treasure, "long soft,color", "keep [it]", "threw [it] into the air"),
        new("marble", Sort.Treasure, "shiny -,color,glass", "play with [it]", "held [it] up to the light"),
        new("coin", Sort.Treasure, "gold silver shiny old", "keep [it]", "held [it] up to the light"),
        new("ring", Sort.Treasure, "gold silver thin", "wear [it]", "turned [it] in the light"),
        new("button", Sort.Treasure, "round big shiny,color", "keep [it]", "held [it] up to the light"),
        new("stone", Sort.Treasure, "smooth round,white black green", "keep [it]", "held [it] up to the light"),
        new("badge", Sort.Treasure, "shiny tin gold", "wear [it]", "pinned [it] on and stood up straight"),
        new("ribbon", Sort.Treasure, "long -,color,silk", "wear [it]", "tied [it] into a bow"),
        new("bell", Sort.Treasure, "little brass silver", "ring [it]", "rang [it] softly"),
        new("letter", Sort.Treasure, "long short secret", "read [it]", "read [it] again and again"),
        new("key", Sort.Treasure, "old rusty small heavy,iron brass silver", "try [it]", "held [it] up to the light"),
        new("apple", Sort.Food, "red green big shiny", "eat [it]", "ate [it]"),
        new("pear", Sort.Food, "big ripe yellow sweet", "eat [it]", "ate [it]"),
        new("plum", Sort.Food, "big ripe sweet purple", "eat [it]", "ate [it]"),
        new("cookie", Sort.Food, "big round sweet", "eat [it]", "ate [it]"),
        new("bun", Sort.Food, "warm sweet soft", "eat [it]", "ate [it]"),
        new("sandwich", Sort.Food, "cheese egg big", "eat [it]", "ate [it]"),
        new("carrot", Sort.Food, "big long fresh", "eat [it]", "ate [it]"),
        new("cake", Sort.Food, "chocolate lemon honey cherry big", "eat [it]", "ate [it]"),
        new("pie", Sort.Food, "apple cherry plum pumpkin big", "eat [it]", "ate [it]"),
        new("loaf of bread", Sort.Food, "warm fresh big", "eat [it]", "ate [it]"),
        new("jar of honey", Sort.Food, "big small", "eat [it]", "ate [it]"),
        new("pot of soup", Sort.Food, "big small", "eat [it]", "ate [it]"),
        new("bag of nuts", Sort.Food, "big small", "eat [it]", "ate [it]"),
    ];
}
