namespace SlimSpec.Tales;

public abstract partial class Stage
{
    /// <summary>Thanks, to whoever stands there.</summary>
    protected static Line Thanks(Person who) =>
        $"\"Thank you(| so much| very much)!\" said {who}.|\"Oh, thank you!\" {who} (cried|said).|\"(That is so kind of you|You are a true friend|How kind of you)!\" said {who}.|{who} said thank you.";

    /// <summary>One person asks another and is heard.</summary>
    protected void Hail(Person from, Person to) => Do(new Spoke(from, to));

    /// <summary>Asks for help.</summary>
    protected void AskForHelp(Person from, Person to)
    {
        Hail(from, to);
        Maybe(Is(from, "shy") || Is(from, "proud") ? 90 : 0, $"It was not easy for {from:n} to ask, but {from:he} did it.|At first {from:n} did not (dare|want) to ask.");
        Say($"\"(Can|Could|Will) you (please |)help me?\" {from} asked {to:o}.|\"(Please help me|I need your help)!\" said {from} to {to:n}.|{from} asked {to:o} for help.");
        Say($"\"(Of course|Of course I will|Let me see|I will try)!\" said {to}.|{to} nodded. \"(Let us see what we can do|That is what friends are for|We will find a way)!\" {to:he} said.|\"(Do not worry|Do not cry|Be calm),\" said {to}. \"(I will help you|We can do it together).\"");
    }

    /// <summary>Says sorry, and is forgiven.</summary>
    protected void Apologize(Person from, Person to, Line reason)
    {
        Hail(from, to);
        Say($"\"I am (so |very |)sorry,\" said {from}. \"{reason}\"|\"{reason}\" said {from} in a small voice. \"I am (so |very |)sorry.\"|{from} took a deep breath. \"{reason} I am sorry,\" {from:he} said.");
    }

    /// <summary>Forgives.</summary>
    protected static Line Forgive(Person who) =>
        $"\"(It is all right|That can happen to anybody|Never mind|I am not angry),\" said {who}. \"(Thank you for telling me|I am glad that you told the truth|We all make mistakes).\"|{who} was quiet for a moment. Then {who:he} said, \"(I forgive you|Let us forget it|Let us be friends again).\"";

    /// <summary>An idea comes.</summary>
    protected void Idea(Person who) =>
        Say($"Then {who} had (an|a good|a clever) idea.|{who} thought (hard |for a long time |for a moment |). \"I know!\" {who:he} said.|\"(Wait|I know what to do|I have an idea)!\" {who} said.|All at once {who} had an idea.");

    /// <summary>The end of a day, in one or two sentences.</summary>
    protected void Close(Person hero, Line lesson)
    {
        switch (Rng.Below(6))
        {
            case 0:
                Say(lesson);
                break;
            case 1:
                Say($"(That night|In the evening|That evening) {hero} (lay in bed and thought|told the whole story|wrote it all down|could not sleep for a long time).|When {hero:n} (fell asleep|went to bed) that night, {hero:he} (smiled|dreamed about it all).");
                Say(lesson);
                break;
            case 2:
                Say(lesson);
                Say($"It had been a (good|long|strange|wonderful) day.|And so the day ended well.|What a day it had been!|And that is the end of the story.");
                break;
            case 3:
                Say($"(Then|Soon) (it was time to go home|the stars came out|the sun went down|the lamps were lit).");
                Say(lesson);
                break;
            case 4:
                Say(lesson);
                Maybe(50, $"And they all laughed.|It was a day to remember.|{hero} never forgot that day.");
                break;
            default:
                Say(lesson);
                Say($"\"What a day!\" said {hero}.|\"(I will never forget this|This was the best day of all|Tomorrow will be a good day, too),\" {hero} said.");
                break;
        }
    }
}
