using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes the recipe class itself: its settings with every default filled in, and its registration.</summary>
internal static class RecipeEmitter
{
    public static void Emit(CodeWriter writer, RecipeGraph graph)
    {
        var recipe = graph.Recipe;
        writer.Write($$"""
            /// <summary>The recipe's one instance.</summary>
            public static {{recipe.Name}} Instance { get; } = new();

            public override string Name => {{Literals.String(recipe.Name)}};

            public override string SpecFile => {{Literals.String(recipe.FileName)}};

            public override string Hash => {{Literals.String(recipe.Hash)}};

            public override ModelShape Dense => Shape.Dense;

            public override ModelShape? Pruned => {{(recipe.Prune.Count > 0 ? "Shape.Pruned" : "null")}};

            public override StructuredPruner Pruner { get; } = new WidthPruner();

            public override CausalLM CreateModel(ModelShape shape, ScalarType dtype, Device device) => new Model((Shape)shape, dtype, device);

            public override CausalLM CreateUnloaded(ModelShape shape, ScalarType dtype, Device device) => new Model((Shape)shape, dtype, device, weightsOn: META);

            """);
        ArchitectureEmitter.Emit(writer, graph);
        EmitSettings(writer, graph);
        writer.Write("""
            [System.Runtime.CompilerServices.ModuleInitializer]
            internal static void Register() => RecipeRegistry.Add(Instance);
            """);
    }

    private static void EmitSettings(CodeWriter writer, RecipeGraph graph)
    {
        var recipe = graph.Recipe;
        using (writer.Open("public override RecipeSettings Settings { get; } = new()", "};"))
        {
            if (recipe.Checkpoint is not null)
            {
                writer.Write($"Checkpoint = {Literals.String(recipe.Checkpoint)},");
            }

            if (recipe.Calibration is { } calibration)
            {
                writer.Write($"Calibration = new() {{ Dataset = {Dataset(calibration.Dataset)}, NumSamples = {calibration.NumSamples}, MaxSeqLength = {calibration.MaxSeqLength}, Seed = {calibration.Seed} }},");
            }

            List(writer, "Prune", recipe.Prune, _ => "WidthCut", EmitCut);
            List(writer, "Recover", recipe.Recover, _ => "LoraRecovery", EmitLora);
            if (recipe.Evaluate is { } evaluate)
            {
                writer.Write($"Evaluate = new() {{ Dataset = {Dataset(evaluate.Dataset)}, Window = {evaluate.Window}, Limit = {Literals.IntOrNull(evaluate.Limit)} }},");
            }

            if (recipe.Train is { } train)
            {
                using (writer.Open("Train = new()", "},"))
                {
                    EmitOptimization(writer, train);
                }
            }
        }

        writer.Blank();
    }

    private static void List<T>(CodeWriter writer, string name, IReadOnlyList<T> items, System.Func<T, string> type, System.Action<CodeWriter, T> emit)
    {
        if (items.Count == 0)
        {
            return;
        }

        writer.Write($"{name} =");
        using (writer.Indent("[", "],"))
        {
            foreach (var item in items)
            {
                using (writer.Open($"new {type(item)}", "},"))
                {
                    emit(writer, item);
                }
            }
        }
    }

    private static void EmitCut(CodeWriter writer, WidthCutModel cut)
    {
        writer.Write($"Targets = [{string.Join(", ", cut.Targets.Select(Literals.String))}],");
        writer.Write($"Score = WidthScore.{CSharpNames.Pascal(cut.Score)},");
        writer.Write($"Order = TaylorOrder.{CSharpNames.Pascal(cut.Order)},");
        writer.Write($"Reduce = GroupReduction.{CSharpNames.Pascal(cut.Reduce)},");
        writer.Write($"Sparsity = {Literals.Double(cut.Sparsity)},");
        writer.Write($"Layers = [{string.Join(", ", cut.Layers.Select(layer => layer.ToString(CultureInfo.InvariantCulture)))}],");
        writer.Write($"RoundTo = {cut.RoundTo},");
        writer.Write($"Steps = {cut.Steps},");
        writer.Write($"Seed = {cut.Seed},");
    }

    private static void EmitLora(CodeWriter writer, LoraModel lora)
    {
        writer.Write($"LoraR = {lora.R},");
        writer.Write($"LoraAlpha = {Literals.Double(lora.Alpha)},");
        writer.Write($"LoraDropout = {Literals.Double(lora.Dropout)},");
        writer.Write($"LoraTargetModules = [{string.Join(", ", lora.TargetModules.Select(Literals.String))}],");
        EmitOptimization(writer, lora.Optimization);
    }

    private static void EmitOptimization(CodeWriter writer, OptimizationModel settings)
    {
        writer.Write($"Dataset = {Dataset(settings.Dataset)},");
        writer.Write($"MaxSeqLength = {settings.MaxSeqLength},");
        writer.Write($"LearningRate = {Literals.Double(settings.LearningRate)},");
        writer.Write($"LrScheduler = LearningRateSchedule.{CSharpNames.Pascal(settings.LrScheduler)},");
        writer.Write($"WarmupSteps = {settings.WarmupSteps},");
        writer.Write($"NumEpochs = {Literals.Double(settings.NumEpochs)},");
        writer.Write($"MaxSteps = {Literals.IntOrNull(settings.MaxSteps)},");
        writer.Write($"MicroBatchSize = {settings.MicroBatchSize},");
        writer.Write($"GradientAccumulationSteps = {settings.GradientAccumulationSteps},");
        writer.Write($"WeightDecay = {Literals.Double(settings.WeightDecay)},");
        writer.Write($"MaxGradNorm = {Literals.Double(settings.MaxGradNorm)},");
        writer.Write($"Seed = {settings.Seed},");
    }

    private static string Dataset(DatasetModel dataset) =>
        $"new({Literals.String(dataset.Path)}, {Literals.Double(dataset.From)}, {Literals.Double(dataset.To)})";
}
