using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Gives the constants of an architecture their values: from the configuration, else their defaults.</summary>
internal sealed class ConstantReader(ArchitectureModel architecture, ConfigValues values, IReadOnlyDictionary<string, Located<int>> dimensions, Reporter report)
{
    private readonly Dictionary<string, Place> _places = [];

    /// <summary>Where each value is written; where it is not, the configuration's start.</summary>
    public Place PlaceOf(string constant) => _places.TryGetValue(constant, out var place) ? place : values.Place;

    /// <summary>The value, or null: it is wrong, which has been reported, or there is none, which is noted.</summary>
    public NamedConstant? Read(ConstantDefinition constant, List<IReadOnlyList<string>> missing)
    {
        var value = Value(constant, missing);
        return value is null ? null : new(constant.Name, constant.Key, value);
    }

    private ConstantValue? Value(ConstantDefinition constant, List<IReadOnlyList<string>> missing)
    {
        if (constant.IsPresence)
        {
            return new(null, values.Find(constant.Keys) is not null);
        }

        var use = ConstantUse.Of(constant, architecture);
        if (values.Find(constant.Keys) is { } written)
        {
            _places[constant.Name] = written.Node.Place;
            return Written(written, use);
        }

        // Null means off where off makes sense, as for transformers; elsewhere it is as good as absent.
        if (use.MayBeNull && values.IsNull(constant.Keys))
        {
            return new(null, null);
        }

        if (constant.Expression is { } expression)
        {
            return Evaluate(constant, expression, use);
        }

        if (constant.Default is null)
        {
            missing.Add(constant.Keys);
        }

        return constant.Default;
    }

    private ConstantValue? Written(ConfigValue written, ConstantUse use) => use.Kind switch
    {
        ConstantKind.Flag => new FlagType().TryRead(written.Node, written.Key, report, out var flag) ? new(null, flag) : null,
        ConstantKind.Word when use.Choices.Count > 0 => new WordType([.. use.Choices]).TryRead(written.Node, written.Key, report, out var choice) ? new(null, null, choice) : null,
        ConstantKind.Word => new TextType("a word").TryRead(written.Node, written.Key, report, out var word) ? new(null, null, word) : null,
        _ => use.Range.TryRead(written.Node, written.Key, report, out var number) ? new(number, null) : null,
    };

    private ConstantValue? Evaluate(ConstantDefinition constant, string text, ConstantUse use)
    {
        var expression = ConstantExpression.Parse(text)!;
        if (expression.Names.Any(name => !dimensions.ContainsKey(name)))
        {
            return null;
        }

        var place = expression.Names.Select(name => dimensions[name].Place).FirstOrDefault() ?? values.Place;
        _places[constant.Name] = place;
        var before = report.Count;
        var value = expression.Evaluate(name => dimensions[name].Value, (dividend, divisor) =>
            report.Add(Rules.Divisibility, place, $"{dividend} is not divisible by {divisor}, and '{constant.Key}' is {text} where it is not given"));
        if (value is { } number && use.Range.IsInside(number))
        {
            return new(number, null);
        }

        if (report.Count == before)
        {
            report.Add(Rules.OutOfRange, place, $"'{constant.Key}' must be {use.Range.Expected}, and is {text} where it is not given");
        }

        return null;
    }
}
