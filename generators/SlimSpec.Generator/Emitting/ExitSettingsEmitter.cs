using System.Globalization;
using System.Linq;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes what a spec says of its exits.</summary>
internal static class ExitSettingsEmitter
{
    public static void Emit(CodeWriter writer, ExitsModel exits)
    {
        var (head, classifier, cache) = (exits.Head, exits.Classifier, exits.Cache);
        using (writer.Open("Exits = new()", "},"))
        {
            writer.Write($"Mode = ExitMode.{CSharpNames.Pascal(exits.Mode)},");
            writer.Write($"Scope = ExitScope.{CSharpNames.Pascal(exits.Scope)},");
            writer.Write($"Layers = [{string.Join(", ", exits.Layers.Select(layer => layer.ToString(CultureInfo.InvariantCulture)))}],");
            writer.Write($"Features = [{string.Join(", ", exits.Features.Select(feature => $"ExitFeature.{CSharpNames.Pascal(feature)}"))}],");
            writer.Write($"FinalNorm = {Literals.Flag(exits.FinalNorm)},");
            writer.Write($"Head = new() {{ Policy = ExitHeadPolicy.{CSharpNames.Pascal(head.Policy)}, Rank = {head.Rank}, Shortlist = {head.Shortlist}, Confirm = {Literals.Flag(head.Confirm)} }},");
            writer.Write($"Classifier = new() {{ Kind = ExitClassifierKind.{CSharpNames.Pascal(classifier.Kind)}, PerLayer = {Literals.Flag(classifier.PerLayer)}, Label = ExitLabel.{CSharpNames.Pascal(classifier.Label)} }},");
            if (exits.Calibrate is { } calibrate)
            {
                using (writer.Open("Calibrate = new()", "},"))
                {
                    EmitCalibration(writer, calibrate);
                }
            }

            writer.Write($"Cache = new() {{ Policy = ExitCachePolicy.{CSharpNames.Pascal(cache.Policy)}, MaxPending = {cache.MaxPending}, MinConfidence = {Literals.Double(cache.MinConfidence)} }},");
            writer.Write($"MinPredictedSpeedup = {Literals.Double(exits.MinPredictedSpeedup)},");
        }
    }

    private static void EmitCalibration(CodeWriter writer, ExitCalibrationModel calibrate)
    {
        writer.Write($"Dataset = {Literals.Dataset(calibrate.Dataset)},");
        writer.Write($"NumPrompts = {calibrate.NumPrompts},");
        writer.Write($"PromptTokens = {calibrate.PromptTokens},");
        writer.Write($"MaxNewTokens = {calibrate.MaxNewTokens},");
        writer.Write($"TargetAgreement = {Literals.Double(calibrate.TargetAgreement)},");
        writer.Write($"Confidence = {Literals.Double(calibrate.Confidence)},");
        writer.Write($"Seed = {calibrate.Seed},");
    }
}
