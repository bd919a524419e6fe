using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks the steps of <c>recover:</c>.</summary>
/// <param name="architecture">The architecture.</param>
/// <param name="sizes">The sizes after all cuts, or null where they cannot be told.</param>
/// <param name="training">Checks what all trainings have in common.</param>
/// <param name="tasks">The recipe's classifications by name.</param>
/// <param name="report">Where problems go.</param>
internal sealed class RecoveryChecker(ArchitectureModel? architecture, ModelSizes? sizes, TrainingChecker training, IReadOnlyDictionary<string, TaskModel> tasks, Reporter report)
{
    private const string Instruct = "instruct";

    private static readonly string[] Classifications = ["prompt_lm", "p_cls", "cls"];

    /// <summary>Checks a step.</summary>
    public RecoveryModel Check(Section step)
    {
        var objective = step.Get(RecoveryKeys.Objective);
        var task = objective.HasValue ? Task(step, objective.Value) : null;
        var dataset = task?.Train ?? Dataset(step, objective);
        return new(Method(step), objective.Value ?? "", training.Optimization(step, dataset), Data(step, objective))
        {
            Task = task,
            Lora = Lora(step),
            Partial = step.Definition == PartialKeys.Definition ? Partial(step) : null,
            Distillation = step.Definition == DistillKeys.Definition ? Distillation(step, objective) : null,
        };
    }

    private static string Method(Section step) => step.Get(RecoveryKeys.Method).Value ?? "";

    private static bool IsClassification(string objective) => Classifications.Contains(objective);

    /// <summary>The classification of the step, or null where it has none or it is not known.</summary>
    private TaskModel? Task(Section step, string objective)
    {
        var task = step.Get(RecoveryKeys.Task);
        if (!IsClassification(objective))
        {
            if (task.IsWritten)
            {
                report.Add(Rules.Objective, task.Place, $"'task' is for the objectives {Words.List(Classifications, "and")}, and objective {objective} learns no classification: write 'dataset'");
            }

            return null;
        }

        if (task.State == FieldState.Absent)
        {
            report.Add(Rules.MissingKey, step.Place, $"'{step.Path}' needs the key 'task' (which classification of 'tasks' it is) for objective {objective}");
        }
        else if (task.IsWritten && !tasks.ContainsKey(task.Value))
        {
            report.Add(Rules.UnknownTask, task.Place, tasks.Count == 0 ? $"the recipe has no tasks: describe {Words.Quote(task.Value)} under 'tasks'" : $"the recipe has no task {Words.Quote(task.Value)}{Words.Hint(task.Value, tasks.Keys)}");
        }

        return task.IsWritten && tasks.TryGetValue(task.Value, out var known) ? known : null;
    }

    /// <summary>The data of a step, which a classification brings itself.</summary>
    private DatasetModel Dataset(Section step, Field<string> objective)
    {
        var dataset = step.Get(RecoveryKeys.Dataset);
        if (!objective.HasValue || IsClassification(objective.Value))
        {
            return new("", 0, 1);
        }

        if (dataset.State == FieldState.Absent)
        {
            report.Add(Rules.MissingKey, step.Place, $"'{step.Path}' needs the key 'dataset' (what is trained on) for objective {objective.Value}{(objective.IsWritten ? "" : " (the default)")}");
        }

        return new DatasetChecker(report).Check(step, RecoveryKeys.Dataset, objective.Value == Instruct ? DataUse.Instructions : DataUse.Text);
    }

    private RecoveryDataModel Data(Section step, Field<string> objective)
    {
        var (held, evaluation, patience) = (step.Get(RecoveryKeys.ValSetSize), step.Get(RecoveryKeys.EvalSteps), step.Get(RecoveryKeys.EarlyStoppingPatience));
        if (objective.HasValue)
        {
            CheckKeys(step, objective.Value);
        }

        if (held.IsWritten && held.Value > 1 && held.Value != System.Math.Floor(held.Value))
        {
            report.Add(Rules.OutOfRange, held.Place, $"'{step.Path}.val_set_size' must be a share below 1 or a whole number of examples");
        }

        foreach (var (written, place, name) in new[] { (evaluation.IsWritten, evaluation.Place, "eval_steps"), (patience.IsWritten, patience.Place, "early_stopping_patience") })
        {
            if (written && held.HasValue && held.Value == 0)
            {
                report.Add(Rules.Conflict, place, $"'{name}' is for validation, and nothing is held out for it: write 'val_set_size' too");
            }
        }

        return new(
            step.Get(RecoveryKeys.TrainOnInputs).Value,
            step.Get(RecoveryKeys.SamplePacking).Value,
            step.Get(RecoveryKeys.GroupByLength).Value,
            held.Value,
            evaluation.IsWritten ? evaluation.Value : null,
            patience.IsWritten ? patience.Value : null,
            step.Get(RecoveryKeys.SaveSteps).Value);
    }

    /// <summary>Keys that an objective has no use for.</summary>
    private void CheckKeys(Section step, string objective)
    {
        var (inputs, packing, grouping) = (step.Get(RecoveryKeys.TrainOnInputs), step.Get(RecoveryKeys.SamplePacking), step.Get(RecoveryKeys.GroupByLength));
        if (IsClassification(objective))
        {
            foreach (var key in new Key[] { RecoveryKeys.Dataset, DataKeys.Split })
            {
                if (step.PlaceOf(key) is { } place)
                {
                    report.Add(Rules.Conflict, place, $"'{key.Name}' and objective {objective} do not go together: the step's task says what is trained on");
                }
            }
        }

        if (inputs.Value && objective != Instruct)
        {
            report.Add(Rules.Objective, inputs.Place, $"'train_on_inputs' is for objective instruct, and objective {objective} has no instructions");
        }

        if (packing.Value && objective != Instruct)
        {
            report.Add(Rules.Objective, packing.Place, $"'sample_packing' is for objective instruct, and {(objective == "lm" ? "plain text is packed anyway" : $"objective {objective} has one example a sequence")}");
        }

        if (grouping.Value && objective == "lm")
        {
            report.Add(Rules.Objective, grouping.Place, "'group_by_length' is for examples, and plain text is cut into sequences of one length");
        }
        else if (grouping.Value && packing.Value)
        {
            report.Add(Rules.Conflict, grouping.Place, "'group_by_length' and 'sample_packing' do not go together: packed sequences are of one length");
        }
    }

    private LoraModel? Lora(Section step)
    {
        if (step.Definition == LoraKeys.Definition)
        {
            var adapters = new AdapterChecker(architecture, sizes, LoraKeys.R.Name, report);
            return adapters.Check(step.Get(LoraKeys.R), step.Get(LoraKeys.Alpha), step.Get(LoraKeys.Dropout), step.Get(LoraKeys.TargetModules));
        }

        return step.Definition == DistillKeys.Definition && step.Get(DistillKeys.Lora) is { IsWritten: true, Value: var lora }
            ? new AdapterChecker(architecture, sizes, "lora.r", report).Check(lora.Get(AdapterKeys.R), lora.Get(AdapterKeys.Alpha), lora.Get(AdapterKeys.Dropout), lora.Get(AdapterKeys.TargetModules))
            : null;
    }

    private PartialModel Partial(Section step)
    {
        var (layers, last) = (step.Get(PartialKeys.Layers), step.Get(PartialKeys.LastLayers));
        var (norms, head) = (step.Get(PartialKeys.Norms), step.Get(PartialKeys.Head));
        if (layers.State == FieldState.Absent && last is { HasValue: true, Value: 0 } && norms is { HasValue: true, Value: false } && head is { HasValue: true, Value: false })
        {
            report.Add(Rules.TrainsNothing, head.Place, $"'{step.Path}' trains nothing: neither layers nor norms nor the head");
        }

        if (sizes is not null && last.HasValue && last.Value > sizes.LayerCount)
        {
            report.Add(Rules.LayerRange, last.Place, $"'last_layers' {last.Value} are more than the {sizes.LayerCount} that {sizes.DepthCut ?? "the model"} {(sizes.DepthCut is null ? "has" : "leaves")}");
        }

        var numbers = layers.IsWritten && sizes is not null ? new LayerChooser(sizes, report).Numbers(layers.Value).Layers : [];
        return new(new(numbers), last.Value, norms.Value, head.Value);
    }

    private DistillationModel Distillation(Section step, Field<string> objective)
    {
        var teacher = step.Get(DistillKeys.Teacher);
        if (objective.Value is "p_cls" or "cls" && teacher.State == FieldState.Absent)
        {
            report.Add(Rules.MissingKey, step.Place, $"'{step.Path}' needs the key 'teacher' for objective {objective.Value}: the model the recipe starts from has no classifier");
        }

        return new(teacher.IsWritten ? teacher.Value : null, step.Get(DistillKeys.TeacherMemory).Value ?? "", step.Get(DistillKeys.KdTemperature).Value, step.Get(DistillKeys.KdAlpha).Value);
    }
}
