using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace SlimSpec.Specs;

/// <summary>
/// What of an <c>exits.json</c> the build compiles: the fitted classifier, and what says whether it is the recipe's. Values and places only, so that an
/// incremental pipeline can keep it.
/// </summary>
/// <param name="Path">Path of the file.</param>
/// <param name="RecipeHash">The recipe that it was made for; empty if the file is none of exits.</param>
/// <param name="Place">Where that is written.</param>
/// <param name="Calibrated">What was calibrated, in words of the spec; null if the file is wrong.</param>
/// <param name="Fitted">The classifier; null if the file is wrong.</param>
/// <param name="AverageLayers">Layers that a token runs on average; null where the file does not say.</param>
/// <param name="Problems">What is wrong with the file, whatever the recipe.</param>
public sealed record ExitsLock(
    string Path,
    string RecipeHash,
    Place Place,
    LockedExits? Calibrated,
    FittedExitsModel? Fitted,
    Located<double>? AverageLayers,
    EquatableArray<Problem> Problems)
{
    /// <summary>How the names of exits that are committed with recipes end.</summary>
    public const string Suffix = ".exits.json";

    /// <summary>Reads the file. Never throws over its content.</summary>
    public static ExitsLock Parse(SourceFile file)
    {
        var report = new Reporter();
        var source = new SourceMap(file.Path, file.Text);
        return new ExitsLockReader(report).Read(file.Path, SpecHash.OfText(file.Text), JsonReader.Read(source, report), source.At(0, 0)) with { Problems = report.Sorted() };
    }
}

/// <summary>What exits were calibrated for.</summary>
/// <param name="Depth">Layers of the model.</param>
/// <param name="DepthPlace">Where that is written.</param>
/// <param name="Layers">After how many layers the checks are.</param>
/// <param name="LayersPlace">Where that is written.</param>
/// <param name="Features">What the classifier looks at.</param>
/// <param name="FeaturesPlace">Where that is written.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="KindPlace">Where that is written.</param>
public sealed record LockedExits(int Depth, Place DepthPlace, EquatableArray<int> Layers, Place LayersPlace, EquatableArray<string> Features, Place FeaturesPlace, string Kind, Place KindPlace);

/// <summary>Reads the keys of exits that a lock needs; the others are for the run.</summary>
internal sealed class ExitsLockReader(Reporter report)
{
    private const int Format = 1;
    private const string Exits = "the exits file";
    private static readonly string[] Forms = ["threshold", "linear", "fourier", "chain"];
    private readonly LockKeys _keys = new(Exits, Rules.BadExits, report);

    /// <summary>Reads them; what is wrong leaves something out.</summary>
    public ExitsLock Read(string path, string hash, SpecNode? root, Place start)
    {
        if (_keys.Root(root, Format, "make it anew with slim exits") is not { } exits)
        {
            return new(path, "", start, null, null, null, default);
        }

        var recipe = _keys.Text(exits, "recipe_hash", Exits) ?? "";
        var depth = _keys.Integer(exits, "depth", Exits);
        var layers = List(exits, "layers", "a list of layer counts", LockKeys.Integer);
        var features = List(exits, "features", "a list of features", node => node is ScalarNode { Kind: ScalarKind.Text } text ? text.Text : null);
        var average = (exits.Find("certificate") as MappingNode)?.Find("average_layers") is ScalarNode { Kind: ScalarKind.Integer or ScalarKind.Number, Number: { } number } scalar ? new Located<double>(number, scalar.Place) : null;
        var fitted = _keys.Mapping(exits, "classifier") is { } classifier && features is not null ? Classifier(classifier, features.Count, path, hash) : null;
        var kind = fitted is null ? null : _keys.Text((MappingNode)exits.Find("classifier")!, "kind", "classifier");
        var calibrated = depth is null || layers is null || kind is null ? null : new LockedExits(
            depth.Value, exits.Find("depth")!.Place, new(layers.OfType<int>()), exits.Find("layers")!.Place, new(features!.OfType<string>()), exits.Find("features")!.Place, kind, ((MappingNode)exits.Find("classifier")!).Find("kind")!.Place);
        return new(path, recipe, exits.Find("recipe_hash")?.Place ?? exits.Place, calibrated, fitted, average, default);
    }

    private IReadOnlyList<T>? List<T>(MappingNode node, string key, string what, Func<SpecNode, T> read)
    {
        var items = (node.Find(key) as SequenceNode)?.Items.Select(read).ToList();
        if (items is { Count: > 0 } && items.All(item => item is not null))
        {
            return items;
        }

        _keys.Needs(node, key, Exits, what);
        return null;
    }

    private FittedExitsModel? Classifier(MappingNode classifier, int features, string path, string hash)
    {
        var before = report.Count;
        var form = _keys.Text(classifier, "form", "classifier");
        if (form is not null && !Forms.Contains(form))
        {
            _keys.Bad(classifier.Find("form")!.Place, $"'classifier.form' must be one of {string.Join(", ", Forms)}, found {Words.Quote(form)}{(Words.Nearest(form, Forms) is { } nearest ? $"; did you mean '{nearest}'?" : "")}");
        }

        var (frequencies, phases) = form == "fourier" ? Fourier(classifier, features) : ([], []);
        var transition = form == "chain" ? Transition(classifier) : [];
        var terms = form switch { "fourier" => phases.Count, "threshold" => 0, _ => features };
        var checks = _keys.Items(classifier, "checks", "classifier").Select(item => Check(item.Node, item.Path, form, terms, features)).ToList();
        var file = path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);
        return report.Count > before ? null : new(hash, file, form!, features, new(checks.OfType<FittedCheckModel>()), new(frequencies), new(phases), new(transition));
    }

    private FittedCheckModel? Check(MappingNode node, string path, string? form, int terms, int features)
    {
        var layers = _keys.Integer(node, "layers", path);
        var threshold = node.Find("threshold") is ScalarNode { Kind: ScalarKind.Null } ? null : _keys.Number(node, "threshold", path);
        if (form == "threshold")
        {
            var feature = _keys.Integer(node, "feature", path);
            if (feature >= features)
            {
                _keys.Bad(node.Find("feature")!.Place, $"'{path}.feature' is {feature}, and features are 0 to {features - 1}");
            }

            return new(layers ?? 0, feature ?? 0, default, 0, threshold);
        }

        var (weights, bias) = (_keys.Numbers(node.Find("weights"), node.Place, terms, $"{path}.weights"), _keys.Number(node, "bias", path));
        return new(layers ?? 0, 0, new(weights ?? []), bias ?? 0, threshold);
    }

    private (IReadOnlyList<double> Frequencies, IReadOnlyList<double> Phases) Fourier(MappingNode classifier, int features)
    {
        var rows = (classifier.Find("frequencies") as SequenceNode)?.Items ?? [];
        if (rows.Count == 0)
        {
            _keys.Needs(classifier, "frequencies", "classifier", "a list of lists");
        }

        var frequencies = rows.SelectMany((row, i) => _keys.Numbers(row, row.Place, features, $"classifier.frequencies[{i}]") ?? []).ToList();
        return (frequencies, _keys.Numbers(classifier.Find("phases"), classifier.Place, rows.Count, "classifier.phases") ?? []);
    }

    private List<double> Transition(MappingNode classifier)
    {
        if (classifier.Find("transition") is SequenceNode { Items.Count: 2 } rows)
        {
            return [.. rows.Items.SelectMany((row, i) => _keys.Numbers(row, row.Place, 2, $"classifier.transition[{i}]") ?? [])];
        }

        _keys.Needs(classifier, "transition", "classifier", "two lists of two numbers");
        return [];
    }
}
