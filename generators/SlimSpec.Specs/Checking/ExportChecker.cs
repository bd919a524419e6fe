using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Reads <c>export:</c>, and says which of its forms a recipe's model reaches.</summary>
internal sealed class ExportChecker(Reporter report)
{
    /// <summary>The targets; null: none are written.</summary>
    public EquatableArray<ExportModel>? Check(Field<IReadOnlyList<Located<Section>>> field)
    {
        if (!field.IsWritten)
        {
            return null;
        }

        var targets = new List<ExportModel>();
        foreach (var item in field.Value)
        {
            var target = Target(item.Value);
            if (targets.Contains(target))
            {
                report.Add(Rules.DuplicateItem, item.Place, $"'export' repeats {Words.Quote(target.Dtype is null ? target.Format : $"{target.Format}, {target.Dtype}")}");
            }

            if (target is { Dtype: ExportKeys.Q8, Format: not ExportKeys.Gguf })
            {
                report.Add(Rules.Conflict, item.Value.Get(ModelTargetKeys.Dtype).Place, $"'{item.Value.Path}.dtype' is {ExportKeys.Q8}, which {target.Format} does not have: gguf does");
            }

            targets.Add(target);
        }

        return new(targets);
    }

    /// <summary>Reports targets that are not reached, or may not be.</summary>
    /// <param name="recipe">The recipe, checked, with the sizes that a plan beside it says.</param>
    /// <param name="targets">The section.</param>
    public void CheckReach(RecipeModel recipe, IReadOnlyList<Located<Section>> targets)
    {
        var reach = new ExportReach(recipe);
        foreach (var (section, place) in targets.Select(item => (item.Value, item.Place)))
        {
            var (format, dtype) = (Target(section).Format, Target(section).Dtype);
            var verdict = reach.Of(format, dtype);
            if (verdict.State != ExportState.Reached)
            {
                report.Add(RuleOf(verdict.State), place, $"export to {format}: {verdict.Text}{(verdict.Remedy is { } remedy ? $": {remedy}" : "")}");
            }
        }
    }

    private static Rule RuleOf(ExportState state) => state switch
    {
        ExportState.Refused => Rules.UnreachableExport,
        ExportState.Unknown => Rules.UncertainExport,
        _ => Rules.PartialExport,
    };

    private static ExportModel Target(Section section)
    {
        var dtype = section.Definition == ModelTargetKeys.Definition ? section.Get(ModelTargetKeys.Dtype) : default;
        return new(section.Get(ExportKeys.Format).Value ?? "", dtype.IsWritten ? dtype.Value : null);
    }
}
