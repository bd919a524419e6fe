using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>
/// What of a <c>plan.json</c> says the sizes: which layers and how many units stay. Values and places only, without scores, so that an
/// incremental pipeline can keep it.
/// </summary>
/// <param name="Path">Path of the file.</param>
/// <param name="RecipeHash">The recipe that it was made for; empty if the file is no plan.</param>
/// <param name="Place">Where that is written.</param>
/// <param name="Layers">Layers that keep a unit.</param>
/// <param name="Groups">Units that stay in a layer.</param>
/// <param name="Problems">What is wrong with the file, whatever the recipe.</param>
public sealed record PlanLock(string Path, string RecipeHash, Place Place, EquatableArray<LockedLayers> Layers, EquatableArray<LockedGroup> Groups, EquatableArray<Problem> Problems)
{
    /// <summary>How the names of plans that are committed with recipes end.</summary>
    public const string Suffix = ".plan.json";

    /// <summary>Reads a plan. Never throws over its content.</summary>
    public static PlanLock Parse(SourceFile file)
    {
        var report = new Reporter();
        var source = new SourceMap(file.Path, file.Text);
        var root = JsonReader.ReadPlan(source, report, "scores", "means");
        return new PlanLockReader(report).Read(file.Path, root, source.At(0, 0)) with { Problems = report.Sorted() };
    }
}

/// <summary>Layers that keep a unit.</summary>
/// <param name="Unit"><c>block</c>, or the unit of a branch.</param>
/// <param name="Kept">Their numbers in the dense model, ascending.</param>
/// <param name="Place">Where it is written.</param>
public sealed record LockedLayers(string Unit, EquatableArray<int> Kept, Place Place);

/// <summary>Units that stay in a layer.</summary>
/// <param name="Layer">Number of the layer in the dense model, or null for a unit of the whole model.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Count">How many stay.</param>
/// <param name="Last">The largest of their numbers.</param>
/// <param name="Place">Where it is written.</param>
public sealed record LockedGroup(int? Layer, string Unit, int Count, int Last, Place Place);

/// <summary>Reads the keys of a plan that a lock needs; the others are the pruner's.</summary>
internal sealed class PlanLockReader(Reporter report)
{
    private const int Format = 2;
    private const string Plan = "the plan";
    private readonly LockKeys _keys = new(Plan, Rules.BadPlan, report);

    /// <summary>Reads them; what is wrong leaves something out.</summary>
    public PlanLock Read(string path, SpecNode? root, Place start)
    {
        if (_keys.Root(root, Format, "make it anew with slim prune") is not { } plan)
        {
            return new(path, "", start, default, default, default);
        }

        return new(
            path,
            _keys.Text(plan, "recipe_hash", Plan) ?? "",
            plan.Find("recipe_hash")?.Place ?? plan.Place,
            new(_keys.Items(plan, "layers", Plan).Select(item => Layers(item.Node, item.Path)).OfType<LockedLayers>()),
            new(_keys.Items(plan, "groups", Plan).Select(item => Group(item.Node, item.Path)).OfType<LockedGroup>()),
            default);
    }

    private LockedLayers? Layers(MappingNode node, string path) =>
        _keys.Text(node, "unit", path) is { } unit && Kept(node, path, fewest: unit == DepthCutModel.Block ? 1 : 0) is { } kept ? new(unit, new(kept), node.Place) : null;

    private LockedGroup? Group(MappingNode node, string path)
    {
        var layer = node.Find("layer") is ScalarNode { Kind: ScalarKind.Null } ? -1 : _keys.Integer(node, "layer", path);
        return layer is { } number && _keys.Text(node, "unit", path) is { } unit && Kept(node, path, fewest: 1) is { } kept
            ? new(number < 0 ? null : number, unit, kept.Count, kept[kept.Count - 1], node.Place)
            : null;
    }

    private List<int>? Kept(MappingNode node, string path, int fewest)
    {
        if (node.Find("kept") is not SequenceNode list || list.Items.Count < fewest)
        {
            _keys.Needs(node, "kept", path, "a list of what stays");
            return null;
        }

        var numbers = new List<int>(list.Items.Count);
        foreach (var item in list.Items)
        {
            if (LockKeys.Integer(item) is not { } number || (numbers.Count > 0 && number <= numbers[numbers.Count - 1]))
            {
                _keys.Bad(item.Place, $"'{path}.kept' must be ascending numbers from 0, found {item.Found}{(numbers.Count > 0 ? $" after {numbers[numbers.Count - 1]}" : "")}");
                return null;
            }

            numbers.Add(number);
        }

        return numbers;
    }
}
