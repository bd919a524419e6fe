using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Reading;

/// <summary>Reads an attribute's arguments where they are written, so that every item of an array has its own place.</summary>
internal sealed class ArgumentReader(SemanticModel model, CancellationToken cancellation)
{
    /// <summary>The argument; <paramref name="parameter"/> is the constructor's parameter at its position.</summary>
    public AttributeArgument Argument(AttributeArgumentSyntax argument, string parameter)
    {
        var name = argument.NameEquals?.Name ?? argument.NameColon?.Name;
        return new(name?.Identifier.ValueText ?? parameter, Places.Of((name ?? (SyntaxNode)argument.Expression).GetLocation()), Value(argument.Expression));
    }

    private AttributeValue Value(ExpressionSyntax expression) => expression switch
    {
        ParenthesizedExpressionSyntax { Expression: var inner } => Value(inner),
        CollectionExpressionSyntax list when list.Elements.All(element => element is ExpressionElementSyntax) =>
            List(list, list.Elements.Cast<ExpressionElementSyntax>().Select(element => element.Expression)),
        ImplicitArrayCreationExpressionSyntax { Initializer: var items } => List(expression, items.Expressions),
        ArrayCreationExpressionSyntax { Initializer: { } items } => List(expression, items.Expressions),
        _ when model.GetConstantValue(expression, cancellation) is { HasValue: true, Value: var constant } => Scalar(expression, constant),
        _ => new OtherValue(Places.Of(expression.GetLocation())),
    };

    private ListValue List(ExpressionSyntax list, IEnumerable<ExpressionSyntax> items) => new(Places.Of(list.GetLocation()), new(items.Select(Value)));

    private ScalarValue Scalar(ExpressionSyntax expression, object? constant)
    {
        var place = Places.Of(expression.GetLocation());
        var types = model.GetTypeInfo(expression, cancellation);
        return (types.ConvertedType ?? types.Type) is { TypeKind: TypeKind.Enum } words && WordOf(words, constant) is { } word
            ? new(place, word, IsText: true)
            : ScalarValue.Of(place, constant);
    }

    private static string? WordOf(ITypeSymbol words, object? constant) =>
        words.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, constant)) is { } field
            ? RecipeAttributes.Word(field.Name)
            : null;
}
