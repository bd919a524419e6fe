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

            public override string PruningHash => {{Literals.String(recipe.PruningHash)}};

            public override string ArchitectureHash => {{Literals.String(recipe.ArchitectureHash)}};

            public override ModelShape Dense => Shape.Dense;

            public override ModelShape? Pruned => {{(recipe.Pruned is not null ? "Shape.Pruned" : "null")}};

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
                writer.Write($"Calibration = new() {{ Dataset = {Literals.Dataset(calibration.Dataset)}, NumSamples = {calibration.NumSamples}, MaxSeqLength = {calibration.MaxSeqLength}, Seed = {calibration.Seed} }},");
            }

            List(writer, "Prune", recipe.Prune, cut => cut is DepthCutModel ? "DepthCut" : "WidthCut", EmitCut);
            if (recipe.Constraints is { } constraints)
            {
                using (writer.Open("Constraints = new()", "},"))
                {
                    EmitConstraints(writer, constraints);
                }
            }

            List(writer, "Recover", recipe.Recover, RecoverySettingsEmitter.TypeOf, RecoverySettingsEmitter.Emit);
            if (recipe.Exits is { } exits)
            {
                ExitSettingsEmitter.Emit(writer, exits);
            }

            EvaluationSettingsEmitter.Emit(writer, recipe);

            if (recipe.Train is { } train)
            {
                using (writer.Open("Train = new()", "},"))
                {
                    EmitOptimization(writer, train);
                }
            }

            if (recipe.Sweep is { } sweep)
            {
                EmitSweep(writer, sweep);
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

    private static void EmitSweep(CodeWriter writer, EquatableArray<SweepAxisModel> sweep)
    {
        writer.Write("Sweep =");
        using (writer.Indent("[", "],"))
        {
            foreach (var axis in sweep)
            {
                writer.Write($"new({Literals.String(axis.Key)}, [{string.Join(", ", axis.Values.Select(Literals.String))}]),");
            }
        }
    }

    private static void EmitCut(CodeWriter writer, CutModel cut)
    {
        if (cut is DepthCutModel depth)
        {
            EmitDepth(writer, depth);
        }
        else
        {
            EmitWidth(writer, (WidthCutModel)cut);
        }

        writer.Write($"Seed = {cut.Seed},");
    }

    private static void EmitWidth(CodeWriter writer, WidthCutModel cut)
    {
        writer.Write($"Targets = [{string.Join(", ", cut.Targets.Select(Literals.String))}],");
        writer.Write($"Score = WidthScore.{CSharpNames.Pascal(cut.Score)},");
        writer.Write($"Order = TaylorOrder.{CSharpNames.Pascal(cut.Order)},");
        writer.Write($"Reduce = GroupReduction.{CSharpNames.Pascal(cut.Reduce)},");
        writer.Write($"Sparsity = {Literals.DoubleOrNull(cut.Sparsity)},");
        if (cut.LayerSparsity is { } ofUnits)
        {
            using (writer.Open("LayerSparsity = new Dictionary<string, IReadOnlyList<double>>", "},"))
            {
                foreach (var unit in ofUnits)
                {
                    writer.Write($"[{Literals.String(unit.Unit)}] = [{string.Join(", ", unit.Values.Select(Literals.Double))}],");
                }
            }
        }

        writer.Write($"Scope = RankingScope.{CSharpNames.Pascal(cut.Scope)},");
        writer.Write($"Normalize = ScoreNormalization.{CSharpNames.Pascal(cut.Normalize)},");
        writer.Write($"Compensate = Compensation.{CSharpNames.Pascal(cut.Compensate)},");
        writer.Write($"Layers = {Layers(cut.Layers)},");
        writer.Write($"RoundTo = {cut.RoundTo},");
        writer.Write($"Steps = {cut.Steps},");
    }

    private static void EmitDepth(CodeWriter writer, DepthCutModel cut)
    {
        writer.Write($"Unit = {Literals.String(cut.Unit)},");
        writer.Write($"Score = {(cut.Score is { } score ? $"DepthScore.{CSharpNames.Pascal(score)}" : "null")},");
        writer.Write($"Keep = {cut.Keep},");
        writer.Write($"Kept = {(cut.Kept is { } kept ? Layers(kept) : "null")},");
        writer.Write($"Candidates = {Layers(cut.Candidates)},");
        writer.Write($"Search = DepthSearch.{CSharpNames.Pascal(cut.Search)},");
    }

    private static void EmitConstraints(CodeWriter writer, ConstraintsModel constraints)
    {
        writer.Write($"Params = {Literals.LongOrNull(constraints.Params)},");
        writer.Write($"Macs = {Literals.LongOrNull(constraints.Macs)},");
        writer.Write($"MemoryMb = {Literals.DoubleOrNull(constraints.MemoryMb)},");
        writer.Write($"KvCacheMb = {Literals.DoubleOrNull(constraints.KvCacheMb)},");
        writer.Write($"Dtype = {Literals.String(constraints.Dtype)},");
        writer.Write($"BatchSize = {constraints.BatchSize},");
        writer.Write($"SequenceLen = {constraints.SequenceLen},");
    }

    private static string Layers(EquatableArray<int> layers) => $"[{string.Join(", ", layers.Select(layer => layer.ToString(CultureInfo.InvariantCulture)))}]";

    /// <summary>What all trainings have in common.</summary>
    public static void EmitOptimization(CodeWriter writer, OptimizationModel settings)
    {
        writer.Write($"Dataset = {Literals.Dataset(settings.Dataset)},");
        writer.Write($"MaxSeqLength = {settings.MaxSeqLength},");
        writer.Write($"LearningRate = {Literals.Double(settings.LearningRate)},");
        writer.Write($"LrScheduler = LearningRateSchedule.{CSharpNames.Pascal(settings.LrScheduler)},");
        writer.Write($"WarmupSteps = {settings.WarmupSteps},");
        writer.Write($"WarmupRatio = {Literals.DoubleOrNull(settings.WarmupRatio)},");
        writer.Write($"NumEpochs = {Literals.Double(settings.NumEpochs)},");
        writer.Write($"MaxSteps = {Literals.IntOrNull(settings.MaxSteps)},");
        writer.Write($"MicroBatchSize = {settings.MicroBatchSize},");
        writer.Write($"GradientAccumulationSteps = {settings.GradientAccumulationSteps},");
        writer.Write($"WeightDecay = {Literals.Double(settings.WeightDecay)},");
        writer.Write($"MaxGradNorm = {Literals.Double(settings.MaxGradNorm)},");
        writer.Write($"Seed = {settings.Seed},");
    }
}
