using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks <c>model:</c>: finds the architecture and the configuration, and gives every dimension and constant its value.</summary>
internal sealed class ModelChecker(ParsedFile recipe, IReadOnlyList<ParsedFile> architectures, IReadOnlyList<ParsedFile> configs, Reporter report)
{
    private const double MostParameters = 1e15;

    private readonly Dictionary<string, Located<int>> _dimensions = [];
    private readonly List<NamedConstant> _constants = [];
    private readonly List<string> _missing = [];
    private Section _model = null!;
    private MappingNode? _config;
    private string _configName = "";

    /// <summary>What is known of a model: its architecture if that is right, its sizes if all of them are.</summary>
    public sealed record Result(ArchitectureModel? Architecture, ModelSizes? Sizes, EquatableArray<NamedConstant> Constants);

    /// <summary>Checks the section.</summary>
    public Result Check(Section model)
    {
        _model = model;
        var before = report.Count;
        var hasConfig = ReadConfig(model.Get(ModelKeys.Config));
        if (FindArchitecture(model.Get(ModelKeys.Architecture)) is not { } architecture)
        {
            return new(null, null, default);
        }

        CheckInlineKeys(architecture);
        CheckModelType(architecture);
        CheckRequirements(architecture);
        if (!hasConfig)
        {
            return new(architecture, null, default);
        }

        foreach (var dimension in architecture.Dimensions)
        {
            ReadDimension(dimension, architecture);
        }

        foreach (var constant in architecture.Constants)
        {
            ReadConstant(constant, architecture);
        }

        ReportMissing();
        if (_dimensions.Count == architecture.Dimensions.Count)
        {
            new ArithmeticChecker(architecture, _dimensions, KeyOf(architecture), report).Check(MostParameters);
        }

        return new(architecture, report.Count == before ? new(architecture, _dimensions) : null, new(_constants));
    }

    /// <summary>Reads the configuration; false if there should be one and it cannot be read.</summary>
    private bool ReadConfig(Field<string> path)
    {
        if (!path.IsWritten)
        {
            return path.State == FieldState.Absent;
        }

        if (Paths.Find(path.Value, recipe.Source.Path, configs) is not { } file)
        {
            report.Add(Rules.MissingFile, path.Place, $"{Words.Quote(path.Value)} is neither in the spec's folder nor in one above it: it must exist and be an AdditionalFile of the build{Words.Hint(path.Value, Paths.Relative(recipe.Source.Path, configs))}");
            return false;
        }

        report.AddAll(file.Problems);
        _config = file.Root as MappingNode;
        _configName = path.Value;
        return _config is not null;
    }

    private ArchitectureModel? FindArchitecture(Field<string> name)
    {
        if (!name.IsWritten)
        {
            return null;
        }

        var named = architectures.Select(file => (File: file, Name: NameOf(file))).Where(file => file.Name is not null).ToList();
        var found = named.Where(file => file.Name == name.Value).Select(file => file.File).ToList();
        if (found.Count == 1)
        {
            var (architecture, problems) = ArchitectureChecker.Check(found[0]);
            report.AddAll(problems);
            return architecture;
        }

        var message = found.Count == 0
            ? $"no architecture file describes {Words.Quote(name.Value)}{Words.Hint(name.Value, named.Select(file => file.Name!))}"
            : $"more than one architecture file describes '{name.Value}': {string.Join(", ", found.Select(file => file.Source.Path))}";
        report.Add(Rules.Architecture, name.Place, message);
        return null;
    }

    private static string? NameOf(ParsedFile file) =>
        ((file.Root as MappingNode)?.Find(ArchitectureKeys.Name.Name) as ScalarNode)?.Text;

    private static List<string> ConfigKeys(ArchitectureModel architecture) =>
        [.. architecture.Dimensions.SelectMany(dimension => dimension.Keys), .. architecture.Constants.SelectMany(constant => constant.Keys)];

    private void CheckInlineKeys(ArchitectureModel architecture)
    {
        var keys = ConfigKeys(architecture);
        foreach (var entry in _model.Others.Where(entry => !keys.Contains(entry.Key)))
        {
            SectionDefinition.ReportUnknown(entry, "model", ModelKeys.Definition.Keys.Select(key => key.Name).Concat(keys), report);
        }
    }

    private void CheckModelType(ArchitectureModel architecture)
    {
        if (_config is null)
        {
            return;
        }

        var accepted = string.Join(", ", architecture.HuggingFace.ModelTypes);
        switch (_config.Find("model_type"))
        {
            case ScalarNode { Kind: ScalarKind.Text } type when !architecture.HuggingFace.ModelTypes.Contains(type.Text):
                report.Add(Rules.ModelType, type.Place, $"'model_type' is {Words.Quote(type.Text)}, but the architecture '{architecture.Name}' describes {accepted}");
                break;
            case null:
                report.Add(Rules.ModelType, _config.Place, $"'model_type' is missing; the architecture '{architecture.Name}' describes {accepted}");
                break;
            case { } other and not ScalarNode { Kind: ScalarKind.Text }:
                report.Add(Rules.WrongType, other.Place, $"'model_type' must be a text, found {other.Found}");
                break;
        }
    }

    private void CheckRequirements(ArchitectureModel architecture)
    {
        foreach (var required in architecture.Requires)
        {
            var value = _config?.Find(required.Key);
            if (value is not null && !(value is ScalarNode scalar && required.Accepted.Contains(ConfigScalar.Of(scalar).Text)))
            {
                var found = value is ScalarNode word ? ConfigScalar.Of(word).Text : value.Found;
                report.Add(Rules.Requirement, value.Place, $"'{required.Key}' is {Words.Shorten(found)}, but the architecture '{architecture.Name}' computes {string.Join(" or ", required.Accepted)} only");
            }
        }
    }

    /// <summary>A key's value: inline in the spec, else in the configuration. Null in JSON is as good as absent.</summary>
    private SpecNode? Find(string key)
    {
        var node = _model.Others.FirstOrDefault(entry => entry.Key == key)?.Value ?? _config?.Find(key);
        return node is ScalarNode { Kind: ScalarKind.Null } ? null : node;
    }

    private void ReadDimension(DimensionDefinition dimension, ArchitectureModel architecture)
    {
        var type = new IntegerType(1, Largest(dimension.Name));
        if (Find(dimension.Key!) is { } node)
        {
            if (type.TryRead(node, dimension.Key!, report, out var size))
            {
                _dimensions[dimension.Name] = new(size, node.Place);
            }
        }
        else if (dimension.Default is { } standard)
        {
            Evaluate(dimension, standard, type, architecture);
        }
        else
        {
            _missing.Add(dimension.Key!);
        }
    }

    /// <summary>Dimensions far above any real model are refused, so that their products stay within 64 bits.</summary>
    private static int Largest(string dimension) => dimension switch
    {
        DimensionNames.Layers => 4096,
        DimensionNames.Vocabulary or DimensionNames.Positions => 16_777_216,
        _ => 1_048_576,
    };

    private void Evaluate(DimensionDefinition dimension, string standard, IntegerType type, ArchitectureModel architecture)
    {
        var expression = SizeExpression.Parse(standard)!;
        if (expression.Names.Any(name => !_dimensions.ContainsKey(name)))
        {
            return;
        }

        var place = expression.Names.Select(name => _dimensions[name].Place).FirstOrDefault() ?? _model.Place;
        var before = report.Count;
        var value = expression.Evaluate(name => _dimensions[name].Value, (dividend, divisor) =>
            report.Add(Rules.Divisibility, place, $"{Sized(dividend, architecture)} is not divisible by {Sized(divisor, architecture)}, and '{dimension.Key}' is {standard} where it is not given"));
        if (value is { } size && size >= type.Minimum && size <= type.Maximum)
        {
            _dimensions[dimension.Name] = new((int)size, place);
        }
        else if (report.Count == before)
        {
            report.Add(Rules.OutOfRange, place, $"'{dimension.Key}' must be {type.Expected}, and is {standard}{(value is { } found ? $" = {found.ToString(CultureInfo.InvariantCulture)}" : "")} where it is not given");
        }
    }

    /// <summary>For messages: <c>'hidden_size' 190</c>.</summary>
    private string Sized(string term, ArchitectureModel architecture) =>
        _dimensions.TryGetValue(term, out var size) ? $"'{KeyOf(architecture)(term)}' {size.Value}" : term;

    private static System.Func<string, string> KeyOf(ArchitectureModel architecture) =>
        name => architecture.Dimensions.First(dimension => dimension.Name == name).Key ?? name;

    private void ReadConstant(ConstantDefinition constant, ArchitectureModel architecture)
    {
        if (Find(constant.Key) is { } node)
        {
            ReadWrittenConstant(constant, node, architecture);
        }
        else if (constant.Default is { } standard)
        {
            _constants.Add(new(constant.Name, constant.Key, standard));
        }
        else
        {
            _missing.Add(constant.Key);
        }
    }

    private void ReadWrittenConstant(ConstantDefinition constant, SpecNode node, ArchitectureModel architecture)
    {
        if (ConstantUse.Of(constant, architecture).IsFlag)
        {
            if (new FlagType().TryRead(node, constant.Key, report, out var flag))
            {
                _constants.Add(new(constant.Name, constant.Key, new(null, flag)));
            }
        }
        else if (ConstantUse.Of(constant, architecture).Range.TryRead(node, constant.Key, report, out var number))
        {
            _constants.Add(new(constant.Name, constant.Key, new(number, null)));
        }
    }

    private void ReportMissing()
    {
        if (_missing.Count == 0)
        {
            return;
        }

        var written = (_config?.Entries.Select(entry => entry.Key) ?? []).Concat(_model.Others.Select(entry => entry.Key)).ToList();
        var keys = string.Join(", ", _missing.Select(key =>
            written.Contains(key) ? $"'{key}' (it is null)"
            : Words.Nearest(key, written) is { } near ? $"'{key}' (there is {Words.Quote(near)})"
            : $"'{key}'"));
        report.Add(Rules.MissingDimension, _config?.Place ?? _model.Place, _config is null
            ? $"'model' needs {keys}, or a 'config' to read from"
            : $"{Words.Quote(_configName)} lacks {keys}");
    }
}
