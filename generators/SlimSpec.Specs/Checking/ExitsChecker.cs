using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks <c>exits:</c>.</summary>
/// <param name="sizes">The sizes after all cuts, or null where they cannot be told.</param>
/// <param name="report">Where problems go.</param>
internal sealed class ExitsChecker(ModelSizes? sizes, Reporter report)
{
    private const string RunFeature = "same_argmax_run";
    private static readonly string[] StandardFeatures = ["gap", "top_prob"];

    /// <summary>Checks the section; null where it says that there are no exits.</summary>
    public ExitsModel? Check(Section exits)
    {
        var (mode, scope, features) = (exits.Get(ExitKeys.Mode), exits.Get(ExitKeys.Scope), exits.Get(ExitKeys.Features));
        if (mode.Value == ExitKeys.Off)
        {
            return null;
        }

        var layers = sizes is null ? [] : new ExitLayerChooser(sizes, report).Choose(exits.Get(ExitKeys.Layers));
        new ExitUseChecker(exits, report).Check(layers, sizes);
        var classifier = Classifier(Inner(exits, ExitKeys.Classifier, ExitClassifierKeys.Definition));
        return new(
            mode.Value,
            scope.Value,
            new(layers),
            sizes?.LayerCount ?? 0,
            new(Features(features.IsWritten ? features.Value.Select(feature => feature.Value) : StandardFeatures, classifier.Kind)),
            Inner(exits, ExitKeys.Reader, ExitReaderKeys.Definition).Get(ExitReaderKeys.FinalNorm).Value,
            Head(Inner(exits, ExitKeys.Head, ExitHeadKeys.Definition)),
            classifier,
            exits.Get(ExitKeys.Calibrate) is { IsWritten: true, Value: var calibrate } ? Calibration(calibrate) : null,
            Cache(Inner(exits, ExitKeys.Kv, ExitCacheKeys.Definition), scope.Value),
            Inner(exits, ExitKeys.Guard, ExitGuardKeys.Definition).Get(ExitGuardKeys.MinPredictedSpeedup).Value);
    }

    /// <summary>A section, or one with all defaults in its place.</summary>
    private static Section Inner(Section exits, Key<Section> key, SectionDefinition definition) =>
        exits.Get(key) is { IsWritten: true, Value: var section } ? section : definition.Read(new MappingNode(exits.Place, []), $"{exits.Path}.{key.Name}", new());

    /// <summary>The features, with that which the classifier cannot do without.</summary>
    private static IEnumerable<string> Features(IEnumerable<string> features, string kind) =>
        kind == "patience" && !features.Contains(RunFeature) ? features.Append(RunFeature) : features;

    private static ExitHeadModel Head(Section head) =>
        new(head.Get(ExitHeadKeys.Policy).Value, head.Get(ExitHeadKeys.Rank).Value, head.Get(ExitHeadKeys.Shortlist).Value, head.Get(ExitHeadKeys.Confirm).Value);

    private static ExitClassifierModel Classifier(Section classifier) =>
        new(classifier.Get(ExitClassifierKeys.Kind).Value, classifier.Get(ExitClassifierKeys.PerLayer).Value, classifier.Get(ExitClassifierKeys.Label).Value);

    private ExitCalibrationModel Calibration(Section calibrate)
    {
        var (prompt, fresh) = (calibrate.Get(ExitCalibrationKeys.PromptTokens), calibrate.Get(ExitCalibrationKeys.MaxNewTokens));
        if (sizes is not null && prompt.HasValue && fresh.HasValue && (long)prompt.Value + fresh.Value > sizes.Positions)
        {
            var place = fresh.IsWritten ? fresh.Place : prompt.Place;
            report.Add(Rules.WindowTooLong, place, $"'prompt_tokens' {prompt.Value} and 'max_new_tokens' {fresh.Value} are more than the model's {sizes.Positions} positions");
        }

        return new(
            new DatasetChecker(report).Check(calibrate, ExitCalibrationKeys.Dataset),
            calibrate.Get(ExitCalibrationKeys.NumPrompts).Value,
            prompt.Value,
            fresh.Value,
            calibrate.Get(ExitCalibrationKeys.TargetAgreement).Value,
            calibrate.Get(ExitCalibrationKeys.Confidence).Value,
            calibrate.Get(DataKeys.Seed).Value);
    }

    private static ExitCacheModel Cache(Section kv, string scope)
    {
        var policy = kv.Get(ExitCacheKeys.Policy);
        return new(policy.IsWritten ? policy.Value : scope == "prompt_last" ? "single_token" : "deferred", kv.Get(ExitCacheKeys.MaxPending).Value, kv.Get(ExitCacheKeys.MinConfidence).Value);
    }
}
