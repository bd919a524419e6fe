namespace SlimSpec.Tales;

/// <summary>What a question asks for.</summary>
public enum Asks
{
    /// <summary>Who has the thing at the end.</summary>
    HolderAtEnd,

    /// <summary>Where the thing lies at the end.</summary>
    SpotAtEnd,

    /// <summary>Where somebody hid the thing.</summary>
    HidingPlace,

    /// <summary>Where somebody found the thing.</summary>
    FindingPlace,

    /// <summary>Who found the thing.</summary>
    Finder,

    /// <summary>Who broke the thing.</summary>
    Breaker,

    /// <summary>Who mended the thing.</summary>
    Mender,

    /// <summary>Who ate the thing.</summary>
    Eater,

    /// <summary>Who gave the thing away.</summary>
    Giver,

    /// <summary>Who was given the thing.</summary>
    Receiver,

    /// <summary>Who brought the thing.</summary>
    Bringer,

    /// <summary>Who lent the thing.</summary>
    Lender,

    /// <summary>What somebody got for the thing in a swap.</summary>
    Price,

    /// <summary>Whose the thing is.</summary>
    Owner,

    /// <summary>What color the thing is.</summary>
    Color,

    /// <summary>How somebody felt at the end.</summary>
    FeelingAtEnd,

    /// <summary>Where somebody went first.</summary>
    FirstJourney,

    /// <summary>Where somebody went last.</summary>
    LastJourney,
}

/// <summary>A question about a story with the answer that follows from what happened.</summary>
/// <param name="Asks">What it asks for.</param>
/// <param name="Who">The person whom it names, if any.</param>
/// <param name="What">The thing that it names, if any.</param>
/// <param name="Text">The question.</param>
/// <param name="Answer">The answer, a whole sentence.</param>
/// <param name="Key">The words of the answer that must be right.</param>
public sealed record Question(Asks Asks, Person? Who, Thing? What, string Text, string Answer, string Key);
