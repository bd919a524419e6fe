using System.Collections.Generic;

namespace SlimSpec.Specs;

/// <summary>An expression of a template.</summary>
/// <param name="At">Where it is in the template, from 0.</param>
internal abstract record TemplateExpression(int At);

/// <summary>A text, a whole or other number, true, false or none.</summary>
internal sealed record TemplateConstant(int At, object? Value) : TemplateExpression(At);

/// <summary>A field of the row; <c>doc</c> is the row itself.</summary>
internal sealed record TemplateField(int At, string Name) : TemplateExpression(At);

/// <summary><c>[a, b]</c>.</summary>
internal sealed record TemplateList(int At, IReadOnlyList<TemplateExpression> Items) : TemplateExpression(At);

/// <summary><c>target.name</c>.</summary>
internal sealed record TemplateMember(int At, TemplateExpression Target, string Name) : TemplateExpression(At);

/// <summary><c>target[index]</c>.</summary>
internal sealed record TemplateIndex(int At, TemplateExpression Target, TemplateExpression Index) : TemplateExpression(At);

/// <summary><c>target[from:to]</c>.</summary>
internal sealed record TemplateSlice(int At, TemplateExpression Target, TemplateExpression? From, TemplateExpression? To) : TemplateExpression(At);

/// <summary><c>target.method(...)</c>.</summary>
internal sealed record TemplateCall(int At, TemplateExpression Target, string Method, IReadOnlyList<TemplateExpression> Arguments) : TemplateExpression(At);

/// <summary><c>target | filter(...)</c>.</summary>
internal sealed record TemplateFilter(int At, TemplateExpression Target, string Filter, IReadOnlyList<TemplateExpression> Arguments) : TemplateExpression(At);

/// <summary><c>not</c> or <c>-</c>.</summary>
internal sealed record TemplateUnary(int At, string Operator, TemplateExpression Operand) : TemplateExpression(At);

/// <summary>An operator between two: arithmetic, comparison, <c>in</c>, <c>not in</c>, <c>and</c>, <c>or</c>.</summary>
internal sealed record TemplateBinary(int At, string Operator, TemplateExpression Left, TemplateExpression Right) : TemplateExpression(At);

/// <summary><c>yes if test else no</c>.</summary>
internal sealed record TemplateCondition(int At, TemplateExpression Test, TemplateExpression Yes, TemplateExpression No) : TemplateExpression(At);
