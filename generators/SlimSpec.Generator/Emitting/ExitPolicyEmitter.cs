using System.Collections.Generic;
using System.Linq;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>
/// Writes <c>FittedPolicy</c>: when tokens leave, with the constants of the fitted classifier and the arithmetic of its form alone. Operations and their
/// order are those of the library's reader of <c>exits.json</c>, so that both decide alike to the bit.
/// </summary>
internal static class ExitPolicyEmitter
{
    private const int NumbersPerLine = 8;
    private const string Method = "public override bool Leaves(int check, ReadOnlySpan<float> features)";

    public static void Emit(CodeWriter writer, FittedExitsModel fitted)
    {
        writer.Summary($"The exits of <c>{fitted.FileName}</c>.");
        writer.Write($"public override CompiledExits? Exits {{ get; }} = new({Literals.String(fitted.FileHash)}, static () => new FittedPolicy());");
        writer.Blank();
        writer.Summary($"When tokens leave, as <c>{fitted.FileName}</c> has it.");
        using (writer.Open("private sealed class FittedPolicy : ExitPolicy"))
        {
            if (fitted.Form == "chain")
            {
                EmitChain(writer, fitted);
            }
            else
            {
                EmitChecks(writer, fitted);
            }

            if (fitted.Form == "fourier")
            {
                EmitFourier(writer, fitted);
            }
        }
    }

    private static void EmitChecks(CodeWriter writer, FittedExitsModel fitted)
    {
        using (writer.Open($"{Method} => check switch", "};"))
        {
            var arms = fitted.Checks.Select((check, i) => ($"{i} => {Decision(fitted.Form, check)},", (string?)$"after {check.Layers} layer{(check.Layers == 1 ? string.Empty : "s")}"));
            writer.Statements([.. arms]);
            writer.Write("_ => throw new ArgumentOutOfRangeException(nameof(check)),");
        }
    }

    private static string Decision(string form, FittedCheckModel check) => check.Threshold is not { } threshold ? "false" : $"{Score(form, check)} >= {Literals.Double(threshold)}";

    private static string Score(string form, FittedCheckModel check) => form switch
    {
        "threshold" => $"features[{check.Feature}]",
        "fourier" => $"Score(features, Weights{check.Layers}, {Literals.Double(check.Bias)})",
        _ => Linear(check),
    };

    private static string Linear(FittedCheckModel check) => string.Join(" + ", check.Weights.Select((weight, i) => Product(weight, i)).Prepend(Literals.Double(check.Bias)));

    private static string Product(double weight, int feature) => $"({Literals.Double(weight)} * features[{feature}])";

    private static void EmitChain(CodeWriter writer, FittedExitsModel fitted)
    {
        var step = $" + ExitChain.Step(_odds, {string.Join(", ", fitted.Transition.Select(Literals.Double))})";
        writer.Write("private double _odds;");
        writer.Blank();
        using (writer.Open(Method))
        using (writer.Open("switch (check)"))
        {
            for (var i = 0; i < fitted.Checks.Count; i++)
            {
                var check = fitted.Checks[i];
                writer.Write($"case {i}:");
                writer.Write($"    _odds = {Linear(check)}{(i == 0 ? string.Empty : step)};");
                writer.Write($"    return {(check.Threshold is { } threshold ? $"_odds >= {Literals.Double(threshold)}" : "false")};");
            }

            writer.Write("default:");
            writer.Write("    throw new ArgumentOutOfRangeException(nameof(check));");
        }
    }

    private static void EmitFourier(CodeWriter writer, FittedExitsModel fitted)
    {
        writer.Blank();
        using (writer.Open("private static double Score(ReadOnlySpan<float> features, ReadOnlySpan<double> weights, double score)"))
        {
            using (writer.Open("for (var i = 0; i < weights.Length; i++)"))
            {
                writer.Write("var angle = Phases[i];");
                for (var feature = 0; feature < fitted.Features; feature++)
                {
                    writer.Write($"angle += Frequencies[({fitted.Features} * i) + {feature}] * features[{feature}];");
                }

                writer.Write("score += weights[i] * Math.Cos(angle);");
            }

            writer.Blank();
            writer.Write("return score;");
        }

        EmitNumbers(writer, "Frequencies", fitted.Frequencies);
        EmitNumbers(writer, "Phases", fitted.Phases);
        foreach (var check in fitted.Checks.Where(check => check.Threshold is not null))
        {
            EmitNumbers(writer, $"Weights{check.Layers}", check.Weights);
        }
    }

    private static void EmitNumbers(CodeWriter writer, string name, IReadOnlyList<double> numbers)
    {
        writer.Blank();
        writer.Write($"private static ReadOnlySpan<double> {name} =>");
        using (writer.Indent("[", "];"))
        {
            for (var at = 0; at < numbers.Count; at += NumbersPerLine)
            {
                writer.Write(string.Concat(numbers.Skip(at).Take(NumbersPerLine).Select((number, i) => $"{(i == 0 ? string.Empty : " ")}{Literals.Double(number)},")));
            }
        }
    }
}
