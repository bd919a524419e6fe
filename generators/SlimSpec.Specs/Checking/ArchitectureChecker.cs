using System.Collections.Generic;
using System.Globalization;
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
        CheckLabel(file.Get(ArchitectureKeys.Name), "architecture");
        var huggingFace = ReadHuggingFace(file.Get(ArchitectureKeys.HuggingFace).Value);
        ReadDimensions(file.Get(ArchitectureKeys.Dims));
        ReadConstants(file.Get(ArchitectureKeys.Constants));
        var names = new GraphNames(_dimensions, _constants, _report);
        var prefix = ReadPrefix(file.Get(ArchitectureKeys.Prefix), names);

        var graph = new GraphChecker(names, prefix is not null, _report);
        var embedding = graph.ReadEmbedding(file.Get(ArchitectureKeys.Embedding));
        var layer = file.Get(ArchitectureKeys.Layer).Value;
        var layerPrefix = layer?.Get(LayerKeys.Prefix) ?? default;
        CheckWeightPrefix(layerPrefix, "layer.prefix", "model.layers");
        var layerNodes = graph.ReadLayer(layer?.Get(LayerKeys.Nodes) ?? default);
        var head = graph.ReadHead(file.Get(ArchitectureKeys.Head));
        var ties = graph.IsSound ? new NodeTies(embedding, layerNodes, head) : null;
        CheckBasePrefix(file.Get(ArchitectureKeys.HuggingFace).Value, [.. embedding.Concat(head).Select(node => node.Weight).OfType<string>(), layerPrefix.IsWritten ? layerPrefix.Value : ""]);
        var units = new UnitChecker(_dimensions, layerNodes, ties, _report).Read(file.Get(ArchitectureKeys.Units));

        return new(
            file.Get(ArchitectureKeys.Name).Value,
            huggingFace,
            new(_dimensions),
            new(_constants),
            prefix,
            new(embedding),
            layerPrefix.Value,
            new(layerNodes),
            new(head),
            new(units),
            new((file.Get(ArchitectureKeys.Requires).Value ?? []).Select(key => new RequirementDefinition(key.Name, new(key.Value.Select(value => value.Value.Text))))))
        {
            Gguf = new GgufChecker(_dimensions, _constants, _report).Check(file.Get(ArchitectureKeys.Gguf), embedding, layerNodes, head),
            Forms = ReadForms(file.Get(ArchitectureKeys.HuggingFace).Value, new DimensionNamesChecker(_dimensions, _report)),
        };
    }

    private HuggingFaceModel ReadHuggingFace(Section? section)
    {
        var basePrefix = section?.Get(HuggingFaceKeys.BasePrefix) ?? default;
        CheckLabel(section?.Get(HuggingFaceKeys.Class) ?? default, "huggingface.class");
        CheckWeightPrefix(basePrefix, "huggingface.base_prefix", "transformer");
        return new(
            new((section?.Get(HuggingFaceKeys.ModelTypes).Value ?? []).Select(type => type.Value)),
            section?.Get(HuggingFaceKeys.Class).Value ?? "",
            basePrefix.IsWritten ? basePrefix.Value : null,
            new((section?.Get(HuggingFaceKeys.Ignore).Value ?? []).Select(end => end.Value)));
    }

    private static HuggingFaceForms ReadForms(Section? section, DimensionNamesChecker dimensions)
    {
        var nas = section?.Get(HuggingFaceKeys.NemotronNas) ?? default;
        string Name(Key<string> key) => dimensions.Check(nas.Value.Get(key), $"huggingface.nemotron_nas.{key.Name}");
        return new(
            dimensions.CheckDerived(section?.Get(HuggingFaceKeys.Derived) ?? default, "huggingface.derived"),
            nas.IsWritten ? new(Name(NemotronNasKeys.Heads), Name(NemotronNasKeys.KvHeads), Name(NemotronNasKeys.Ffn)) : null,
            default);
    }

    private void CheckBasePrefix(Section? section, IReadOnlyList<string> weights)
    {
        if (section?.Get(HuggingFaceKeys.BasePrefix) is { IsWritten: true } prefix && SpecNames.IsWeight(prefix.Value) && weights.All(weight => !weight.StartsWith(prefix.Value + ".", System.StringComparison.Ordinal)))
        {
            _report.Add(Rules.UnknownName, prefix.Place, $"no weight's name starts with the 'huggingface.base_prefix' {Words.Quote(prefix.Value)}{Words.Hint(prefix.Value, weights.Where(weight => weight.Contains('.')).Select(weight => weight.Split('.')[0]))}");
        }
    }

    private static PrefixDefinition? ReadPrefix(Field<Section> field, GraphNames names)
    {
        if (!field.IsWritten)
        {
            return null;
        }

        var (start, marks) = (field.Value.Get(PrefixKeys.Start), field.Value.Get(PrefixKeys.Marks));
        foreach (var name in (start.IsWritten ? [new Located<string>(start.Value, start.Place)] : System.Array.Empty<Located<string>>()).Concat(marks.Value ?? []))
        {
            names.CheckNumber(name.Value, name.Place, "prefix", ConstantUse.TokenId, mayBeNull: false);
        }

        return new(start.Value ?? "", new((marks.Value ?? []).Select(mark => mark.Value)));
    }

    private void ReadDimensions(Field<IReadOnlyList<NamedItem<SizeSource>>> field)
    {
        foreach (var item in field.Value ?? [])
        {
            CheckName(item.Name, item.NamePlace, "dimension");
            var standard = item.Value.Default is { Value.Text: not "null" } written ? written : null;
            if (standard is not null)
            {
                CheckExpression(item.Name, standard);
            }

            _dimensions.Add(new(
                item.Name,
                new(item.Value.Keys.Select(key => key.Value)),
                item.Value.Size is { } size ? size.ToString(CultureInfo.InvariantCulture) : standard?.Value.Written));
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
            var keys = item.Value.Keys.Select(key => key.Value);
            var (value, expression) = item.Value.Default is { } standard ? ReadDefault(item.Name, standard) : (null, null);
            _constants.Add(new(item.Name, new(keys), value, expression, item.Value.IsPresence));
        }
    }

    private (ConstantValue? Value, string? Expression) ReadDefault(string constant, Located<ConfigScalar> standard)
    {
        var (text, written) = (standard.Value.Text, standard.Value.Written);
        if (standard.Value is { Number: not null } or { Flag: not null } || text == "null")
        {
            return (new(standard.Value.Number, standard.Value.Flag), null);
        }

        // One name alone is a dimension if there is one of that name, and else a word.
        var isWord = SpecNames.IsLabel(written) && _dimensions.All(dimension => dimension.Name != written);
        if (isWord)
        {
            return (new(null, null, written), null);
        }

        if (ConstantExpression.Parse(written) is not { } expression)
        {
            _report.Add(Rules.Expression, standard.Place, $"the default of '{constant}' must be a number, true, false, null, a word, or an expression over dimensions such as sqrt(2 * layers), found {Words.Quote(written)}");
            return (null, null);
        }

        foreach (var name in expression.Names.Where(name => _dimensions.All(dimension => dimension.Name != name)).Distinct())
        {
            _report.Add(Rules.UnknownName, standard.Place, $"the default of '{constant}' names {Words.Quote(name)}, which is no dimension{Words.Hint(name, _dimensions.Select(dimension => dimension.Name))}");
        }

        return (null, written);
    }

    /// <summary>Dimensions and constants share one space of names, since both become members of the generated shape and model.</summary>
    private void CheckName(string name, Place at, string what)
    {
        if (SpecNames.WhyNotMember(name) is { } reason)
        {
            _report.Add(Rules.BadName, at, $"the {what} {Words.Quote(name)} {reason}");
        }
        else if (_namesInCode.TryGetValue(SpecNames.InCode(name), out var other))
        {
            _report.Add(Rules.BadName, at, name == other ? $"there is a dimension or constant '{name}' already" : $"the {what} '{name}' and '{other}' would have one name in generated code");
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

    private void CheckWeightPrefix(Field<string> prefix, string path, string example)
    {
        if (prefix.IsWritten && !SpecNames.IsWeight(prefix.Value))
        {
            _report.Add(Rules.BadName, prefix.Place, $"'{path}' must be names joined by dots, such as {example}, found {Words.Quote(prefix.Value)}");
        }
    }
}
