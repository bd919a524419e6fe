using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Reading;

/// <summary>A class with <c>[SlimRecipe]</c> and where it stands, without anything of the compiler's.</summary>
internal sealed record DeclaredRecipe(RecipeClass Class, ClassDeclaration Declaration);

/// <summary>From a class with <c>[SlimRecipe]</c> to its attributes as values with places.</summary>
internal static class RecipeClassReader
{
    /// <summary>The attribute to look for.</summary>
    public const string AttributeName = "SlimSpec." + RecipeAttributes.Recipe + Suffix;

    private const string Suffix = "Attribute";
    private const string LibraryNamespace = "SlimSpec";

    /// <summary>Reads the class that has the attribute.</summary>
    public static DeclaredRecipe Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        var (type, declaration) = ((INamedTypeSymbol)context.TargetSymbol, (TypeDeclarationSyntax)context.TargetNode);
        var place = Places.Of(declaration.Identifier.GetLocation());
        var attributes = new List<AttributeUse>();
        foreach (var attribute in type.GetAttributes().Where(attribute => attribute.AttributeClass?.ContainingNamespace?.ToDisplayString() == LibraryNamespace))
        {
            // A part of the class in another file has a semantic model of its own.
            if (attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) is AttributeSyntax syntax)
            {
                var model = syntax.SyntaxTree == declaration.SyntaxTree ? context.SemanticModel : context.SemanticModel.Compilation.GetSemanticModel(syntax.SyntaxTree);
                attributes.Add(Use(attribute, syntax, new(model, cancellation)));
            }
        }

        var problems = Obstacle(type, declaration, cancellation) is { } obstacle
            ? new[] { new Problem(Rules.RecipeClass.Id, place, $"{Words.Quote(type.Name)} cannot be a recipe: {obstacle}") }
            : [];
        return new(
            new(declaration.SyntaxTree.FilePath, type.Name, place, new(attributes), new(problems)),
            ClassDeclaration.OfClass(type.ContainingNamespace.IsGlobalNamespace ? null : type.ContainingNamespace.ToDisplayString(FullyEscaped)));
    }

    // Names that are keywords keep their @.
    private static SymbolDisplayFormat FullyEscaped { get; } =
        SymbolDisplayFormat.CSharpErrorMessageFormat.WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    private static AttributeUse Use(AttributeData attribute, AttributeSyntax syntax, ArgumentReader reader)
    {
        var name = attribute.AttributeClass!.Name;
        var parameters = attribute.AttributeConstructor?.Parameters.Select(parameter => parameter.Name).ToList() ?? [];
        return new(
            name.EndsWith(Suffix, System.StringComparison.Ordinal) ? name.Substring(0, name.Length - Suffix.Length) : name,
            Places.Of(syntax.Name.GetLocation()),
            new((syntax.ArgumentList?.Arguments ?? []).Select((argument, i) => reader.Argument(argument, i < parameters.Count ? parameters[i] : ""))));
    }

    /// <summary>Why the generated part cannot be added to a class, or null if it can.</summary>
    private static string? Obstacle(INamedTypeSymbol type, TypeDeclarationSyntax declaration, CancellationToken cancellation) => type switch
    {
        { IsRecord: true } => "it is a record; declare it as a partial class",
        { TypeKind: not TypeKind.Class } => "it is no class; declare it as a partial class",
        { ContainingType: { } outer } => $"it is nested in {Words.Quote(outer.Name)}; move it out",
        { IsGenericType: true } => "it is generic; a recipe has no type parameters",
        { IsStatic: true } => "it is static; remove 'static', for a recipe has one instance",
        { IsAbstract: true } => "it is abstract; remove 'abstract', for a recipe has one instance",
        { IsFileLocal: true } => "it is local to its file; remove 'file', so that its generated part can be in another one",
        _ when !declaration.Modifiers.Any(SyntaxKind.PartialKeyword) => "it is not partial; write 'partial class'",
        { BaseType: { SpecialType: not SpecialType.System_Object } baseType } when baseType.ToDisplayString() != "SlimSpec.Recipe" => $"it derives from {Words.Quote(baseType.Name)}; its generated part derives from Recipe",
        _ when type.InstanceConstructors.All(constructor => constructor.Parameters.Length > 0) => "it has no constructor without parameters, which makes its one instance",
        _ => null,
    };
}
