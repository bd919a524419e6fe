namespace SlimSpec.Tales;

/// <summary>The places of the village.</summary>
public static class Places
{
    /// <summary>Rooms and grounds of a home.</summary>
    public static IReadOnlyList<Place> Home { get; } =
    [
        Place.Of("kitchen", "in", true, "",
            ["in cupboard", "under table", "in top drawer", "behind stove", "in bread box", "on window sill"],
            ["The kitchen smelled of (cinnamon|fresh bread|soup).", "A pot was bubbling on the stove.", "The clock on the wall went tick, tock."]),
        Place.Of("bedroom", "in", true, "",
            ["under bed", "under pillow", "on shelf", "in closet", "behind curtain", "in toy box"],
            ["The curtains moved in the (wind|breeze).", "The bed was not made yet.", "A picture of a ship hung on the wall."]),
        Place.Of("attic", "in", true, "",
            ["in old trunk", "behind mirror", "under blanket", "in hat box", "behind chimney"],
            ["Dust danced in the light.", "Spider webs hung from the roof.", "The floor creaked at every step."]),
        Place.Of("cellar", "in", true, "",
            ["in barrel", "behind stairs", "on bottom shelf", "in coal bucket"],
            ["It was cool and dark down there.", "Water dripped somewhere.", "Rows of jars stood against the wall."]),
        Place.Of("garden", "in", false, "gardener",
            ["under rose bush", "behind pear tree", "in flower pot", "under bench", "beside fence"],
            ["Bees hummed around the flowers.", "A robin sang on the fence.", "The roses (were in bloom|smelled sweet)."]),
        Place.Of("shed", "in", false, "carpenter",
            ["behind ladder", "in bucket", "on workbench", "in tin box", "under old sack"],
            ["It smelled of wood and oil.", "Tools hung in a neat row.", "A mouse ran across the floor."]),
    ];

    /// <summary>The rest of the village.</summary>
    public static IReadOnlyList<Place> Village { get; } =
    [
        Place.Of("barn", "in", false, "farmer",
            ["in hay", "behind cart", "in feed bin", "under wagon"],
            ["The cows looked up and chewed.", "Swallows flew in and out.", "The hay smelled sweet and dry."]),
        Place.Of("shop", "in", true, "shopkeeper",
            ["on counter", "behind counter", "in wire basket", "on top shelf"],
            ["A little bell rang over the door.", "There were jars of candy in the window.", "The shelves were full of things."]),
        Place.Of("bakery", "at", true, "baker",
            ["behind flour sacks", "under counter", "in bread basket", "on tray"],
            ["The smell of warm bread filled the air.", "Rows of buns were cooling by the oven.", "Everything was white with flour."]),
        Place.Of("school", "at", true, "teacher",
            ["in desk", "on coat hook", "under chair", "behind blackboard"],
            ["There were pictures on the blackboard.", "The bell had just rung.", "The classroom was quiet."]),
        Place.Of("library", "in", true, "librarian",
            ["on tall shelf", "under reading table", "behind big clock", "in paper basket"],
            ["Everybody whispered.", "The room smelled of old paper.", "The big clock ticked slowly."]),
        Place.Of("market", "at", false, "farmer",
            ["under fruit stall", "behind cheese cart", "beside well", "in empty crate"],
            ["People were buying (cheese and eggs|fish and flowers).", "A man was selling balloons.", "It was loud and full of people."]),
        Place.Of("park", "in", false, "gardener",
            ["under swing", "in hollow tree", "on bench", "behind fountain", "in sandbox"],
            ["Children were playing on the swings.", "Pigeons walked about on the path.", "The fountain splashed."]),
        Place.Of("hill", "on", false, "",
            ["under big stone", "in long grass", "behind old oak"],
            ["From there you could see the whole village.", "The grass bent in the wind.", "Sheep were standing about like small clouds."]),
        Place.Of("river", "by", false, "sailor",
            ["under bridge", "in reeds", "behind willow", "in rowboat"],
            ["The water was clear and quick.", "A fish jumped.", "Ducks swam by in a line."]),
        Place.Of("beach", "on", false, "sailor",
            ["behind rocks", "under old boat", "in beach hut", "beside sand castle"],
            ["The waves rolled in, one after another.", "Seagulls screamed in the air.", "The sand was (warm|wet) and soft."]),
        Place.Of("harbor", "at", false, "sailor",
            ["in fishing boat", "under nets", "behind crates", "beside lighthouse"],
            ["A ship was coming in.", "It smelled of salt and fish.", "The boats rocked up and down."]),
        Place.Of("forest", "in", false, "",
            ["in hollow log", "under ferns", "behind tall pine", "in empty cabin"],
            ["A bird was singing in a tree.", "The trees were so tall that it was almost dark.", "The moss was soft and green."]),
        Place.Of("meadow", "in", false, "",
            ["behind scarecrow", "in tall grass", "under hedge", "beside gate"],
            ["Butterflies flew from flower to flower.", "Crickets sang in the grass.", "The flowers were yellow and blue."]),
        Place.Of("orchard", "in", false, "farmer",
            ["under apple tree", "in fruit basket", "behind wall", "beside ladder"],
            ["The branches were heavy with fruit.", "Wasps buzzed around the fallen plums.", "A cart stood between the trees."]),
        Place.Of("mill", "at", false, "miller",
            ["behind millstone", "in flour bin", "under stairs", "beside water wheel"],
            ["The great wheel turned round and round.", "White dust lay on everything.", "The water rushed under the wheel."]),
        Place.Of("station", "at", false, "porter",
            ["under bench", "in lost and found box", "behind ticket window", "beside clock"],
            ["A train was just leaving.", "People hurried by with their bags.", "The big clock showed (ten|three|five)."]),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Place> All { get; } = [.. Home, .. Village];

    /// <summary>The place with this noun.</summary>
    public static Place Named(string noun) => All.First(place => place.Noun == noun);
}
