namespace SlimSpec.Tales;

/// <summary>Weather, pastimes and other things that fill a day without changing the world.</summary>
public static class Scenery
{
    /// <summary>Kinds of weather with what one notices of it outdoors.</summary>
    public static IReadOnlyDictionary<string, string> Weather { get; } = new Dictionary<string, string>
    {
        ["sunny"] = "The sun was shining(| brightly).|There was not a cloud in the sky.|The sky was blue.|The sun felt warm.",
        ["windy"] = "The wind blew (hard|from the sea|through the trees).|Leaves flew through the air.|The trees bent in the wind.",
        ["rainy"] = "Rain fell from a gray sky.|There were puddles everywhere.|The rain drummed on the roofs.",
        ["snowy"] = "Snow lay on all the roofs.|Everything was white and still.|Big flakes fell from the sky.",
        ["foggy"] = "The fog was as thick as milk.|You could not see very far.|The houses looked like gray shadows.",
        ["hot"] = "Even the dogs lay in the shade.|The air was hot and still.|Nobody wanted to run.",
        ["cloudy"] = "Gray clouds hung over the hills.|The sky was gray.|The clouds looked like sleeping sheep.",
        ["cold"] = "There was ice on the puddles.|You could see your breath in the air.|Smoke rose from every chimney.",
    };

    /// <summary>What one does at a place: follows "Anna" or "they".</summary>
    public static IReadOnlyDictionary<string, string[]> Pastimes { get; } = new Dictionary<string, string[]>
    {
        ["kitchen"] = ["drank a cup of (milk|tea)", "washed the cups", "ate some bread and honey"],
        ["bedroom"] = ["looked out of the window", "drew a picture of a (castle|ship|horse)", "read a story about pirates"],
        ["attic"] = ["looked at old pictures", "opened a box of old letters", "looked for old toys"],
        ["cellar"] = ["counted the jars of jam", "listened to the water", "looked for spiders"],
        ["garden"] = ["watered the flowers", "watched the (bees|butterflies)", "picked some flowers"],
        ["shed"] = ["looked at the tools", "swept the floor", "counted the nails"],
        ["barn"] = ["jumped into the hay", "stroked the (cow|horse)", "listened to the swallows"],
        ["shop"] = ["looked at all the candy", "counted some pennies", "talked to the shopkeeper"],
        ["bakery"] = ["bought (two|some fresh) buns", "watched the bread come out of the oven", "looked at the cakes"],
        ["school"] = ["did some reading", "drew with chalk", "learned a song"],
        ["library"] = ["read about (ships|stars|pirates)", "looked at a book with pictures of ships", "sat down to read"],
        ["market"] = ["looked at the balloons", "tasted some cheese", "listened to a man who sang"],
        ["park"] = ["fed the pigeons", "went on the swings", "slid down the slide", "threw leaves into the air"],
        ["hill"] = ["ran up and down", "looked at the clouds", "sat in the grass and counted sheep"],
        ["river"] = ["threw stones into the water", "watched the ducks", "jumped from stone to stone"],
        ["beach"] = ["built a sand castle", "ran away from the waves", "dug a deep hole", "looked for shells"],
        ["harbor"] = ["watched the boats", "counted the seagulls", "listened to the bells of the boats"],
        ["forest"] = ["picked some berries", "followed a squirrel", "listened to the birds"],
        ["meadow"] = ["picked flowers", "chased a butterfly", "lay in the grass"],
        ["orchard"] = ["picked up some fallen apples", "climbed a tree", "sat in the shade"],
        ["mill"] = ["watched the wheel turn", "listened to the water", "waved to the miller's cat"],
        ["station"] = ["watched the trains", "waved to the people on the train", "counted the wagons"],
    };

    /// <summary>What is found where something else was looked for.</summary>
    public static IReadOnlyList<string> Oddments { get; } =
        ["an old sock", "a spider", "a dry leaf", "a broken cup", "some dust", "a snail", "a bent nail", "a piece of string", "a beetle", "an empty bottle", "a cork", "a torn glove"];

    /// <summary>Gestures that show a feeling; [he] and [his] stand for who feels it.</summary>
    public static IReadOnlyDictionary<string, string> Gestures { get; } = new Dictionary<string, string>
    {
        ["sad"] = "[His] eyes filled with tears.|[He] wanted to cry.|[He] sat down and did not say a word.|A tear ran down [His] cheek.",
        ["worried"] = "[He] bit [his] lip.|[His] heart beat fast.|[He] walked up and down.",
        ["happy"] = "[He] smiled from ear to ear.|[He] clapped [his] hands.|[He] laughed out loud.|[He] danced around.",
        ["proud"] = "[He] stood up very straight.|[His] cheeks were red with joy.|[He] could not stop smiling.",
        ["angry"] = "[He] stamped [his] foot.|[His] face turned red.|[He] crossed [his] arms.",
        ["sorry"] = "[He] looked at the ground.|[He] could hardly speak.|[His] voice was very small.",
        ["scared"] = "[His] knees shook.|[He] held [his] breath.|[His] heart was beating like a drum.",
        ["surprised"] = "[His] mouth fell open.|[He] rubbed [his] eyes.|[He] could hardly believe it.",
        ["excited"] = "[He] could not stand still.|[He] jumped up and down.|[His] eyes shone.",
        ["thankful"] = "[He] put a hand on [his] heart.|[He] smiled warmly.",
        ["tired"] = "[He] yawned.|[His] legs felt heavy.|[He] sat down to rest.",
        ["lonely"] = "[He] sighed.|[He] looked out at the empty street.",
    };
}
