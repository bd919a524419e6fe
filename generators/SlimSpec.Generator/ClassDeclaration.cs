namespace SlimSpec.Generator;

/// <summary>How the class of a recipe is declared.</summary>
/// <param name="Namespace">Its namespace, or null for the global one.</param>
/// <param name="Modifiers">What is in front of <c>class</c>.</param>
internal sealed record ClassDeclaration(string? Namespace, string Modifiers)
{
    /// <summary>The class of a recipe that a file says.</summary>
    public static ClassDeclaration OfFile(string rootNamespace) => new(rootNamespace, "public sealed partial");

    /// <summary>The part that is added to a user's class, which says itself how accessible it is.</summary>
    public static ClassDeclaration OfClass(string? userNamespace) => new(userNamespace, "sealed partial");
}
