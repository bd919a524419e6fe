using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks <c>model:</c>: finds the architecture and the configuration, and gives every dimension and constant its value.</summary>
internal sealed class ModelChecker(ParsedFile recipe, IReadOnlyList<ParsedFile> architectures, IReadOnlyList<ParsedFile> configs, Reporter report)
{
    private const double MostParameters = 1e15;

    private readonly Dictionary<string, Located<int>> _dimensions = [];
    private readonly Dictionary<string, string> _keys = [];
    private readonly List<IReadOnlyList<string>> _missing = [];
    private MappingNode? _config;
    private string _configName = "";
    private ConfigValues _values = null!;

    /// <summary>What is known of a model: its architecture if that is right, resolved where all is known; its sizes if all of them are.</summary>
    public sealed record Result(ArchitectureModel? Architecture, ModelSizes? Sizes, EquatableArray<NamedConstant> Constants);

    /// <summary>Checks the section.</summary>
    public Result Check(Section model)
    {
        var before = report.Count;
        var hasConfig = ReadConfig(model.Get(ModelKeys.Config));
        _values = new(model, _config, _configName, report);
        if (FindArchitecture(model.Get(ModelKeys.Architecture)) is not { } architecture)
        {
            return new(null, null, default);
        }

        _values.CheckInlineKeys(ConfigKeys(architecture));
        _values.CheckConfigKeys([.. ConfigKeys(architecture), .. architecture.Requires.Select(required => required.Key)]);
        CheckModelType(architecture);
        CheckRequirements(architecture);
        if (!hasConfig)
        {
            return new(architecture, null, default);
        }

        foreach (var dimension in architecture.Dimensions)
        {
            ReadDimension(dimension);
        }

        var reader = new ConstantReader(architecture, _values, _dimensions, report);
        var constants = architecture.Constants.Select(constant => reader.Read(constant, _missing)).OfType<NamedConstant>().ToList();
        _values.ReportMissing(_missing);
        if (_dimensions.Count < architecture.Dimensions.Count || constants.Count < architecture.Constants.Count)
        {
            return new(architecture, null, default);
        }

        var resolved = GraphResolver.Resolve(architecture, _dimensions.ToDictionary(dimension => dimension.Key, dimension => dimension.Value.Value), constants);
        if (!new ResolutionChecker(architecture, resolved, reader, report).Check(model.Get(ModelKeys.Architecture).Place))
        {
            return new(architecture, null, default);
        }

        new ArithmeticChecker(resolved, _dimensions, constants, reader.PlaceOf, KeyOf, report).Check(MostParameters);
        return new(resolved, report.Count == before ? new(resolved, _dimensions) : null, new(constants));
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
            var (architecture, problems) = found[0].Architecture;
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
            var value = _values.FindInConfig(required.Key);
            if (value is not null && !(value is ScalarNode scalar && required.Accepted.Contains(ConfigScalar.Of(scalar).Text)))
            {
                var found = value is ScalarNode word ? ConfigScalar.Of(word).Text : value.Found;
                report.Add(Rules.Requirement, value.Place, $"'{required.Key}' is {Words.Shorten(found)}, but the architecture '{architecture.Name}' computes {string.Join(" or ", required.Accepted)} only");
            }
        }
    }

    private void ReadDimension(DimensionDefinition dimension)
    {
        var type = new IntegerType(1, Largest(dimension.Name));
        _keys[dimension.Name] = dimension.Key ?? dimension.Name;
        if (_values.Find(dimension.Keys) is { } found)
        {
            _keys[dimension.Name] = found.Key;
            if (type.TryRead(found.Node, found.Key, report, out var size))
            {
                _dimensions[dimension.Name] = new(size, found.Node.Place);
            }
        }
        else if (dimension.Default is { } standard)
        {
            Evaluate(dimension, standard, type);
        }
        else
        {
            _missing.Add(dimension.Keys);
        }
    }

    /// <summary>Dimensions far above any real model are refused, so that their products stay within 64 bits.</summary>
    private static int Largest(string dimension) => dimension switch
    {
        DimensionNames.Layers => 4096,
        DimensionNames.Vocabulary or DimensionNames.Positions => 16_777_216,
        _ => 1_048_576,
    };

    private void Evaluate(DimensionDefinition dimension, string standard, IntegerType type)
    {
        var expression = SizeExpression.Parse(standard)!;
        if (expression.Names.Any(name => !_dimensions.ContainsKey(name)))
        {
            return;
        }

        var place = expression.Names.Select(name => _dimensions[name].Place).FirstOrDefault() ?? _values.Place;
        var before = report.Count;
        var value = expression.Evaluate(name => _dimensions[name].Value, (dividend, divisor) =>
            report.Add(Rules.Divisibility, place, $"{Sized(dividend)} is not divisible by {Sized(divisor)}, and '{KeyOf(dimension.Name)}' is {standard} where it is not given"));
        if (value is { } size && size >= type.Minimum && size <= type.Maximum)
        {
            _dimensions[dimension.Name] = new((int)size, place);
        }
        else if (report.Count == before)
        {
            report.Add(Rules.OutOfRange, place, $"'{KeyOf(dimension.Name)}' must be {type.Expected}, and is {standard}{(value is { } found ? $" = {found.ToString(CultureInfo.InvariantCulture)}" : "")} where it is not given");
        }
    }

    /// <summary>For messages: <c>'hidden_size' 190</c>.</summary>
    private string Sized(string term) => _dimensions.TryGetValue(term, out var size) ? $"'{KeyOf(term)}' {size.Value}" : term;

    /// <summary>The key that gives a dimension: the one found, or where it would be written; without one, its name.</summary>
    private string KeyOf(string dimension) => _keys.TryGetValue(dimension, out var key) ? key : dimension;
}
