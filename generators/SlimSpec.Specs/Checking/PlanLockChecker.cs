using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>From a plan that is committed with a recipe to the sizes it leaves, if it was made for this recipe and fits its model.</summary>
internal sealed class PlanLockChecker(PlanLock plan, Reporter report)
{
    private ModelSizes _sizes = null!;

    /// <summary>The sizes of each layer, or null where the plan says none.</summary>
    public EquatableArray<LayerSizes>? Check(RecipeModel recipe)
    {
        report.AddAll(plan.Problems);
        if (plan.Problems.Count > 0)
        {
            return null;
        }

        if (plan.RecipeHash != recipe.PruningHash)
        {
            report.Add(Rules.StalePlan, plan.Place, $"the plan was made for another recipe than '{recipe.FileName}' is now, and says nothing about its sizes: make it anew, or delete it");
            return null;
        }

        var before = report.Count;
        _sizes = new(recipe.Architecture, recipe.Dimensions.ToDictionary(dimension => dimension.Name, dimension => new Located<int>(dimension.Size, plan.Place)));
        var stay = Layers();
        foreach (var group in plan.Groups)
        {
            Group(group, stay);
        }

        if (report.Count > before)
        {
            return null;
        }

        _sizes.KeepLayers(stay, plan.Path);
        var sizes = _sizes.OfLayers()!.Value;
        if (recipe.Pruned is { } known && known != sizes)
        {
            report.Add(Rules.BadPlan, plan.Place, $"the plan leaves other sizes than the cuts of '{recipe.FileName}' do: make it anew");
            return null;
        }

        return sizes;
    }

    /// <summary>The layers that stay; notes which of them lose a branch.</summary>
    private List<int> Layers()
    {
        var stay = Enumerable.Range(0, _sizes.LayerCount).ToList();
        var branches = LayerBranches.Of(_sizes.Architecture).Select(branch => branch.Unit).ToList();
        foreach (var layers in plan.Layers)
        {
            if (layers.Kept.Count > 0 && layers.Kept[layers.Kept.Count - 1] >= _sizes.LayerCount)
            {
                report.Add(Rules.BadPlan, layers.Place, $"the plan keeps layer {layers.Kept[layers.Kept.Count - 1]}, and the model has layers 0 to {_sizes.LayerCount - 1}");
            }
            else if (layers.Unit == DepthCutModel.Block)
            {
                stay = [.. layers.Kept];
            }
            else if (branches.Contains(layers.Unit))
            {
                _sizes.CutBranch(Find(layers.Unit)!, Enumerable.Range(0, _sizes.LayerCount).Except(layers.Kept));
            }
            else
            {
                report.Add(Rules.BadPlan, layers.Place, $"the layers of '{_sizes.Architecture.Name}' have no branch {Words.Quote(layers.Unit)}{Words.Hint(layers.Unit, branches.Prepend(DepthCutModel.Block))}");
            }
        }

        return stay;
    }

    private void Group(LockedGroup group, List<int> stay)
    {
        var unit = Find(group.Unit);
        if (unit is null || ModelSizes.IsOfModel(unit) != group.Layer is null)
        {
            report.Add(Rules.BadPlan, group.Place, unit is null
                ? $"the architecture '{_sizes.Architecture.Name}' has no unit {Words.Quote(group.Unit)}{Words.Hint(group.Unit, _sizes.Architecture.Units.Select(known => known.Name))}"
                : $"'{group.Unit}' is cut {(group.Layer is null ? "layer by layer, and the plan names none" : "over the whole model, and the plan names a layer")}");
        }
        else if (group.Layer is { } layer && !stay.Contains(layer))
        {
            report.Add(Rules.BadPlan, group.Place, $"the plan cuts '{group.Unit}' of layer {layer}, which is not among those that stay");
        }
        else
        {
            Cut(unit, group);
        }
    }

    private void Cut(UnitDefinition unit, LockedGroup group)
    {
        var layer = group.Layer ?? 0;
        var (units, inGroup) = (_sizes.InLayer(unit.Dimension, layer), _sizes.Count(unit, layer));
        var groups = inGroup == 0 ? 1 : units / inGroup;
        if (group.Last >= units || group.Count % groups != 0)
        {
            report.Add(Rules.BadPlan, group.Place, group.Last >= units
                ? $"the plan keeps number {group.Last} of '{group.Unit}'{(group.Layer is null ? "" : $" in layer {layer}")}, which has {units}"
                : $"the plan keeps {group.Count} of '{group.Unit}' in layer {layer}, which are not equally many in each of {groups} KV heads");
        }
        else
        {
            _sizes.Cut(unit, layer, group.Count / groups);
        }
    }

    private UnitDefinition? Find(string unit) => _sizes.Architecture.Units.FirstOrDefault(known => known.Name == unit);
}
