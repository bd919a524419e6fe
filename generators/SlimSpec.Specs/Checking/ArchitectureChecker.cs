using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks an architecture file and makes its model.</summary>
internal sealed class ArchitectureChecker
{
    private readonly Reporter _report = new();
    private readonly Dictionary<string, string> _namesInCode = [];
    private readonly List<DimensionDefinition> _dimensions = [];
    private readonly List<ConstantDefinition> _constants = [];

    private ArchitectureChecker()
    {
    }

    /// <summary>The model, or null if anything is wrong, and all that is wrong.</summary>
    public static (ArchitectureModel? Architecture, EquatableArray<Problem> Problems) Check(ParsedFile file)
    {
        var checker = new ArchitectureChecker();
        checker._report.AddAll(file.Problems);
        var model = file.Root is MappingNode root ? checker.Read(ArchitectureKeys.Definition.Read(root, "", checker._report)) : null;
        return (checker._report.Count == 0 ? model : null, checker._report.Sorted());
    }

    private ArchitectureModel Read(Section file)
    {
        var huggingFace = file.Get(ArchitectureKeys.HuggingFace).Value;
        var layer = file.Get(ArchitectureKeys.Layer).Value;
        CheckLabel(file.Get(ArchitectureKeys.Name), "architecture");
        CheckLabel(huggingFace?.Get(HuggingFaceKeys.Class) ?? default, "huggingface.class");
        ReadDimensions(file.Get(ArchitectureKeys.Dims));
        ReadConstants(file.Get(ArchitectureKeys.Constants));

        var graph = new GraphChecker(_dimensions, _constants, _report);
        var embedding = graph.ReadEmbedding(file.Get(ArchitectureKeys.Embedding));
        var prefix = layer?.Get(LayerKeys.Prefix) ?? default;
        CheckPrefix(prefix);
        var before = _report.Count;
        var nodes = layer?.Get(LayerKeys.Nodes) ?? default;
        var layerNodes = graph.ReadLayer(nodes);
        var isLayerSound = _report.Count == before && layerNodes.Count == nodes.Value?.Count;
        var units = new UnitChecker(_dimensions, layerNodes, isLayerSound, _report).Read(file.Get(ArchitectureKeys.Units));
        var head = graph.ReadHead(file.Get(ArchitectureKeys.Head));

        return new(
            file.Get(ArchitectureKeys.Name).Value,
            new(new((huggingFace?.Get(HuggingFaceKeys.ModelTypes).Value ?? []).Select(type => type.Value)), huggingFace?.Get(HuggingFaceKeys.Class).Value ?? "", null, []),
            new(_dimensions),
            new(_constants),
            null,
            new(embedding),
            prefix.Value,
            new(layerNodes),
            new(head),
            new(units),
            new((file.Get(ArchitectureKeys.Requires).Value ?? []).Select(key => new RequirementDefinition(key.Name, new(key.Value.Select(value => value.Value.Text))))));
    }

    private void ReadDimensions(Field<IReadOnlyList<NamedItem<SizeSource>>> field)
    {
        foreach (var item in field.Value ?? [])
        {
            CheckName(item.Name, item.NamePlace, "dimension");
            if (item.Value.Default is { } standard)
            {
                CheckExpression(item.Name, standard);
            }

            _dimensions.Add(new(item.Name, new([item.Value.Key]), item.Value.Default?.Value.Written));
        }

        if (field.HasValue)
        {
            foreach (var name in DimensionNames.Required.Where(name => _dimensions.All(dimension => dimension.Name != name)))
            {
                _report.Add(Rules.MissingKey, field.Place, $"'dims' needs the dimension '{name}', which every architecture has");
            }
        }
    }

    private void CheckExpression(string dimension, Located<ConfigScalar> standard)
    {
        if (SizeExpression.Parse(standard.Value.Written) is not { } expression)
        {
            _report.Add(Rules.Expression, standard.Place, $"the default of '{dimension}' must be dimensions and integers with + - * /, found {Words.Quote(standard.Value.Written)}");
            return;
        }

        // Only what comes earlier may be named, so that defaults cannot run in circles.
        foreach (var name in expression.Names.Where(name => _dimensions.All(earlier => earlier.Name != name)).Distinct())
        {
            _report.Add(Rules.UnknownName, standard.Place, $"the default of '{dimension}' names {Words.Quote(name)}, which is no dimension above it{Words.Hint(name, _dimensions.Select(earlier => earlier.Name))}");
        }
    }

    private void ReadConstants(Field<IReadOnlyList<NamedItem<SizeSource>>> field)
    {
        foreach (var item in field.Value ?? [])
        {
            CheckName(item.Name, item.NamePlace, "constant");
            var standard = item.Value.Default?.Value;
            if (standard is { Number: null, Flag: null })
            {
                _report.Add(Rules.WrongType, item.Value.Default!.Place, $"the default of '{item.Name}' must be a number, true or false, found {Words.Quote(standard.Written)}");
            }

            _constants.Add(new(item.Name, new([item.Value.Key]), standard is null ? null : new(standard.Number, standard.Flag)));
        }
    }

    /// <summary>Dimensions and constants share one space of names, since both become members of the generated shape and model.</summary>
    private void CheckName(string name, Place at, string what)
    {
        if (SpecNames.WhyNotNode(name) is { } reason)
        {
            _report.Add(Rules.BadName, at, $"the {what} {Words.Quote(name)} {reason}");
        }
        else if (_namesInCode.TryGetValue(SpecNames.InCode(name), out var other))
        {
            _report.Add(Rules.BadName, at, $"the {what} '{name}' and '{other}' would have one name in generated code");
        }
        else
        {
            _namesInCode.Add(SpecNames.InCode(name), name);
        }
    }

    private void CheckLabel(Field<string> label, string path)
    {
        if (label.IsWritten && !SpecNames.IsLabel(label.Value))
        {
            _report.Add(Rules.BadName, label.Place, $"'{path}' must be letters, digits, '-', '_' and '.', found {Words.Quote(label.Value)}");
        }
    }

    private void CheckPrefix(Field<string> prefix)
    {
        if (prefix.IsWritten && !SpecNames.IsWeight(prefix.Value))
        {
            _report.Add(Rules.BadName, prefix.Place, $"'layer.prefix' must be names joined by dots, such as model.layers, found {Words.Quote(prefix.Value)}");
        }
    }
}
