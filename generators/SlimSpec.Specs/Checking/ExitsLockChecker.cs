using System.Linq;

namespace SlimSpec.Specs;

/// <summary>From exits that are committed with a recipe to their classifier, if they were calibrated for this recipe.</summary>
internal sealed class ExitsLockChecker(ExitsLock exits, Reporter report)
{
    /// <summary>The classifier, or null where it is not the recipe's.</summary>
    public FittedExitsModel? Check(RecipeModel recipe)
    {
        report.AddAll(exits.Problems);
        if (exits.Problems.Count > 0)
        {
            return null;
        }

        if (exits.RecipeHash != recipe.Hash)
        {
            report.Add(Rules.StaleExits, exits.Place, $"the exits were calibrated for another recipe than '{recipe.FileName}' is now, and are not compiled: calibrate them anew, or delete the file");
            return null;
        }

        var before = report.Count;
        if (recipe.Exits is { } written)
        {
            Compare(written, exits.Calibrated!, exits.Fitted!);
        }
        else
        {
            report.Add(Rules.BadExits, exits.Place, $"'{recipe.FileName}' has no exits: delete the file");
        }

        return report.Count > before ? null : exits.Fitted;
    }

    private void Compare(ExitsModel written, LockedExits calibrated, FittedExitsModel fitted)
    {
        Compare(calibrated.DepthPlace, "depth", $"{calibrated.Depth}", $"{written.LayerCount}");
        Compare(calibrated.LayersPlace, "layers", string.Join(", ", calibrated.Layers), string.Join(", ", written.Layers));
        Compare(calibrated.FeaturesPlace, "features", string.Join(", ", calibrated.Features), string.Join(", ", written.Features));
        Compare(calibrated.KindPlace, "classifier.kind", calibrated.Kind, written.Classifier.Kind);
        Compare(calibrated.LayersPlace, "classifier.checks", string.Join(", ", fitted.Checks.Select(check => check.Layers)), string.Join(", ", calibrated.Layers));
    }

    private void Compare(Place place, string key, string found, string expected)
    {
        if (found != expected)
        {
            report.Add(Rules.BadExits, place, $"'{key}' of the exits is {Words.Shorten(found)}, and the recipe has {Words.Shorten(expected)}: calibrate them anew");
        }
    }
}
