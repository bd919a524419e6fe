using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks a recipe whole and makes its model.</summary>
internal sealed class RecipeChecker(ParsedFile file, IReadOnlyList<ParsedFile> tasks, Reporter report)
{
    /// <summary>The model, or null if anything is wrong, and all that is wrong.</summary>
    public static (RecipeModel? Recipe, EquatableArray<Problem> Problems) Check(
        ParsedFile file,
        IReadOnlyList<ParsedFile> architectures,
        IReadOnlyList<ParsedFile> configs,
        IReadOnlyList<KeyValuePair<string, string>> overrides,
        PlanLock? plan,
        ExitsLock? exits,
        IReadOnlyList<ParsedFile> tasks)
    {
        var report = new Reporter();
        report.AddAll(file.Problems);
        if (file.Root is not MappingNode root)
        {
            return (null, report.Sorted());
        }

        var changed = overrides.Aggregate(root, (tree, change) => Overrides.Apply(tree, change.Key, change.Value, report));
        var section = RecipeKeys.Definition.Read(changed, "", report);
        var recipe = new RecipeChecker(file, tasks, report).Check(section, architectures, configs);
        // With all of its keys set the recipe is one of the sweep's own, which are checked as they are.
        if (!report.HasErrors && section.Get(RecipeKeys.Sweep) is { IsWritten: true, Value: var sweep } && !sweep.All(axis => overrides.Any(change => change.Key == axis.Name)))
        {
            new SweepChecker(changed, tree => ProblemsOf(tree, file, architectures, configs, tasks), report).Check(sweep);
        }

        if (report.HasErrors)
        {
            return (null, report.Sorted());
        }

        recipe = recipe with { Hash = SpecHash.Of(recipe), PruningHash = SpecHash.OfPruning(recipe), ArchitectureHash = SpecHash.OfArchitecture(recipe) };
        recipe = plan is null ? recipe : recipe with { Pruned = new PlanLockChecker(plan, report).Check(recipe) ?? recipe.Pruned };
        if (section.Get(RecipeKeys.Export) is { IsWritten: true, Value: var targets } && !report.HasErrors)
        {
            new ExportChecker(report).CheckReach(recipe, targets);
        }

        recipe = exits is null ? recipe : recipe with { Fitted = new ExitsLockChecker(exits, report).Check(recipe) };
        if (recipe.Exits is not null && !report.HasErrors)
        {
            var average = recipe.Fitted is null ? null : exits!.AverageLayers;
            new ExitCostChecker(recipe, section.Get(RecipeKeys.Exits).Value, report).Check(average);
        }

        return (report.HasErrors ? null : recipe, report.Sorted());
    }

    private static IEnumerable<Problem> ProblemsOf(MappingNode tree, ParsedFile file, IReadOnlyList<ParsedFile> architectures, IReadOnlyList<ParsedFile> configs, IReadOnlyList<ParsedFile> tasks)
    {
        var report = new Reporter();
        _ = new RecipeChecker(file, tasks, report).Check(RecipeKeys.Definition.Read(tree, "", report), architectures, configs);
        return report.Sorted();
    }

    private RecipeModel Check(Section recipe, IReadOnlyList<ParsedFile> architectures, IReadOnlyList<ParsedFile> configs)
    {
        var model = recipe.Get(RecipeKeys.Model);
        var (architecture, sizes, constants) = model.IsWritten ? new ModelChecker(file, architectures, configs, report).Check(model.Value) : new(null, null, default);

        var dimensions = (architecture?.Dimensions ?? default).Where(_ => sizes is not null).Select(dimension => new DimensionValue(dimension.Name, sizes!.Dimensions[dimension.Name].Value)).ToList();
        var (calibration, constraints) = (recipe.Get(RecipeKeys.Calibration), recipe.Get(RecipeKeys.Constraints));
        var prune = new PruneChecker(architecture, sizes, constants, calibration.State != FieldState.Absent, report)
            .Check([.. (recipe.Get(RecipeKeys.Prune).Value ?? []).Select(cut => cut.Value)], constraints);
        var training = new TrainingChecker(sizes, report);
        var recovery = new RecoveryChecker(architecture, prune.Sizes, training, new TaskChecker(report).Check(recipe.Get(RecipeKeys.Tasks)), report);
        var (recover, exits, evaluate, train) = (recipe.Get(RecipeKeys.Recover), recipe.Get(RecipeKeys.Exits), recipe.Get(RecipeKeys.Evaluate), recipe.Get(RecipeKeys.Train));
        var measured = evaluate.IsWritten ? new EvaluationChecker(sizes, tasks, report).Check(evaluate.Value) : default;
        var checkpoint = model.IsWritten ? model.Value.Get(ModelKeys.Checkpoint) : default;
        return new(
            Name(recipe),
            file.Source.Path.Substring(file.Source.Path.LastIndexOfAny(['/', '\\']) + 1),
            "",
            prune.Architecture!,
            new(dimensions),
            constants,
            checkpoint.IsWritten ? checkpoint.Value : null,
            calibration.IsWritten ? training.Calibration(calibration.Value) : null,
            new(prune.Cuts),
            constraints.IsWritten ? Budget.Model(constraints.Value) : null,
            new((recover.Value ?? []).Select(step => recovery.Check(step.Value)).ToList()),
            measured.First,
            train.IsWritten ? training.Training(train.Value) : null)
        {
            Measurements = measured.Others,
            Pruned = prune.Cuts.Count > 0 ? prune.Sizes?.OfLayers() : null,
            Sweep = recipe.Get(RecipeKeys.Sweep) is { IsWritten: true, Value: var sweep } ? new(sweep.Select(axis => new SweepAxisModel(axis.Name, new(axis.Value.Select(value => value.Value.Text))))) : null,
            Export = new ExportChecker(report).Check(recipe.Get(RecipeKeys.Export)),
            Exits = exits.IsWritten ? new ExitsChecker(prune.Sizes, report).Check(exits.Value) : null,
        };
    }

    private string Name(Section recipe)
    {
        var written = recipe.Get(RecipeKeys.Name);
        if (written.State == FieldState.Bad)
        {
            return "";
        }

        var name = written.IsWritten ? written.Value : SpecNames.OfFile(file.Source.Path);
        if (SpecNames.WhyNotRecipe(name) is { } reason)
        {
            report.Add(Rules.BadName, written.Place, written.IsWritten
                ? $"the name {Words.Quote(name)} {reason}"
                : $"the file's name gives the class name {Words.Quote(name)}, which {reason}: write name: ...");
        }

        return name;
    }
}
