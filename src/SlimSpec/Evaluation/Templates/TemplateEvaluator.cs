using SlimSpec.Specs;

namespace SlimSpec;

/// <summary>
/// Says what a template says of a row, with Python's meaning of every operation. Values are null, bool, long, double, string, lists and
/// mappings from names.
/// </summary>
/// <param name="row">The row's fields.</param>
internal sealed class TemplateEvaluator(IReadOnlyDictionary<string, object?> row)
{
    private const string Whole = "doc";

    /// <summary>A template's value: that of its one expression, or text.</summary>
    /// <exception cref="TemplateException">It has none for this row.</exception>
    public object? Value(Template template) => template.Parts is [{ Expression: { } only }]
        ? Value(only)
        : string.Concat(template.Parts.Select(part => part.Expression is { } expression ? TemplateValues.Text(Value(expression)) : part.Source));

    private object? Value(TemplateExpression expression) => expression switch
    {
        TemplateConstant constant => constant.Value,
        TemplateField { Name: Whole } when !row.ContainsKey(Whole) => row,
        TemplateField field => Member(row, field.Name, field.At),
        TemplateList list => list.Items.Select(Value).ToArray(),
        TemplateMember member => Member(Value(member.Target), member.Name, member.At),
        TemplateIndex index => Item(Value(index.Target), Value(index.Index), index.At),
        TemplateSlice slice => Slice(Value(slice.Target), slice),
        TemplateCall call => TemplateFunctions.Method(call.Method, Value(call.Target), Values(call.Arguments), call.At),
        TemplateFilter filter => TemplateFunctions.Filter(filter.Filter, Value(filter.Target), Values(filter.Arguments), filter.At),
        TemplateUnary { Operator: "not" } not => !TemplateValues.IsTrue(Value(not.Operand)),
        TemplateUnary minus => TemplateArithmetic.Negate(Value(minus.Operand), minus.At),
        TemplateBinary { Operator: "and" } and => Value(and.Left) is var left && TemplateValues.IsTrue(left) ? Value(and.Right) : left,
        TemplateBinary { Operator: "or" } or => Value(or.Left) is var left && TemplateValues.IsTrue(left) ? left : Value(or.Right),
        TemplateBinary binary => TemplateArithmetic.Apply(binary.Operator, Value(binary.Left), Value(binary.Right), binary.At),
        TemplateCondition condition => Value(TemplateValues.IsTrue(Value(condition.Test)) ? condition.Yes : condition.No),
        _ => throw new NotSupportedException($"No value of {expression.GetType()}."),
    };

    private object?[] Values(IReadOnlyList<TemplateExpression> expressions) => [.. expressions.Select(Value)];

    private static object? Member(object? target, string name, int at) => target switch
    {
        IReadOnlyDictionary<string, object?> fields => fields.TryGetValue(name, out var value) ? value : throw new TemplateException($"there is no field '{name}'", at, name, [.. fields.Keys]),
        _ => throw new TemplateException($"{TemplateValues.Describe(target)} has no field '{name}'", at),
    };

    private static object? Item(object? target, object? index, int at)
    {
        switch (target, index)
        {
            case (IReadOnlyDictionary<string, object?>, string name):
                return Member(target, name, at);
            case (IReadOnlyList<object?> list, long place):
                return list[Place(place, list.Count, at)];
            case (string text, long place):
                var points = TemplateValues.CodePoints(text);
                return points[Place(place, points.Length, at)];
            default:
                throw new TemplateException($"{TemplateValues.Describe(target)} has no item {TemplateValues.Describe(index)}", at);
        }
    }

    private static int Place(long place, int count, int at) => place >= -count && place < count
        ? (int)(place < 0 ? place + count : place)
        : throw new TemplateException($"there is no item {place} of {count}", at);

    private object? Slice(object? target, TemplateSlice slice)
    {
        var items = target switch
        {
            string text => TemplateValues.CodePoints(text),
            IReadOnlyList<object?> list => list,
            _ => throw new TemplateException($"{TemplateValues.Describe(target)} has no parts", slice.At),
        };
        var (from, to) = (Bound(slice.From, items.Count, 0), Bound(slice.To, items.Count, items.Count));
        object?[] part = from < to ? [.. items.Skip(from).Take(to - from)] : [];
        return target is string ? string.Concat(part) : part;
    }

    // As in Python, ends outside are moved inside.
    private int Bound(TemplateExpression? bound, int count, int otherwise) => (bound is null ? null : Value(bound)) switch
    {
        null => otherwise,
        long place => (int)Math.Clamp(place < 0 ? place + count : place, 0, count),
        var other => throw new TemplateException($"the end of a part must be a whole number, not {TemplateValues.Describe(other)}", bound!.At),
    };
}
